#include "libs/protocol/openflow/field_value.h"

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/protocol/openflow/match.h"
#include "libs/protocol/openflow/reasons.h"

namespace pratique::openflow {
namespace {

std::uint64_t to_number(ByteView bytes) {
  std::uint64_t number = 0;
  for (const auto byte : bytes) number = number << 8 | byte;
  return number;
}

void put_number(std::array<std::uint8_t, kMaxFieldWidth>& out, std::size_t width, std::uint64_t number) {
  for (std::size_t i = std::min<std::size_t>(width, 8); i-- > 0; number >>= 8)
    out[i] = static_cast<std::uint8_t>(number & 0xff);
}

/// True if a bit above the field's width in bits is set. `bytes` is as wide as the field.
bool exceeds(ByteView bytes, const FieldInfo& field) {
  const std::size_t spare = bytes.size() * 8 - field.bits;
  for (std::size_t bit = 0; bit < spare; ++bit)
    if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return true;
  return false;
}

/// The lowest `bits` bits of the field: what an exact term looks at.
std::array<std::uint8_t, kMaxFieldWidth> whole_mask(const FieldInfo& field) {
  std::array<std::uint8_t, kMaxFieldWidth> mask{};
  std::fill_n(mask.begin(), field.width, std::uint8_t{0xff});
  const unsigned spare = field.width * 8U - field.bits;
  for (unsigned i = 0; i < spare / 8; ++i) mask[i] = 0;
  if (spare % 8 != 0) mask[spare / 8] = static_cast<std::uint8_t>(0xffU >> spare % 8);
  return mask;
}

/// A mask of ones alone is the whole field; under any other the value's hidden bits are zero.
FieldValue canonical(FieldValue out) {
  const auto& field = info(out.field);
  if (std::ranges::all_of(out.mask_bytes(), [](std::uint8_t byte) { return byte == 0xff; }))
    out.mask = whole_mask(field);
  else if (out.mask != whole_mask(field))
    for (std::size_t i = 0; i < kMaxFieldWidth; ++i) out.value[i] &= out.mask[i];
  return out;
}

Error unusable(const FieldValue& value, std::string_view why) {
  const auto& field = info(value.field);
  return invalid(reason::kFlowInvalid, std::string(field.name) + " " + std::string(why))
      .with("field", field.name)
      .with("value", value.text());
}

}  // namespace

bool FieldValue::is_exact() const { return mask == whole_mask(info(field)); }
bool FieldValue::is_wildcard() const {
  return std::ranges::all_of(mask_bytes(), [](std::uint8_t byte) { return byte == 0; });
}
std::uint64_t FieldValue::number() const { return to_number(value_bytes().first(std::min(value_bytes().size(), 8UL))); }
std::uint64_t FieldValue::mask_number() const {
  return to_number(mask_bytes().first(std::min(mask_bytes().size(), 8UL)));
}

std::string FieldValue::text() const {
  std::string out(info(field).name);
  out += "=0x" + hex_encode(value_bytes());
  if (!is_exact()) out += "/0x" + hex_encode(mask_bytes());
  return out;
}

FieldValue number_value(Field field, std::uint64_t value, std::optional<std::uint64_t> mask) {
  FieldValue out{.field = field};
  const std::size_t width = info(field).width;
  put_number(out.value, width, value);
  put_number(out.mask, width, mask.value_or(~std::uint64_t{0}));
  return canonical(out);
}

FieldValue bytes_value(Field field, ByteView value, ByteView mask) {
  FieldValue out{.field = field};
  const std::size_t width = info(field).width;
  std::ranges::copy(value.first(std::min(value.size(), width)), out.value.begin());
  if (mask.empty()) std::fill_n(out.mask.begin(), width, std::uint8_t{0xff});
  std::ranges::copy(mask.first(std::min(mask.size(), width)), out.mask.begin());
  return canonical(out);
}

Result<void> check_value(const FieldValue& value) {
  const auto& field = info(value.field);
  if (!field.maskable && !value.is_exact()) return unusable(value, "cannot be masked");
  if (exceeds(value.value_bytes(), field))
    return unusable(value, "has a value beyond its " + std::to_string(field.bits) + " bits");
  if (!value.is_exact() && exceeds(value.mask_bytes(), field))
    return unusable(value, "has a mask beyond its " + std::to_string(field.bits) + " bits");
  // A VLAN's number counts only with the bit that says that there is a tag.
  if (value.field == Field::vlan_vid && (value.number() & kVlanPresent) == 0 && value.number() != 0)
    return unusable(value, "names a VLAN without the bit OFPVID_PRESENT");
  return {};
}

void write_field(Writer& out, const FieldValue& value) {
  const auto& field = info(value.field);
  const bool exact = value.is_exact();
  out.u16(field.oxm_class);
  out.u8(static_cast<std::uint8_t>(field.number << 1 | (exact ? 0 : 1)));
  out.u8(static_cast<std::uint8_t>(exact ? field.width : field.width * 2));
  out.bytes(value.value_bytes());
  if (!exact) out.bytes(value.mask_bytes());
}

}  // namespace pratique::openflow
