#include "libs/protocol/radius/vendor.h"

#include <string>

namespace pratique::radius {
namespace {

constexpr std::size_t kVendorHeader = 4, kInnerHeader = 2;
constexpr std::uint32_t kMaxVendor = 0xffffff;  // the high octet is zero

Error bad_vendor(const std::string& what) { return invalid("RADIUS_ATTRIBUTE_INVALID", "Vendor-Specific: " + what); }

}  // namespace

Result<std::vector<VendorAttribute>> vendor_attributes_of(const Attribute& attribute) {
  const ByteView value = attribute.value;
  if (value.size() <= kVendorHeader) return bad_vendor("nothing behind the vendor's number");
  if (value[0] != 0) return bad_vendor("the vendor's number has more than 24 bits");
  const auto vendor = static_cast<std::uint32_t>(value[1] << 16 | value[2] << 8 | value[3]);
  std::vector<VendorAttribute> out;
  for (std::size_t at = kVendorHeader; at < value.size();) {
    const std::size_t size = at + 1 < value.size() ? value[at + 1] : 0;
    if (size < kInnerHeader || size > value.size() - at)
      return bad_vendor("vendor " + std::to_string(vendor) + " does not lay it out as type, length, value");
    out.push_back({vendor, value[at], to_bytes(value.subspan(at + kInnerHeader, size - kInnerHeader))});
    at += size;
  }
  return out;
}

Result<Attribute> vendor_attribute(const VendorAttribute& inside) {
  if (inside.vendor > kMaxVendor) return bad_vendor("the vendor's number has more than 24 bits");
  if (inside.value.size() > kMaxAttributeValue - kVendorHeader - kInnerHeader)
    return bad_vendor("a value of " + std::to_string(inside.value.size()) + " bytes, more than 247");
  Attribute out{AttributeType::vendor_specific,
                {0, static_cast<std::uint8_t>(inside.vendor >> 16),
                 static_cast<std::uint8_t>(inside.vendor >> 8 & 0xff), static_cast<std::uint8_t>(inside.vendor & 0xff),
                 inside.type, static_cast<std::uint8_t>(inside.value.size() + kInnerHeader)}};
  out.value.insert(out.value.end(), inside.value.begin(), inside.value.end());
  return out;
}

Result<Attribute> text_for_vendor(std::uint32_t vendor, std::uint8_t type, std::string_view text) {
  return vendor_attribute({vendor, type, to_bytes(text)});
}

}  // namespace pratique::radius
