// What we ask of a NAS in a running session (RFC 5176): end it, change it, or authenticate it anew.
//
//   TRY(const auto request, disconnect({.nas_identifier = "sw1", .calling_station = CallingStation{mac}}));
//   TRY(const auto sent, client.start(request, now, random));      // client.h adds what makes it a packet
//
// Not every NAS can everything: hostapd takes Disconnect-Requests and answers a CoA with a VLAN by a NAK, Unsupported
// Attribute. A change of VLAN is then a disconnect; the next login gets the new one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/session.h"
#include "libs/protocol/radius/shared_secret.h"
#include "libs/protocol/radius/tunnel.h"

namespace pratique::radius {

inline constexpr std::uint32_t kServiceTypeAuthorizeOnly = 17;
/// What a NAS does when Session-Timeout has run out (RFC 2865 section 5.29).
enum class TerminationAction : std::uint32_t { end = 0, authenticate_again = 1 };

/// Only what is set changes.
struct SessionChange {
  std::optional<VlanAssignment> vlan = {};
  std::string filter_id = {};
  std::vector<std::string> filter_rules = {};
  std::optional<std::chrono::seconds> session_timeout = {};
  std::optional<TerminationAction> termination_action = {};
  std::vector<Attribute> others = {};  // a vendor's (vendor.h)

  /// Log in again in `within` (RFC 3580 section 3.17): Session-Timeout, and Termination-Action = RADIUS-Request.
  static SessionChange authenticate_again(std::chrono::seconds within);
};

/// Not yet a packet: no identifier, no Event-Timestamp, no signature.
struct DynamicRequest {
  Code code;
  std::vector<Attribute> attributes;
};

/// The errors of session_attributes().
Result<DynamicRequest> disconnect(const SessionIdentification& session);
/// Also INVALID_ARGUMENT RADIUS_CHANGE_EMPTY, and RADIUS_ATTRIBUTE_INVALID for a Session-Timeout outside 32 bits and
/// for `others` that are not the change's to set: signatures, Proxy-State, Event-Timestamp, what names NAS and session.
Result<DynamicRequest> change(const SessionIdentification& session, const SessionChange& change);
/// "Authorize Only" (RFC 5176 section 3.2): the NAS answers with a NAK, Request Initiated, and then sends an
/// Access-Request with this State. Outcome::request_initiated in answer.h.
Result<DynamicRequest> authorize_again(const SessionIdentification& session, ByteView state);

/// The packet: Message-Authenticator first, then the request's attributes, then Event-Timestamp; signed. Never a
/// Proxy-State. The errors of encode_packet().
struct SignedRequest {
  Packet packet;
  Bytes datagram;
};
Result<SignedRequest> sign_dynamic_request(const DynamicRequest& request, std::uint8_t identifier, Timestamp now,
                                           const SharedSecret& secret);

}  // namespace pratique::radius
