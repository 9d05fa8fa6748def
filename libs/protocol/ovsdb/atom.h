// One value of a column: RFC 7047 section 5.1 <atom>.
//
//   string, integer (64 bits), real, boolean     as JSON has them
//   Uuid                                         ["uuid","6f3e…"]
//   NamedUuid                                    ["named-uuid","row1"]: a row that the same transaction inserts
//
// An integer is never read as a real: whoever wants a real takes both (Row::real_at), since 1.0 may be written "1".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"

namespace pratique::ovsdb {

struct Uuid {
  std::string text;  // lower case, 36 characters
  auto operator<=>(const Uuid&) const = default;
  /// INVALID_ARGUMENT OVSDB_VALUE_INVALID.
  static Result<Uuid> parse(std::string_view text);
};

struct NamedUuid {
  std::string name;  // an <id>
  auto operator<=>(const NamedUuid&) const = default;
};

using Atom = std::variant<std::string, std::int64_t, double, bool, Uuid, NamedUuid>;
/// In the order of Atom's alternatives.
enum class AtomKind { string, integer, real, boolean, uuid, named_uuid };
inline AtomKind kind_of(const Atom& atom) { return static_cast<AtomKind>(atom.index()); }
/// "a string", "an integer", …
std::string_view describe(AtomKind kind);

/// A total order, by kind and then by value.
bool less(const Atom& a, const Atom& b);

/// INVALID_ARGUMENT OVSDB_VALUE_INVALID: no atom, a UUID that is none, a string with a zero character.
Result<Atom> parse_atom(const json::Value& value);
/// INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE: a string that is not UTF-8 or has a zero character (it would arrive as
/// another one), a real that is no number, a UUID or a name that is none.
Result<json::Value> encode_atom(const Atom& atom);

/// RFC 7047 section 3.1 <id>: a letter or underscore, then letters, digits, underscores; at most kMaxId.
inline constexpr std::size_t kMaxId = 256;
bool is_id(std::string_view text);

}  // namespace pratique::ovsdb
