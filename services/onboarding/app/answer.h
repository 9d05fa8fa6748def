// What a use case answers a device, apart from HTTP: the fronts turn it into their wire.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/verdict.h"
#include "libs/protocol/voucher/reasons.h"
#include "services/onboarding/app/admission.h"

namespace pratique::onboarding {

/// Exactly one of the three.
struct Answer {
  enum class Kind { granted, wait, refused };
  Kind kind = Kind::refused;
  /// granted: what is sent; may be empty.
  Bytes body;
  /// wait: come again after this.
  std::chrono::seconds retry_after{0};
  /// refused: why, the most telling first; `safe_message` is all that the device is told.
  std::vector<Refusal> refusals;

  static Answer grant(Bytes body = {}) { return {Kind::granted, std::move(body), {}, {}}; }
  static Answer wait_for(std::chrono::seconds time, std::vector<Refusal> why = {}) {
    return {Kind::wait, {}, time, std::move(why)};
  }
  static Answer refuse(std::vector<Refusal> why) { return {Kind::refused, {}, {}, std::move(why)}; }
};

/// A refusal for a reason of the protocol rooms.
inline Refusal refusal(const voucher::Reason& reason, Evidence evidence = {}) {
  return {{std::string(reason.code), std::string(reason.meaning), std::move(evidence)}, {}};
}
/// Findings of our own protocol rooms, with no text for the device yet: the front gives the room's short form.
inline std::vector<Refusal> as_refusals(const std::vector<Finding>& findings) {
  std::vector<Refusal> out;
  for (const auto& finding : findings) out.push_back({finding, {}});
  return out;
}
inline std::vector<Finding> as_findings(const std::vector<Refusal>& refusals) {
  std::vector<Finding> out;
  for (const auto& refusal : refusals) out.push_back(refusal.finding);
  return out;
}

}  // namespace pratique::onboarding
