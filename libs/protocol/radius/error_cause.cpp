#include "libs/protocol/radius/error_cause.h"

#include <algorithm>

#include "libs/protocol/radius/values.h"

namespace pratique::radius {
namespace {

struct Row {
  ErrorCause cause;
  std::string_view name, reason, remedy;
};

constexpr Row kCauses[] = {
    {ErrorCause::residual_session_context_removed, "Residual Session Context Removed",
     "RADIUS_RESIDUAL_SESSION_CONTEXT_REMOVED", "none needed: the session had ended, its remains are gone"},
    {ErrorCause::invalid_eap_packet, "Invalid EAP Packet (Ignored)", "RADIUS_INVALID_EAP_PACKET",
     "none needed: the NAS ignored it"},
    {ErrorCause::unsupported_attribute, "Unsupported Attribute", "RADIUS_UNSUPPORTED_ATTRIBUTE",
     "the NAS cannot make this change in a running session; disconnect instead"},
    {ErrorCause::missing_attribute, "Missing Attribute", "RADIUS_MISSING_ATTRIBUTE",
     "configure what this NAS needs to know a session by"},
    {ErrorCause::nas_identification_mismatch, "NAS Identification Mismatch", "RADIUS_NAS_IDENTIFICATION_MISMATCH",
     "compare the configured NAS-Identifier or address with what the NAS calls itself"},
    {ErrorCause::invalid_request, "Invalid Request", "RADIUS_INVALID_REQUEST",
     "look at the NAS's own log for what it did not like"},
    {ErrorCause::unsupported_service, "Unsupported Service", "RADIUS_UNSUPPORTED_SERVICE",
     "the NAS does not know this Service-Type; do not ask it for Authorize Only"},
    {ErrorCause::unsupported_extension, "Unsupported Extension", "RADIUS_UNSUPPORTED_EXTENSION",
     "switch dynamic authorization on in the NAS, or do without"},
    {ErrorCause::invalid_attribute_value, "Invalid Attribute Value", "RADIUS_INVALID_ATTRIBUTE_VALUE",
     "check that the NAS knows the VLAN or filter"},
    {ErrorCause::administratively_prohibited, "Administratively Prohibited", "RADIUS_ADMINISTRATIVELY_PROHIBITED",
     "allow dynamic authorization from this address in the NAS"},
    {ErrorCause::request_not_routable, "Request Not Routable (Proxy)", "RADIUS_REQUEST_NOT_ROUTABLE",
     "check the proxy between, or send to the NAS itself"},
    {ErrorCause::session_context_not_found, "Session Context Not Found", "RADIUS_SESSION_CONTEXT_NOT_FOUND",
     "the session has ended already, or the NAS knows it by other attributes"},
    {ErrorCause::session_context_not_removable, "Session Context Not Removable", "RADIUS_SESSION_CONTEXT_NOT_REMOVABLE",
     "the NAS does not let go of it; close the port by other means"},
    {ErrorCause::other_proxy_processing_error, "Other Proxy Processing Error", "RADIUS_OTHER_PROXY_PROCESSING_ERROR",
     "check the proxy between, or send to the NAS itself"},
    {ErrorCause::resources_unavailable, "Resources Unavailable", "RADIUS_RESOURCES_UNAVAILABLE",
     "ask again later; look at the NAS's load"},
    {ErrorCause::request_initiated, "Request Initiated", "RADIUS_REQUEST_INITIATED",
     "none needed: the NAS now asks the RADIUS server"},
    {ErrorCause::multiple_session_selection_unsupported, "Multiple Session Selection Unsupported",
     "RADIUS_MULTIPLE_SESSION_SELECTION_UNSUPPORTED", "name one session, by its Acct-Session-Id"},
};

const Row* find_row(ErrorCause cause) {
  const auto* at = std::ranges::find(kCauses, cause, &Row::cause);
  return at == std::end(kCauses) ? nullptr : at;
}

}  // namespace

std::string to_string(ErrorCause cause) {
  if (const auto* row = find_row(cause)) return std::string(row->name);
  return "Error-Cause " + std::to_string(static_cast<std::uint32_t>(cause));
}

std::string_view reason_of(ErrorCause cause) {
  const auto* row = find_row(cause);
  return row != nullptr ? row->reason : "RADIUS_ERROR_CAUSE_UNKNOWN";
}

std::string_view remedy_of(ErrorCause cause) {
  const auto* row = find_row(cause);
  return row != nullptr ? row->remedy : "look the number up in the NAS's manual";
}

Result<std::optional<ErrorCause>> find_error_cause(const Packet& packet) {
  TRY(const auto number, find_integer(packet, AttributeType::error_cause));
  if (!number) return std::optional<ErrorCause>();
  return std::optional(ErrorCause{*number});
}

}  // namespace pratique::radius
