#include "services/network/adapters/radius/switch.h"

#include "services/network/domain/field_check.h"

namespace pratique::network {

Result<void> check_radius_switch(const RadiusSwitch& one) {
  if (one.nas.port == 0) return field_invalid("nas.port", "must not be 0");
  const auto& naming = one.naming;
  if (!naming.accounting_id && !naming.calling_station && !naming.user_name && !naming.port)
    return field_invalid("naming", "must name sessions by something");
  switch (one.change_by) {
    case ChangeBy::vlan:
    case ChangeBy::disconnect: break;
    case ChangeBy::filter_id:
      if (one.filters.empty()) return field_invalid("filters", "must not be empty where segments are filters");
      for (const auto& [vlan, filter] : one.filters) {
        if (vlan < kMinVlan || vlan > kMaxVlan) return field_invalid("filters", "must be of VLANs from 1 to 4094");
        if (filter.empty() || filter.size() > radius::kMaxAttributeValue)
          return field_invalid("filters", "must have names of 1 to 253 bytes").with("vlan", std::to_string(vlan));
      }
      break;
    case ChangeBy::reauthenticate:
      if (one.reauthenticate.empty())
        return field_invalid("reauthenticate", "must hold the attributes by which this switch is asked to");
      break;
  }
  return {};
}

}  // namespace pratique::network
