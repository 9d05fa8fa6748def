// Packet codes (RFC 2865 section 4, RFC 2866 section 4, RFC 5176 section 2.3).
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/bytes.h"

namespace pratique::radius {

/// Any other value can stand in a packet, too.
enum class Code : std::uint8_t {
  access_request = 1,
  access_accept = 2,
  access_reject = 3,
  accounting_request = 4,
  accounting_response = 5,
  access_challenge = 11,
  disconnect_request = 40,
  disconnect_ack = 41,
  disconnect_nak = 42,
  coa_request = 43,
  coa_ack = 44,
  coa_nak = 45,
};

using pratique::to_string;  // of bytes; else hidden by the next line
/// "Disconnect-Request"; "Code-99" for one without a name here.
std::string to_string(Code code);

/// A request of a NAS or a client that signs itself: Accounting-, Disconnect- and CoA-Request.
bool is_signed_request(Code code);
/// True if `answer` may answer `request`.
bool answers(Code answer, Code request);

}  // namespace pratique::radius
