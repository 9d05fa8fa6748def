#include "libs/protocol/ovsdb/row.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

std::string named(std::string_view column) { return "column '" + std::string(column) + "'"; }

Error wrong_type(std::string_view column, std::string_view expected, const Datum& found) {
  return invalid(reason::kColumnType,
                 named(column) + ": expected " + std::string(expected) + ", found " + describe(found));
}

/// "an integer" -> "integer".
std::string bare(AtomKind kind) {
  const auto text = describe(kind);
  return std::string(text.substr(text.find(' ') + 1));
}

}  // namespace

const Datum* Row::find(std::string_view column) const {
  const auto at = columns_.find(column);
  return at == columns_.end() ? nullptr : &at->second;
}

Row& Row::set(std::string_view column, Datum datum) {
  columns_.insert_or_assign(std::string(column), std::move(datum));
  return *this;
}

Result<const Datum*> Row::at(std::string_view column) const {
  if (const auto* datum = find(column)) return datum;
  return invalid(reason::kColumnMissing, named(column) + ": is missing");
}

template <typename T>
Result<T> Row::one(std::string_view column, AtomKind kind) const {
  TRY(const auto* datum, at(column));
  const auto* value = !datum->is_map() && datum->size() == 1 ? std::get_if<T>(&datum->keys().front()) : nullptr;
  if (value == nullptr) return wrong_type(column, describe(kind), *datum);
  return *value;
}

template <typename T>
Result<std::optional<T>> Row::at_most_one(std::string_view column, AtomKind kind) const {
  TRY(const auto* datum, at(column));
  if (!datum->is_map() && datum->empty()) return std::optional<T>();
  const auto* value = !datum->is_map() && datum->size() == 1 ? std::get_if<T>(&datum->keys().front()) : nullptr;
  if (value == nullptr) return wrong_type(column, "at most one " + bare(kind), *datum);
  return std::optional<T>(*value);
}

template <typename T>
Result<std::vector<T>> Row::all(std::string_view column, AtomKind kind) const {
  TRY(const auto* datum, at(column));
  std::vector<T> out;
  for (const auto& key : datum->keys()) {
    const auto* value = datum->is_map() ? nullptr : std::get_if<T>(&key);
    if (value == nullptr) break;
    out.push_back(*value);
  }
  if (datum->is_map() || out.size() != datum->size()) return wrong_type(column, "a set of " + bare(kind) + "s", *datum);
  return out;
}

Result<std::string> Row::string_at(std::string_view column) const { return one<std::string>(column, AtomKind::string); }
Result<std::int64_t> Row::int_at(std::string_view column) const { return one<std::int64_t>(column, AtomKind::integer); }
Result<double> Row::real_at(std::string_view column) const {
  TRY(const auto* datum, at(column));
  if (!datum->is_map() && datum->size() == 1)
    if (const auto* whole = std::get_if<std::int64_t>(&datum->keys().front())) return static_cast<double>(*whole);
  return one<double>(column, AtomKind::real);
}
Result<bool> Row::bool_at(std::string_view column) const { return one<bool>(column, AtomKind::boolean); }
Result<Uuid> Row::uuid_at(std::string_view column) const { return one<Uuid>(column, AtomKind::uuid); }

Result<std::optional<std::string>> Row::optional_string(std::string_view column) const {
  return at_most_one<std::string>(column, AtomKind::string);
}
Result<std::optional<std::int64_t>> Row::optional_int(std::string_view column) const {
  return at_most_one<std::int64_t>(column, AtomKind::integer);
}
Result<std::optional<bool>> Row::optional_bool(std::string_view column) const {
  return at_most_one<bool>(column, AtomKind::boolean);
}
Result<std::optional<Uuid>> Row::optional_uuid(std::string_view column) const {
  return at_most_one<Uuid>(column, AtomKind::uuid);
}

Result<std::vector<std::string>> Row::strings_at(std::string_view column) const {
  return all<std::string>(column, AtomKind::string);
}
Result<std::vector<std::int64_t>> Row::ints_at(std::string_view column) const {
  return all<std::int64_t>(column, AtomKind::integer);
}
Result<std::vector<Uuid>> Row::uuids_at(std::string_view column) const { return all<Uuid>(column, AtomKind::uuid); }

Result<StringMap> Row::string_map_at(std::string_view column) const {
  TRY(const auto* datum, at(column));
  if (!datum->is_map()) return wrong_type(column, "a map of strings", *datum);
  StringMap out;
  for (std::size_t i = 0; i < datum->size(); ++i) {
    const auto* key = std::get_if<std::string>(&datum->keys()[i]);
    const auto* value = std::get_if<std::string>(&datum->values()[i]);
    if (key == nullptr || value == nullptr)
      return invalid(reason::kColumnType, named(column) + ": expected a map of strings, found other members");
    out.emplace(*key, *value);
  }
  return out;
}

Result<Row> parse_row(const json::Value& value) {
  const auto* members = value.as_object();
  if (members == nullptr)
    return invalid(reason::kValueInvalid, std::string(json::describe(value.kind())) + " where a row should be");
  Row row;
  for (const auto& member : *members) {
    if (!is_id(member.name)) return invalid(reason::kValueInvalid, "a column whose name is no identifier");
    TRY(auto datum, parse_datum(member.value).with_context(named(member.name)));
    row.set(member.name, std::move(datum));
  }
  return row;
}

Result<json::Value> encode_row(const Row& row) {
  auto out = json::Value::object();
  for (const auto& [column, datum] : row.columns()) {
    if (!is_id(column)) return invalid(reason::kValueUnsendable, "a column whose name is no identifier");
    TRY(auto value, encode_datum(datum).with_context(named(column)));
    out.append(column, std::move(value));
  }
  return out;
}

}  // namespace pratique::ovsdb
