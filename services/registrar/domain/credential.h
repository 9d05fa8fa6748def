// A credential: the certificate (LDevID) that a device was given, and whether it still counts.
//
// A device has at most one `active` credential and one `successor`. A renewal makes a successor; both admit, until the
// successor is first used: then it is active and its predecessor superseded. So a device that lost our answer, or lost
// power before it stored its new certificate, still has one that works.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

/// As stored. `expired` is not: see state_at().
enum class CredentialState { active, successor, superseded, revoked, expired };

enum class CredentialEvent {
  used,      // the device showed it
  replaced,  // its successor was used, or the device onboarded anew
  revoked,   // an operator's word, or the device's reset or retirement
};

std::string_view to_string(CredentialState state);
std::optional<CredentialState> parse_credential_state(std::string_view text);
std::string_view to_string(CredentialEvent event);

/// The one table of legal changes. FAILED_PRECONDITION CREDENTIAL_STATE_CONFLICT names event and state.
Result<CredentialState> next_state(CredentialState state, CredentialEvent event);

struct Credential {
  CredentialId id;
  DeviceId device;
  CredentialState state = CredentialState::active;
  std::string profile;
  std::string certificate_serial;  // lower-case hex
  std::string subject;             // RFC 4514
  Timestamp not_before = {};
  Timestamp not_after = {};
  Timestamp issue_time = {};
  std::optional<Timestamp> end_time = {};  // when it was superseded or revoked
  std::string end_reason;
  std::string key_fingerprint;  // SHA-256 of the SPKI, lower-case hex
  Bytes certificate;            // DER
};

/// The stored state, or `expired` for one that would still count but for its end of validity.
CredentialState state_at(const Credential& credential, Timestamp now);
/// Does it admit its device?
bool counts_at(const Credential& credential, Timestamp now);

}  // namespace pratique::registrar
