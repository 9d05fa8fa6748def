// The contents of a column in a row: RFC 7047 section 5.1 <value>, that is <atom>, <set> or <map>.
//
//   Datum(42)                              42                 the same as a set of one: both are written so
//   Datum::set({})                         ["set",[]]         "none" of an optional column
//   Datum::set({"a", "b"})                 ["set",["a","b"]]
//   Datum::map({{"key", "value"}})         ["map",[["key","value"]]]
//
// Sets and maps are kept sorted and without repetition, so equal contents are equal values whatever the order on the
// wire. ["set",[42]] is read as 42.
#pragma once

#include <concepts>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/atom.h"

namespace pratique::ovsdb {

class Datum {
 public:
  using Pair = std::pair<Atom, Atom>;

  Datum() = default;  // the empty set
  template <typename T>
  requires(std::constructible_from<Atom, T> && !std::same_as<std::remove_cvref_t<T>, Datum>) Datum(T&& atom) {
    keys_.push_back(Atom(std::forward<T>(atom)));
  }  // NOLINT: implicit
  /// A value that comes twice counts once.
  static Datum set(std::vector<Atom> atoms);
  /// Of a key that comes twice the last one counts.
  static Datum map(std::vector<Pair> pairs);

  bool is_map() const { return is_map_; }
  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }
  /// The members of a set, or the keys of a map; sorted.
  const std::vector<Atom>& keys() const { return keys_; }
  /// The values of a map, in the order of its keys; empty for a set.
  const std::vector<Atom>& values() const { return values_; }
  /// The value under a key of a map, or nullptr.
  const Atom* find(const Atom& key) const;
  bool contains(const Atom& key) const;

  bool operator==(const Datum&) const = default;

 private:
  bool is_map_ = false;
  std::vector<Atom> keys_;
  std::vector<Atom> values_;
};

/// "an integer", "an empty set", "a set of 3", "a map of 2".
std::string describe(const Datum& datum);

/// INVALID_ARGUMENT OVSDB_VALUE_INVALID: an unknown shape, a member that is no atom, members of different kinds, one
/// that comes twice.
Result<Datum> parse_datum(const json::Value& value);
/// INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE: as encode_atom, or members of different kinds.
Result<json::Value> encode_datum(const Datum& datum);

}  // namespace pratique::ovsdb
