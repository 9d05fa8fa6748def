// The answering side: judge an Accounting-, Disconnect- or CoA-Request (RFC 2866 section 4.1, RFC 5176 section 2.3) and
// answer it. A request that is refused here is not answered at all.
//
//   TRY(const auto request, parse_packet(datagram));
//   const auto verdict = judge_request(request, secret, RequestRules::accounting(), now);
//   if (verdict.accepted()) TRY(const auto reply, answer_request(request, Code::accounting_response, {}, secret));
//
// Requests are repeated when an answer is lost; recognising them is the caller's: by source, identifier and
// authenticator (RFC 5080 section 2.2.2), or by what they say.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/shared_secret.h"

namespace pratique::radius {

struct RequestRules {
  std::vector<Code> expected;
  bool message_authenticator_required;
  bool event_timestamp_required;
  /// How far Event-Timestamp may be from our clock, either way; none: it is not looked at.
  std::optional<std::chrono::seconds> event_timestamp_window;

  /// A NAS sends records late when the server was away, and few sign them beyond the Request Authenticator.
  static RequestRules accounting();
  /// Both required, 300 s (RFC 5176 section 6.3).
  static RequestRules dynamic_authorization();
};

/// Codes: RADIUS_REQUEST_UNEXPECTED, RADIUS_REQUEST_AUTHENTICATOR_WRONG, RADIUS_MESSAGE_AUTHENTICATOR_WRONG and
/// _MISSING, RADIUS_EVENT_TIMESTAMP_STALE, _MISSING and _UNREADABLE.
Verdict judge_request(const Packet& request, const SharedSecret& secret, const RequestRules& rules, Timestamp now);

/// The datagram: Message-Authenticator first, `attributes`, then the request's Proxy-States in their order; signed.
/// INVALID_ARGUMENT RADIUS_ANSWER_CODE_MISMATCH where `code` does not answer such a request; the errors of
/// encode_packet().
Result<Bytes> answer_request(const Packet& request, Code code, std::vector<Attribute> attributes,
                             const SharedSecret& secret, bool with_message_authenticator = true);

}  // namespace pratique::radius
