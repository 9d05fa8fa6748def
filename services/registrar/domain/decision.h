// A decision that was taken about a device at the door, a refusal that onboarding reported, and what a device said of
// itself: the records by which a refusal is explained.
//
// A device that keeps knocking is counted on the record that is there already, instead of growing the log: the same
// answer for the same reason within kRepeatWindow. Devices whose identity is not proven could take any name for each
// knock; beyond kMaxUnprovenSubjects in the window they share one record.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "services/registrar/domain/admission.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

inline constexpr std::chrono::minutes kRepeatWindow{60};
inline constexpr std::int64_t kMaxUnprovenSubjects = 500;
inline constexpr std::size_t kMaxFindings = 32;         // of one record
inline constexpr std::size_t kMaxFindingEvidence = 32;  // pairs of one finding
inline constexpr std::size_t kMaxFindingText = 1024;
inline constexpr std::size_t kMaxRemoteAddress = 128;
inline constexpr std::size_t kMaxTelemetryText = 1024;

/// Findings as they may be stored: few, short, displayable. Peers choose some of these texts.
std::vector<Finding> storable(std::vector<Finding> findings);

struct Decision {
  DecisionId id = {};
  std::string subject_key = {};  // whom a repetition is known by: a device, else a serial number, else a certificate
  DeviceId device = {};
  ManufacturerId manufacturer = {};
  std::string serial_number = {};
  std::string protocol = {};
  SessionId session = {};  // that asked last
  Outcome outcome = Outcome::deny;
  std::vector<Finding> findings = {};
  std::string decided_by = {};
  std::string rule = {};
  ApprovalId approval = {};  // the question that it waits for, or that people answered
  std::string segment = {};
  std::string credential_profile = {};
  std::string location = {};
  std::string remote_address = {};
  std::int64_t audit_sequence = 0;
  std::int64_t count = 1;  // times it was given
  Timestamp create_time = {};
  Timestamp last_time = {};

  /// The main reason; "" for allow.
  std::string code() const { return findings.empty() ? std::string() : findings.front().code; }
};

struct Refusal {
  std::string id = {};  // UUID
  std::string subject_key = {};
  DeviceId device = {};
  SessionId session = {};
  std::string protocol = {};
  std::string serial_number = {};
  std::vector<Finding> findings = {};
  std::string remote_address = {};
  std::int64_t audit_sequence = 0;
  std::int64_t count = 1;
  Timestamp create_time = {};
  Timestamp last_time = {};

  std::string code() const { return findings.empty() ? std::string() : findings.front().code; }
};

enum class TelemetryKind { voucher, enrolment };
std::string_view to_string(TelemetryKind kind);

/// RFC 8995 sections 5.7 and 5.9.4. The last word of a session counts.
struct Telemetry {
  DeviceId device = {};
  SessionId session = {};
  TelemetryKind kind = TelemetryKind::voucher;
  bool success = false;
  std::string reason = {};
  std::string reason_context = {};
  bool certificate_matched = false;
  Timestamp time = {};
};

}  // namespace pratique::registrar
