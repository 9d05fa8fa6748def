// One field with its value and mask: a term of a match (OpenFlow 1.4.0 section 7.2, OXM TLVs), or what set_field
// writes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/openflow/field.h"
#include "libs/protocol/openflow/wire.h"

namespace pratique::openflow {

/// Both arrays are filled from the front, as on the wire, and zero beyond the field's width. Canonical: under a mask,
/// no bit of the value is set where the mask's is not; an exact term's mask is the field's bits (13 of vlan_vid's 16).
struct FieldValue {
  Field field = Field::in_port;
  std::array<std::uint8_t, kMaxFieldWidth> value{};
  std::array<std::uint8_t, kMaxFieldWidth> mask{};

  ByteView value_bytes() const { return ByteView(value).first(info(field).width); }
  ByteView mask_bytes() const { return ByteView(mask).first(info(field).width); }
  /// Every bit of the field counts.
  bool is_exact() const;
  /// No bit counts: the term says nothing.
  bool is_wildcard() const;
  /// The value as a number, of fields up to eight bytes wide.
  std::uint64_t number() const;
  std::uint64_t mask_number() const;
  /// "tcp_dst=443", "ipv4_src=0a000000/ffffff00".
  std::string text() const;

  auto operator<=>(const FieldValue&) const = default;
};

/// A number in a field up to eight bytes wide; what does not fit into its width is cut off. `mask` empty: exact.
FieldValue number_value(Field field, std::uint64_t value, std::optional<std::uint64_t> mask = {});
/// Bytes in a field that is as wide as they are (else zero-filled or cut). `mask` empty: exact.
FieldValue bytes_value(Field field, ByteView value, ByteView mask = {});

/// OPENFLOW_FLOW_INVALID if the value or the mask is none that Open vSwitch takes: a mask where there may be none, bits
/// beyond the field's, a VLAN without the bit that says so.
Result<void> check_value(const FieldValue& value);

/// An OXM TLV: header, value and, unless exact, mask.
void write_field(Writer& out, const FieldValue& value);

}  // namespace pratique::openflow
