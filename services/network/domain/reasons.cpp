#include "services/network/domain/reasons.h"

#include <algorithm>
#include <array>

namespace pratique::network {

std::span<const Reason> reasons() {
  static constexpr std::array kAll = {
      kCertificateUnknown, kCertificateEnded, kDeviceExcluded,       kSegmentMissing, kSwitchUnknown,
      kSegmentTaken,       kStationElsewhere, kCertificateElsewhere, kLinkDown,       kLoggedOff,
      kAuthenticatorLost,  kSilent,           kEndedByOperator,      kReplaced,       kSwitchUnreachable,
      kSwitchSecretMissing, kSwitchRefused,   kSwitchDisobeyed,      kSwitchChangedByHand, kCapabilityMissing};
  return kAll;
}

const Reason* find_reason(std::string_view code) {
  const auto all = reasons();
  const auto found = std::ranges::find(all, code, &Reason::code);
  return found != all.end() ? &*found : nullptr;
}

}  // namespace pratique::network
