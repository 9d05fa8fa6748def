// Vendor-Specific (RFC 2865 section 5.26): a vendor's number, and that vendor's own attributes in the layout that the
// RFC recommends and nearly all vendors keep (type, length, value).
//
//   TRY(auto again, text_for_vendor(kCisco, kCiscoAvPair, "subscriber:command=reauthenticate"));
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/radius/packet.h"

namespace pratique::radius {

/// IANA Private Enterprise Number, and a type of that vendor's.
inline constexpr std::uint32_t kCisco = 9;
inline constexpr std::uint8_t kCiscoAvPair = 1;

struct VendorAttribute {
  std::uint32_t vendor;
  std::uint8_t type;
  Bytes value;
  bool operator==(const VendorAttribute&) const = default;
};

/// What one Vendor-Specific holds. INVALID_ARGUMENT RADIUS_ATTRIBUTE_INVALID where it is shorter than a vendor's number
/// and one byte, has a vendor's number of more than 24 bits, or is not laid out as recommended (its vendor may have
/// meant something else by it).
Result<std::vector<VendorAttribute>> vendor_attributes_of(const Attribute& attribute);
/// A Vendor-Specific with this one inside. INVALID_ARGUMENT RADIUS_ATTRIBUTE_INVALID for a vendor above 24 bits or a
/// value of more than 247 bytes.
Result<Attribute> vendor_attribute(const VendorAttribute& inside);
Result<Attribute> text_for_vendor(std::uint32_t vendor, std::uint8_t type, std::string_view text);

}  // namespace pratique::radius
