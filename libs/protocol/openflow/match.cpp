#include "libs/protocol/openflow/match.h"

#include <algorithm>

#include "libs/base/hex.h"

namespace pratique::openflow {
namespace {

constexpr std::uint16_t kMatchOxm = 1;  // OFPMT_OXM
constexpr std::size_t kMatchHeader = 4, kFieldHeader = 4;

/// One known term, or OPENFLOW_MESSAGE_MALFORMED.
Result<FieldValue> read_term(const FieldInfo& field, bool masked, ByteView payload, const Reader& in) {
  const std::size_t width = field.width;
  if (payload.size() != (masked ? width * 2 : width))
    return in.malformed(std::string(field.name) + " in " + std::to_string(payload.size()) + " bytes");
  return bytes_value(field.field, payload.first(width), masked ? payload.subspan(width) : ByteView());
}

}  // namespace

Match& Match::add(const FieldValue& value) {
  const auto place = std::ranges::lower_bound(terms_, value.field, {}, &FieldValue::field);
  const bool present = place != terms_.end() && place->field == value.field;
  if (value.is_wildcard()) {
    if (present) terms_.erase(place);
  } else if (present) {
    *place = value;
  } else {
    terms_.insert(place, value);
  }
  return *this;
}

Match& Match::add(OpaqueField field) {
  opaque_.insert(std::ranges::upper_bound(opaque_, field), std::move(field));
  return *this;
}

const FieldValue* Match::find(Field field) const {
  const auto place = std::ranges::lower_bound(terms_, field, {}, &FieldValue::field);
  return place != terms_.end() && place->field == field ? &*place : nullptr;
}

std::optional<std::uint64_t> Match::exact_number(Field field) const {
  const auto* const term = find(field);
  if (term == nullptr || !term->is_exact()) return std::nullopt;
  return term->number();
}

std::string Match::text() const {
  std::string out;
  for (const auto& term : terms_) out += (out.empty() ? "" : ",") + term.text();
  for (const auto& field : opaque_) {
    Writer header;
    header.u32(field.header);
    out += (out.empty() ? "oxm" : ",oxm") + hex_encode(header.view()) + "=0x" + hex_encode(field.payload);
  }
  return out.empty() ? "any" : out;
}

void write_match(Writer& out, const Match& match) {
  const auto start = out.size();
  out.u16(kMatchOxm);
  out.u16(0);
  for (const auto& term : match.terms()) write_field(out, term);
  for (const auto& field : match.opaque()) {
    out.u32(field.header);
    out.bytes(field.payload);
  }
  out.set_u16(start + 2, out.size() - start);
  out.pad8(start);
}

Result<Match> read_match(Reader& in) {
  TRY_VOID(in.need(kMatchHeader));
  if (in.u16() != kMatchOxm) return in.malformed("a match that is not OXM");
  const std::size_t length = in.u16();
  if (length < kMatchHeader) return in.malformed("a match shorter than its header");
  const std::size_t padding = (8 - length % 8) % 8;
  TRY_VOID(in.need(length - kMatchHeader + padding));
  Reader terms(in.take(length - kMatchHeader), "match");
  in.skip(padding);
  Match match;
  std::uint64_t seen = 0;  // one bit a field
  while (!terms.at_end()) {
    TRY_VOID(terms.need(kFieldHeader));
    const auto header = terms.u32();
    const std::size_t size = header & 0xff;
    TRY_VOID(terms.need(size));
    const auto payload = terms.take(size);
    const auto* const field =
        find_field(static_cast<std::uint16_t>(header >> 16), static_cast<std::uint8_t>(header >> 9 & 0x7f));
    if (field == nullptr) {
      match.add(OpaqueField{header, to_bytes(payload)});
      continue;
    }
    const auto bit = std::uint64_t{1} << static_cast<unsigned>(field->field);
    if ((seen & bit) != 0) return terms.malformed(std::string(field->name) + " stands twice");
    seen |= bit;
    TRY(const auto term, read_term(*field, (header >> 8 & 1) != 0, payload, terms));
    match.add(term);
  }
  return match;
}

}  // namespace pratique::openflow
