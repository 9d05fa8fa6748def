// What attributes say: values to bytes and back (RFC 2865 section 5, RFC 2869 section 5.3, RFC 3162).
//
//   TRY(const auto port, find_text(packet, AttributeType::nas_port_id));          // std::optional<std::string>
//   TRY(const auto status, get_integer(packet, AttributeType::acct_status_type)); // must be there
//   TRY_VOID(add_text(packet, AttributeType::filter_id, "printers"));
//
// Every error names the attribute. INVALID_ARGUMENT RADIUS_ATTRIBUTE_INVALID: the value is not of that kind;
// RADIUS_ATTRIBUTE_REPEATED: there twice, where one was asked for; RADIUS_ATTRIBUTE_MISSING: get_… alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// UTF-8 without NUL. A NUL at the end, which some equipment sends, is dropped.
Result<std::string> text_of(const Attribute& attribute);
Result<std::uint32_t> integer_of(const Attribute& attribute);
/// Four or sixteen bytes, as the dictionary says of the type.
Result<IpAddress> address_of(const Attribute& attribute);
Result<Timestamp> time_of(const Attribute& attribute);

/// The one attribute of this type. An empty text counts as absent: RFC 2865 says to leave it out.
Result<std::optional<std::string>> find_text(const Packet& packet, AttributeType type);
Result<std::optional<std::uint32_t>> find_integer(const Packet& packet, AttributeType type);
Result<std::optional<IpAddress>> find_address(const Packet& packet, AttributeType type);
Result<std::optional<Timestamp>> find_time(const Packet& packet, AttributeType type);
Result<std::string> get_text(const Packet& packet, AttributeType type);
Result<std::uint32_t> get_integer(const Packet& packet, AttributeType type);

/// All of this type, in order: Class, Proxy-State, Reply-Message, Filter-Id.
Result<std::vector<std::string>> all_texts(const Packet& packet, AttributeType type);
std::vector<Bytes> all_octets(const Packet& packet, AttributeType type);
/// The values of all of this type, one after another: EAP-Message (RFC 3579 section 3.1).
Bytes concatenated(const Packet& packet, AttributeType type);

/// Refused as RADIUS_ATTRIBUTE_INVALID: a text that is empty, no UTF-8, has a NUL or more than 253 bytes; an address of
/// the family that the attribute is not for; a time before 1970 or after 2106.
Result<Attribute> text_attribute(AttributeType type, std::string_view text);
Result<Attribute> octets_attribute(AttributeType type, ByteView octets);
Attribute integer_attribute(AttributeType type, std::uint32_t value);
Result<Attribute> address_attribute(AttributeType type, const IpAddress& address);
Result<Attribute> time_attribute(AttributeType type, Timestamp time);  // to the second

}  // namespace pratique::radius
