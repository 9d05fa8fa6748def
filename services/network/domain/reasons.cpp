#include "services/network/domain/reasons.h"

#include <array>

namespace pratique::network {

std::span<const Reason> reasons() {
  static constexpr std::array kAll = {
      kCertificateUnknown, kCertificateEnded,  kDeviceExcluded,    kSegmentMissing,      kSwitchUnknown,
      kSegmentTaken,       kStationElsewhere,  kCertificateElsewhere, kLinkDown,         kLoggedOff,
      kAuthenticatorLost,  kSilent,            kReplaced,          kSwitchUnreachable,   kSwitchRefused,
      kSwitchDisobeyed,    kSwitchChangedByHand, kCapabilityMissing};
  return kAll;
}

}  // namespace pratique::network
