#include "libs/protocol/ovsdb/atom.h"

#include <cmath>
#include <compare>

#include "libs/base/id.h"
#include "libs/codec/json/utf8.h"
#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error bad(std::string_view message) { return invalid(reason::kValueInvalid, message); }
Error unsendable(std::string_view message) { return invalid(reason::kValueUnsendable, message); }

json::Value tagged(std::string_view tag, std::string_view text) {
  auto out = json::Value::array();
  out.push_back(tag).push_back(text);
  return out;
}

Result<Atom> parse_tagged(const json::Value::Array& array) {
  const auto* tag = array.size() == 2 ? array[0].as_string() : nullptr;
  const auto* text = array.size() == 2 ? array[1].as_string() : nullptr;
  if (tag == nullptr || text == nullptr) return bad("an array that is no UUID");
  if (*tag == "uuid") {
    TRY(auto uuid, Uuid::parse(*text));
    return Atom(std::move(uuid));
  }
  if (*tag != "named-uuid") return bad("an array that is no UUID");
  if (!is_id(*text)) return bad("a named UUID whose name is no identifier");
  return Atom(NamedUuid{*text});
}

}  // namespace

bool is_id(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || text.size() > kMaxId || !letter(text.front())) return false;
  for (const char c : text)
    if (!letter(c) && (c < '0' || c > '9')) return false;
  return true;
}

Result<Uuid> Uuid::parse(std::string_view text) {
  auto canonical = parse_uuid(text);
  if (!canonical) return bad("a UUID that is none");
  return Uuid{*std::move(canonical)};
}

std::string_view describe(AtomKind kind) {
  switch (kind) {
    case AtomKind::string: return "a string";
    case AtomKind::integer: return "an integer";
    case AtomKind::real: return "a real";
    case AtomKind::boolean: return "a boolean";
    case AtomKind::uuid: return "a UUID";
    case AtomKind::named_uuid: return "a named UUID";
  }
  return "a value";
}

bool less(const Atom& a, const Atom& b) {
  if (a.index() != b.index()) return a.index() < b.index();
  if (const auto* real = std::get_if<double>(&a)) return std::strong_order(*real, std::get<double>(b)) < 0;
  return a < b;
}

Result<Atom> parse_atom(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::string:
      if (value.as_string()->find('\0') != std::string::npos) return bad("a string with a zero character");
      return Atom(*value.as_string());
    case json::Kind::integer: return Atom(*value.as_int());
    case json::Kind::number: return Atom(*value.as_double());
    case json::Kind::boolean: return Atom(*value.as_bool());
    case json::Kind::array: return parse_tagged(*value.as_array());
    case json::Kind::null:
    case json::Kind::object: break;
  }
  return bad(std::string(json::describe(value.kind())) + " where a value should be");
}

Result<json::Value> encode_atom(const Atom& atom) {
  switch (kind_of(atom)) {
    case AtomKind::string: {
      const auto& text = std::get<std::string>(atom);
      if (text.find('\0') != std::string::npos) return unsendable("a string with a zero character");
      if (!json::utf8_valid(text)) return unsendable("a string that is not UTF-8");
      return json::Value(text);
    }
    case AtomKind::integer: return json::Value(std::get<std::int64_t>(atom));
    case AtomKind::real:
      if (!std::isfinite(std::get<double>(atom))) return unsendable("a real that is no number");
      return json::Value(std::get<double>(atom));
    case AtomKind::boolean: return json::Value(std::get<bool>(atom));
    case AtomKind::uuid: {
      const auto uuid = Uuid::parse(std::get<Uuid>(atom).text);
      if (!uuid) return unsendable("a UUID that is none");
      return tagged("uuid", uuid->text);
    }
    case AtomKind::named_uuid:
      if (!is_id(std::get<NamedUuid>(atom).name)) return unsendable("a named UUID whose name is no identifier");
      return tagged("named-uuid", std::get<NamedUuid>(atom).name);
  }
  return unsendable("a value of no kind");
}

}  // namespace pratique::ovsdb
