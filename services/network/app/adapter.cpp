#include "services/network/app/adapter.h"

#include "services/network/domain/reasons.h"

namespace pratique::network {

Error capability_missing(Capability capability) {
  return failed_precondition(kCapabilityMissing.code, kCapabilityMissing.meaning)
      .with("capability", to_string(capability));
}

Result<std::vector<LiveStation>> SwitchAdapter::stations(Deadline) {
  return capability_missing(Capability::watch_stations);
}

}  // namespace pratique::network
