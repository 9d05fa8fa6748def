// Which session of which NAS a Disconnect- or CoA-Request is about (RFC 5176 section 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/mac_address.h"
#include "libs/base/result.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// A device's address as this NAS writes it; RFC 3580 section 3.21 says 00-D0-E5-F2-00-02, and some compare as text.
struct CallingStation {
  MacAddress mac;
  MacForm form = MacForm::dash;
  LetterCase letters = LetterCase::upper;
};

/// All that is set has to fit the session (a NAS answers 403 where it is not the NAS named, 503 where no session fits).
struct SessionIdentification {
  // The NAS. May be left empty; where set, it must be what the NAS calls itself.
  std::string nas_identifier = {};
  std::optional<IpAddress> nas_address = {};  // NAS-IP-Address or NAS-IPv6-Address
  // The session: at least one of these. A port alone stands for whoever is on it.
  std::string acct_session_id = {};
  std::string acct_multi_session_id = {};
  std::optional<CallingStation> calling_station = {};
  std::string user_name = {};
  std::string nas_port_id = {};
  std::optional<std::uint32_t> nas_port = {};
};

/// INVALID_ARGUMENT RADIUS_SESSION_UNIDENTIFIED where nothing says which session, for a NAS might then end all;
/// RADIUS_ATTRIBUTE_INVALID names what cannot be sent.
Result<std::vector<Attribute>> session_attributes(const SessionIdentification& session);

}  // namespace pratique::radius
