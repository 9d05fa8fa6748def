#include "libs/protocol/ovsdb/schema.h"

#include <algorithm>
#include <string>

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error bad(std::string_view message) { return invalid(reason::kSchemaInvalid, message); }

/// <atomic-type>
Result<AtomKind> parse_kind(const json::Value& value) {
  struct Name {
    std::string_view word;
    AtomKind kind;
  };
  static constexpr Name kNames[] = {{"string", AtomKind::string},
                                    {"integer", AtomKind::integer},
                                    {"real", AtomKind::real},
                                    {"boolean", AtomKind::boolean},
                                    {"uuid", AtomKind::uuid}};
  if (const auto* text = value.as_string())
    for (const auto& name : kNames)
      if (*text == name.word) return name.kind;
  return bad("an unknown type");
}

/// <base-type>: an atomic type, or an object with it as "type".
Result<AtomKind> parse_base(const json::Value& value) {
  if (value.as_object() == nullptr) return parse_kind(value);
  const auto* type = value.find("type");
  if (type == nullptr) return bad("a type without a type");
  return parse_kind(*type);
}

/// <type>
Result<ColumnType> parse_type(const json::Value& value) {
  ColumnType out;
  if (value.as_object() == nullptr) {
    TRY(out.key, parse_kind(value));
    return out;
  }
  const auto* key = value.find("key");
  if (key == nullptr) return bad("a type without a key");
  TRY(out.key, parse_base(*key));
  if (const auto* member = value.find("value")) {
    TRY(const auto kind, parse_base(*member));
    out.value = kind;
  }
  if (const auto* min = value.find("min")) {
    if (min->as_int() == nullptr || (*min->as_int() != 0 && *min->as_int() != 1))
      return bad("a min that is not 0 or 1");
    out.may_be_empty = *min->as_int() == 0;
  }
  if (const auto* max = value.find("max")) {
    if (max->as_string() != nullptr && *max->as_string() == "unlimited") out.max.reset();
    else if (max->as_int() != nullptr && *max->as_int() >= 1) out.max = *max->as_int();
    else return bad("a max that is no number from 1 and not 'unlimited'");
  }
  return out;
}

Result<TableSchema> parse_table(const json::Value& value) {
  const auto* columns = value.find("columns");
  if (columns == nullptr || columns->as_object() == nullptr) return bad("no columns");
  if (columns->as_object()->size() > kMaxColumns) return bad("more than " + std::to_string(kMaxColumns) + " columns");
  TableSchema out;
  for (const auto& member : *columns->as_object()) {
    if (!is_id(member.name)) return bad("a column whose name is no identifier");
    const auto* type = member.value.find("type");
    if (type == nullptr) return bad("column '" + member.name + "': no type");
    TRY(auto parsed, parse_type(*type).with_context("column '" + member.name + "'"));
    out.emplace(member.name, parsed);
  }
  return out;
}

Atom default_atom(AtomKind kind) {
  switch (kind) {
    case AtomKind::integer: return std::int64_t{0};
    case AtomKind::real: return 0.0;
    case AtomKind::boolean: return false;
    case AtomKind::uuid: return Uuid{"00000000-0000-0000-0000-000000000000"};
    case AtomKind::string:
    case AtomKind::named_uuid: break;
  }
  return std::string();
}

bool all_of_kind(const std::vector<Atom>& atoms, AtomKind kind) {
  return std::ranges::all_of(atoms, [kind](const Atom& atom) {
    return kind_of(atom) == kind || (kind == AtomKind::real && kind_of(atom) == AtomKind::integer);
  });
}

}  // namespace

bool ColumnType::admits(const Datum& datum) const {
  if (datum.is_map() != is_map() || (datum.empty() && !may_be_empty)) return false;
  if (max && datum.size() > static_cast<std::size_t>(*max)) return false;
  return all_of_kind(datum.keys(), key) && (!value || all_of_kind(datum.values(), *value));
}

Datum ColumnType::default_value() const {
  if (may_be_empty) return is_map() ? Datum::map({}) : Datum();
  if (is_map()) return Datum::map({{default_atom(key), default_atom(*value)}});
  return Datum(default_atom(key));
}

const TableSchema* Schema::find_table(std::string_view table) const {
  const auto at = tables.find(table);
  return at == tables.end() ? nullptr : &at->second;
}

const ColumnType* Schema::find_column(std::string_view table, std::string_view column) const {
  const auto* found = find_table(table);
  if (found == nullptr) return nullptr;
  const auto at = found->find(column);
  return at == found->end() ? nullptr : &at->second;
}

Result<Schema> parse_schema(const json::Value& value) {
  const auto* name = value.find("name");
  const auto* version = value.find("version");
  const auto* tables = value.find("tables");
  if (name == nullptr || name->as_string() == nullptr || !is_id(*name->as_string())) return bad("no name");
  if (version != nullptr && version->as_string() == nullptr) return bad("a version that is no string");
  if (tables == nullptr || tables->as_object() == nullptr) return bad("no tables");
  if (tables->as_object()->size() > kMaxTables) return bad("more than " + std::to_string(kMaxTables) + " tables");
  Schema out{.name = *name->as_string(), .version = version == nullptr ? "" : *version->as_string(), .tables = {}};
  for (const auto& member : *tables->as_object()) {
    if (!is_id(member.name)) return bad("a table whose name is no identifier");
    TRY(auto table, parse_table(member.value).with_context("table '" + member.name + "'"));
    out.tables.emplace(member.name, std::move(table));
  }
  return out;
}

}  // namespace pratique::ovsdb
