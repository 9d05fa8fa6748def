// One onboarding of one device: what must outlive a request, so that any replica can serve the next one.
#pragma once

#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "services/onboarding/domain/ids.h"
#include "services/onboarding/domain/session_state.h"

namespace pratique::onboarding {

/// How long a session may wait. RFC 8995 section 5.6: a pledge goes on for up to four days.
inline constexpr std::chrono::hours kWaitForPeople{96};
inline constexpr std::chrono::hours kWaitForDevice{24};

struct Session {
  SessionId id = {};
  std::string protocol = {};      // "brski"
  SessionState state = SessionState::authorizing;
  Bytes request_digest = {};      // SHA-256 of the voucher request: the same bytes are the same session
  Bytes idevid_key = {};          // SHA-256 of the IDevID's SPKI
  std::string device = {};        // "devices/<uuid>"; empty while the manufacturer is unknown
  std::string serial_number = {};
  std::string nonce = {};         // as the device wrote it; may be empty
  std::string masa_url = {};
  std::string remote_address = {};
  bool audit_checked = false;     // the MASA's audit log spoke for us
  Bytes credential_digest = {};   // SHA-256 of the certificate that was issued; empty before
  int poll_count = 0;
  std::vector<Finding> findings = {};
  Timestamp created_at = {};
  Timestamp updated_at = {};
};

}  // namespace pratique::onboarding
