#include "services/network/make_adapter.h"

#include "services/network/adapters/hostapd/hostapd_adapter.h"
#include "services/network/adapters/hostapd/with_authenticator.h"
#include "services/network/adapters/ovs/ovs_adapter.h"
#include "services/network/adapters/ovs/settings.h"
#include "services/network/adapters/radius/radius_adapter.h"
#include "services/network/adapters/radius/settings.h"

namespace pratique::network {
namespace {

Result<std::unique_ptr<SwitchAdapter>> make_ovs(const SwitchRecord& record) {
  TRY(auto config, parse_ovs_settings(record.on_switch.settings));
  TRY(std::unique_ptr<SwitchAdapter> ports, OvsAdapter::make(std::move(config)));
  if (record.authenticators.empty()) return ports;
  HostapdConfig authenticators;
  for (const auto& [port, address] : record.authenticators) authenticators.ports.push_back({port, address});
  TRY(auto stations, make_hostapd_adapter(std::move(authenticators)));
  return with_authenticator(std::move(ports), std::move(stations));
}

Result<std::unique_ptr<SwitchAdapter>> make_radius(const SwitchRecord& record, const SwitchSecrets& secrets,
                                                   const std::shared_ptr<Exchanges>& exchanges) {
  const auto& one = record.on_switch;
  TRY(const auto settings, parse_radius_settings(one.settings));
  if (record.secret.sealed.empty())
    return failed_precondition("SWITCH_SECRET_MISSING", "the switch has no RADIUS secret").with("switch", one.name);
  TRY(auto opened, secrets.open(one.id, record.secret));
  TRY(auto secret, radius::SharedSecret::make(std::move(opened)));
  return make_radius_adapter(
      radius_switch(settings, one.nas_address.value_or(IpAddress()), one.nas_identifier, std::move(secret)), exchanges);
}

}  // namespace

Result<void> check_settings(SwitchKind kind, std::string_view settings) {
  switch (kind) {
    case SwitchKind::ovs: TRY_VOID(parse_ovs_settings(settings)); break;
    case SwitchKind::radius: TRY_VOID(parse_radius_settings(settings)); break;
  }
  return {};
}

Result<std::unique_ptr<SwitchAdapter>> make_adapter(const SwitchRecord& record, const SwitchSecrets& secrets,
                                                    const std::shared_ptr<Exchanges>& exchanges) {
  return record.on_switch.kind == SwitchKind::ovs ? make_ovs(record) : make_radius(record, secrets, exchanges);
}

}  // namespace pratique::network
