// The attributes that this house speaks of: numbers, names and kinds of value (IANA "RADIUS Types"). One list; others
// are carried as they are and named "Attribute-<number>".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"

namespace pratique::radius {

/// How the value is laid out (RFC 2865 section 5, RFC 2868 section 3, RFC 3162 section 2.1).
enum class ValueKind {
  text,            // UTF-8
  octets,          // any bytes
  integer,         // 32 bits
  ipv4,            // 4 bytes
  ipv6,            // 16 bytes
  time,            // 32 bits, seconds since 1970
  tagged_integer,  // a tag byte, 24 bits
  tagged_text,     // perhaps a tag byte, then UTF-8
  vendor,          // 32 bits of vendor number, then the vendor's own
};

// clang-format off
#define PRATIQUE_RADIUS_ATTRIBUTES(ATTRIBUTE) \
  /* RFC 2865 */ \
  ATTRIBUTE(user_name, 1, "User-Name", text) \
  ATTRIBUTE(user_password, 2, "User-Password", octets) \
  ATTRIBUTE(chap_password, 3, "CHAP-Password", octets) \
  ATTRIBUTE(nas_ip_address, 4, "NAS-IP-Address", ipv4) \
  ATTRIBUTE(nas_port, 5, "NAS-Port", integer) \
  ATTRIBUTE(service_type, 6, "Service-Type", integer) \
  ATTRIBUTE(framed_ip_address, 8, "Framed-IP-Address", ipv4) \
  ATTRIBUTE(filter_id, 11, "Filter-Id", text) \
  ATTRIBUTE(framed_mtu, 12, "Framed-MTU", integer) \
  ATTRIBUTE(reply_message, 18, "Reply-Message", text) \
  ATTRIBUTE(state, 24, "State", octets) \
  ATTRIBUTE(class_value, 25, "Class", octets) \
  ATTRIBUTE(vendor_specific, 26, "Vendor-Specific", vendor) \
  ATTRIBUTE(session_timeout, 27, "Session-Timeout", integer) \
  ATTRIBUTE(idle_timeout, 28, "Idle-Timeout", integer) \
  ATTRIBUTE(termination_action, 29, "Termination-Action", integer) \
  ATTRIBUTE(called_station_id, 30, "Called-Station-Id", text) \
  ATTRIBUTE(calling_station_id, 31, "Calling-Station-Id", text) \
  ATTRIBUTE(nas_identifier, 32, "NAS-Identifier", text) \
  ATTRIBUTE(proxy_state, 33, "Proxy-State", octets) \
  /* RFC 2866 */ \
  ATTRIBUTE(acct_status_type, 40, "Acct-Status-Type", integer) \
  ATTRIBUTE(acct_delay_time, 41, "Acct-Delay-Time", integer) \
  ATTRIBUTE(acct_input_octets, 42, "Acct-Input-Octets", integer) \
  ATTRIBUTE(acct_output_octets, 43, "Acct-Output-Octets", integer) \
  ATTRIBUTE(acct_session_id, 44, "Acct-Session-Id", text) \
  ATTRIBUTE(acct_authentic, 45, "Acct-Authentic", integer) \
  ATTRIBUTE(acct_session_time, 46, "Acct-Session-Time", integer) \
  ATTRIBUTE(acct_input_packets, 47, "Acct-Input-Packets", integer) \
  ATTRIBUTE(acct_output_packets, 48, "Acct-Output-Packets", integer) \
  ATTRIBUTE(acct_terminate_cause, 49, "Acct-Terminate-Cause", integer) \
  ATTRIBUTE(acct_multi_session_id, 50, "Acct-Multi-Session-Id", text) \
  ATTRIBUTE(acct_link_count, 51, "Acct-Link-Count", integer) \
  /* RFC 2869 */ \
  ATTRIBUTE(acct_input_gigawords, 52, "Acct-Input-Gigawords", integer) \
  ATTRIBUTE(acct_output_gigawords, 53, "Acct-Output-Gigawords", integer) \
  ATTRIBUTE(event_timestamp, 55, "Event-Timestamp", time) \
  ATTRIBUTE(nas_port_type, 61, "NAS-Port-Type", integer) \
  /* RFC 2868 */ \
  ATTRIBUTE(tunnel_type, 64, "Tunnel-Type", tagged_integer) \
  ATTRIBUTE(tunnel_medium_type, 65, "Tunnel-Medium-Type", tagged_integer) \
  ATTRIBUTE(tunnel_client_endpoint, 66, "Tunnel-Client-Endpoint", tagged_text) \
  ATTRIBUTE(tunnel_server_endpoint, 67, "Tunnel-Server-Endpoint", tagged_text) \
  /* RFC 2869 */ \
  ATTRIBUTE(connect_info, 77, "Connect-Info", text) \
  ATTRIBUTE(eap_message, 79, "EAP-Message", octets) \
  ATTRIBUTE(message_authenticator, 80, "Message-Authenticator", octets) \
  /* RFC 2868 */ \
  ATTRIBUTE(tunnel_private_group_id, 81, "Tunnel-Private-Group-Id", tagged_text) \
  ATTRIBUTE(tunnel_assignment_id, 82, "Tunnel-Assignment-Id", tagged_text) \
  ATTRIBUTE(tunnel_preference, 83, "Tunnel-Preference", tagged_integer) \
  /* RFC 2869, RFC 4372, RFC 4849, RFC 3162, RFC 5176, RFC 6911 */ \
  ATTRIBUTE(acct_interim_interval, 85, "Acct-Interim-Interval", integer) \
  ATTRIBUTE(nas_port_id, 87, "NAS-Port-Id", text) \
  ATTRIBUTE(chargeable_user_identity, 89, "Chargeable-User-Identity", octets) \
  ATTRIBUTE(nas_filter_rule, 92, "NAS-Filter-Rule", octets) \
  ATTRIBUTE(nas_ipv6_address, 95, "NAS-IPv6-Address", ipv6) \
  ATTRIBUTE(error_cause, 101, "Error-Cause", integer) \
  ATTRIBUTE(framed_ipv6_address, 168, "Framed-IPv6-Address", ipv6)
// clang-format on

/// Any other value can stand in a packet, too.
enum class AttributeType : std::uint8_t {
#define PRATIQUE_RADIUS_NUMBER(word, number, name, kind) word = number,
  PRATIQUE_RADIUS_ATTRIBUTES(PRATIQUE_RADIUS_NUMBER)
#undef PRATIQUE_RADIUS_NUMBER
};

struct AttributeInfo {
  AttributeType type;
  std::string_view name;
  ValueKind kind;
};

std::span<const AttributeInfo> dictionary();
/// nullptr for one that is not in the list.
const AttributeInfo* find_attribute(AttributeType type);
const AttributeInfo* find_attribute(std::string_view name);
using pratique::to_string;  // of bytes; else hidden by the next line
/// "NAS-Port-Id"; "Attribute-200" for one that is not in the list.
std::string to_string(AttributeType type);

}  // namespace pratique::radius
