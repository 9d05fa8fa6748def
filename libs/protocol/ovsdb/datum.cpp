#include "libs/protocol/ovsdb/datum.h"

#include <algorithm>

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error bad(std::string_view message) { return invalid(reason::kValueInvalid, message); }

bool same(const Atom& a, const Atom& b) { return !less(a, b) && !less(b, a); }

/// A UUID and a named one may stand in one set.
bool one_kind(const std::vector<Atom>& atoms) {
  const auto kind = [](const Atom& atom) {
    return kind_of(atom) == AtomKind::named_uuid ? AtomKind::uuid : kind_of(atom);
  };
  return std::ranges::all_of(atoms, [&](const Atom& atom) { return kind(atom) == kind(atoms.front()); });
}

Result<Datum> parse_set(const json::Value::Array& elements) {
  std::vector<Atom> atoms;
  atoms.reserve(elements.size());
  for (const auto& element : elements) {
    TRY(auto atom, parse_atom(element));
    atoms.push_back(std::move(atom));
  }
  if (!one_kind(atoms)) return bad("a set whose members are of different kinds");
  auto set = Datum::set(std::move(atoms));
  if (set.size() != elements.size()) return bad("a set with a member that comes twice");
  return set;
}

Result<Datum> parse_map(const json::Value::Array& elements) {
  std::vector<Datum::Pair> pairs;
  pairs.reserve(elements.size());
  for (const auto& element : elements) {
    const auto* pair = element.as_array();
    if (pair == nullptr || pair->size() != 2) return bad("a map with a member that is no pair");
    TRY(auto key, parse_atom((*pair)[0]));
    TRY(auto value, parse_atom((*pair)[1]));
    pairs.emplace_back(std::move(key), std::move(value));
  }
  auto map = Datum::map(std::move(pairs));
  if (map.size() != elements.size()) return bad("a map with a key that comes twice");
  if (!one_kind(map.keys()) || !one_kind(map.values())) return bad("a map whose members are of different kinds");
  return map;
}

}  // namespace

Datum Datum::set(std::vector<Atom> atoms) {
  Datum out;
  std::ranges::sort(atoms, less);
  const auto tail = std::ranges::unique(atoms, same);
  atoms.erase(tail.begin(), tail.end());
  out.keys_ = std::move(atoms);
  return out;
}

Datum Datum::map(std::vector<Pair> pairs) {
  Datum out;
  out.is_map_ = true;
  std::ranges::stable_sort(pairs, less, &Pair::first);
  for (auto& [key, value] : pairs) {
    if (!out.keys_.empty() && same(out.keys_.back(), key)) {
      out.values_.back() = std::move(value);
      continue;
    }
    out.keys_.push_back(std::move(key));
    out.values_.push_back(std::move(value));
  }
  return out;
}

bool Datum::contains(const Atom& key) const { return std::ranges::binary_search(keys_, key, less); }

const Atom* Datum::find(const Atom& key) const {
  if (!is_map_) return nullptr;
  const auto at = std::ranges::lower_bound(keys_, key, less);
  if (at == keys_.end() || !same(*at, key)) return nullptr;
  return &values_[static_cast<std::size_t>(at - keys_.begin())];
}

std::string describe(const Datum& datum) {
  if (datum.is_map()) return "a map of " + std::to_string(datum.size());
  if (datum.empty()) return "an empty set";
  if (datum.size() == 1) return std::string(describe(kind_of(datum.keys().front())));
  return "a set of " + std::to_string(datum.size());
}

Result<Datum> parse_datum(const json::Value& value) {
  const auto* array = value.as_array();
  if (array != nullptr && array->size() == 2) {
    const auto* tag = (*array)[0].as_string();
    const auto* elements = (*array)[1].as_array();
    if (tag != nullptr && elements != nullptr) {
      if (*tag == "set") return parse_set(*elements);
      if (*tag == "map") return parse_map(*elements);
    }
  }
  TRY(auto atom, parse_atom(value));
  return Datum(std::move(atom));
}

Result<json::Value> encode_datum(const Datum& datum) {
  if (!one_kind(datum.keys()) || !one_kind(datum.values()))
    return invalid(reason::kValueUnsendable, "members of different kinds");
  if (!datum.is_map() && datum.size() == 1) return encode_atom(datum.keys().front());
  auto members = json::Value::array();
  for (std::size_t i = 0; i < datum.size(); ++i) {
    TRY(auto key, encode_atom(datum.keys()[i]));
    if (!datum.is_map()) {
      members.push_back(std::move(key));
      continue;
    }
    TRY(auto value, encode_atom(datum.values()[i]));
    auto pair = json::Value::array();
    pair.push_back(std::move(key)).push_back(std::move(value));
    members.push_back(std::move(pair));
  }
  auto out = json::Value::array();
  out.push_back(datum.is_map() ? "map" : "set").push_back(std::move(members));
  return out;
}

}  // namespace pratique::ovsdb
