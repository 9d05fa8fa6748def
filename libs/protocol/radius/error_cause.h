// Error-Cause (RFC 5176 section 3.5): why a NAS did not do what it was asked, or did with a remark.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// Any other value can stand in a packet, too. 2xx belong in an ACK, 4xx (our request is wrong) and 5xx (the NAS
/// cannot) in a NAK.
enum class ErrorCause : std::uint32_t {
  residual_session_context_removed = 201,
  invalid_eap_packet = 202,
  unsupported_attribute = 401,
  missing_attribute = 402,
  nas_identification_mismatch = 403,
  invalid_request = 404,
  unsupported_service = 405,
  unsupported_extension = 406,
  invalid_attribute_value = 407,
  administratively_prohibited = 501,
  request_not_routable = 502,
  session_context_not_found = 503,
  session_context_not_removable = 504,
  other_proxy_processing_error = 505,
  resources_unavailable = 506,
  request_initiated = 507,
  multiple_session_selection_unsupported = 508,
};

/// The RFC's words, "Session Context Not Found"; "Error-Cause 599" for one without a name here.
std::string to_string(ErrorCause cause);
/// A constant for findings and metrics: "RADIUS_SESSION_CONTEXT_NOT_FOUND"; "RADIUS_ERROR_CAUSE_UNKNOWN".
std::string_view reason_of(ErrorCause cause);
/// What a technician should look at, lower case.
std::string_view remedy_of(ErrorCause cause);

/// The errors of find_integer().
Result<std::optional<ErrorCause>> find_error_cause(const Packet& packet);

}  // namespace pratique::radius
