// The judgement on a device that stands at the door: may it join, must it wait, or not?
//
//   const auto judged = judge_admission(facts);                       // who it is, what it did here, what policy says
//   if (judged.outcome == Outcome::wait) judged = settle(judged, approval of the device, now);   // what people say
//
// Order: genuine? → its standing here (retired, quarantined, revoked, another key than before) → announced by serial
// number → policy → people. Pure: nothing is read or written.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/verdict.h"
#include "services/registrar/domain/approval.h"
#include "services/registrar/domain/device.h"
#include "services/registrar/domain/genuineness.h"
#include "services/registrar/domain/policy.h"

namespace pratique::registrar {

inline constexpr std::chrono::seconds kWaitRetry{30};    // a device that waits for people comes again after this
inline constexpr std::chrono::seconds kDenyRetry{600};   // a hint for one that was refused

enum class Outcome { allow, deny, wait };
std::string_view to_string(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view text);

struct AdmissionFacts {
  const Idevid& idevid;
  const Genuineness& genuineness;
  /// As the registry has it; none where it was never seen. The living one, else the one that was retired last.
  const std::optional<Device>& device;
  std::span<const Policy> rules;
  std::string protocol = {};
  std::string location = {};
  Timestamp now = {};
};

struct Admission {
  Outcome outcome = Outcome::deny;
  std::vector<Finding> findings = {};  // why denied or waiting; empty for allow
  std::string decided_by = {};  // "devices/<uuid>" (by serial number), "policies/<uuid>"; empty: neither was asked
  std::string rule = {};               // label for humans
  std::optional<Policy> asks;     // wait: the rule that asks
  std::string segment = {};
  std::string credential_profile = {};
};

/// What speaks against a device that is known here, whatever policy says: DEVICE_RETIRED, DEVICE_QUARANTINED,
/// DEVICE_REVOKED; and DEVICE_KEY_CHANGED where it shows another key than before.
Verdict judge_standing(const Device& device, const Idevid* idevid = nullptr);

/// Codes besides those of Genuineness and judge_standing: POLICY_DENIED, POLICY_NONE_MATCHED, APPROVAL_REQUIRED.
Admission judge_admission(const AdmissionFacts& facts);

/// Resolves a wait by the device's open approval, if there is one: granted allows, denied denies (APPROVAL_DENIED),
/// anything else goes on waiting.
Admission settle(Admission waiting, const std::optional<Approval>& approval, Timestamp now);

}  // namespace pratique::registrar
