// A device as the registry knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/registrar/domain/audit_entry.h"
#include "services/registrar/domain/device_state.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

struct Device {
  DeviceId id = {};
  ManufacturerId manufacturer = {};
  std::string serial_number = {};  // X.520 serialNumber of its IDevID; unique among a manufacturer's devices that live
  std::string model = {};
  DeviceState state = DeviceState::expected;
  /// May onboard by its serial number alone: an operator announced it, reset it, or released it.
  bool authorized = false;
  /// A credential of its was revoked: it may not onboard until it is reset.
  bool credential_revoked = false;

  // What operators change.
  std::string display_name = {};
  std::string location = {};
  std::string segment = {};             // empty: as policy decides
  std::string credential_profile = {};  // empty: as policy decides
  Labels labels = {};

  // What the decision that let it in said: in force where the two above are empty.
  std::string granted_segment = {};
  std::string granted_profile = {};

  // What was learnt.
  std::string idevid_fingerprint = {};  // SHA-256 of the SPKI, lower-case hex; empty until seen
  std::string mud_url = {};
  DecisionId decision = {};      // that let it in
  CredentialId credential = {};  // in force
  std::int32_t onboarding_count = 0;
  std::optional<Timestamp> last_seen_time = {};
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 1;  // grows with every change but last_seen_time; makes the etag
};

/// Where it is to live: the operator's word before the decision's. "" while neither said anything.
inline const std::string& effective_segment(const Device& d) {
  return d.segment.empty() ? d.granted_segment : d.segment;
}
/// The profile of its credential, likewise.
inline const std::string& effective_profile(const Device& d) {
  return d.credential_profile.empty() ? d.granted_profile : d.credential_profile;
}

/// What every event "device.*" tells: manufacturer, serial_number, model, state, segment, credential_profile, location,
/// idevid_fingerprint, mud_url, credential; empty ones are left out.
Facts device_facts(const Device& device);

/// The serial number, model and what operators may change. FIELD_INVALID names the field ("device.labels[site]").
Result<void> check_device(const Device& device);

}  // namespace pratique::registrar
