// What the registrar allows a device, as this service keeps it from the registrar's events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

/// Of a device at the registrar, as far as it matters at a port.
enum class Standing {
  admitted,
  quarantined,  // may be on the network, in the quarantine segment alone
  excluded,     // expected, pending, onboarding, retired or revoked: not through a port
};
std::string_view to_string(Standing standing);
/// The registrar's word for a device's state; a word that is not known here excludes.
Standing standing_of(std::string_view registrar_state);

struct Grant {
  DeviceId device = {};
  Standing standing = Standing::excluded;
  std::string segment = {};        // by name; empty: none was given
  std::string serial_number = {};  // of the device, for operators
  Timestamp decided_at = {};       // of the registrar's event: from here the time to "applied" counts
  std::int64_t cursor = 0;         // of that event; a grant never goes back to an older one
};

/// A certificate that opens ports. RADIUS servers know it by serial number and the issuer's key.
struct Credential {
  std::string serial = {};            // lower-case hex, without leading zero octets
  std::string authority_key_id = {};  // lower-case hex
  DeviceId device = {};
  bool live = false;                  // active, or a successor that was not used yet
  std::string reason = {};            // why it is not live, in the registrar's words
  Timestamp not_after = {};
};

}  // namespace pratique::network
