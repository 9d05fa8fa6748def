// An approval: a device that policy will not decide about waits here for people.
//
// Granted once enough different operators said yes; one no decides. A question that nobody answered in time has
// expired, and the device's next knock asks anew. A yes serves one onboarding: admission, reset and retirement close
// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/registrar/domain/ids.h"
#include "services/registrar/domain/policy.h"

namespace pratique::registrar {

inline constexpr std::chrono::hours kApprovalLifetime{7 * 24};  // of a question
inline constexpr std::chrono::hours kGrantLifetime{30 * 24};    // of a yes that the device does not use

enum class ApprovalState { pending, granted, denied, expired };
std::string_view to_string(ApprovalState state);
std::optional<ApprovalState> parse_approval_state(std::string_view text);

struct Vote {
  std::string voter = {};  // "operator/<name>"
  bool approved = false;
  std::string reason = {};
  Timestamp time = {};
};

struct Approval {
  ApprovalId id = {};
  ApprovalState state = ApprovalState::pending;
  DeviceId device = {};
  std::string serial_number = {};
  ManufacturerId manufacturer = {};
  std::string model = {};
  PolicyId policy = {};  // the rule that asked
  std::string rule = {};  // its label then
  std::string segment = {};
  std::string credential_profile = {};
  std::int32_t approvals_required = 1;
  std::vector<Vote> votes = {};
  Timestamp create_time = {};
  Timestamp expire_time = {};
  std::optional<Timestamp> decide_time = {};
  bool closed = false;  // its onboarding is over
};

/// The state as it stands at `now`: a question may have expired since it was written.
ApprovalState state_at(const Approval& approval, Timestamp now);

/// Adds a vote and decides where it does. FAILED_PRECONDITION APPROVAL_DECIDED names the state, ALREADY_EXISTS
/// APPROVAL_VOTED if this voter said yes before (saying no afterwards is legal while the question is open).
Result<void> add_vote(Approval& approval, Vote vote);

/// Does this approval stand for what the rule asks now? A yes to another rule, segment or profile, or by fewer people,
/// does not. A no stands whatever the rule.
bool answers(const Approval& approval, const Policy& rule, Timestamp now);

}  // namespace pratique::registrar
