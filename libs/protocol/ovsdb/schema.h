// A database's schema as far as a client needs it: RFC 7047 section 3.2.
//
// Constraints of values (ranges, enumerations) are the server's to keep and are not read; what a column can hold is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/protocol/ovsdb/datum.h"

namespace pratique::ovsdb {

inline constexpr std::size_t kMaxTables = 256;
inline constexpr std::size_t kMaxColumns = 1024;  // of a table

/// <type>: a set of `key`, or a map of `key` to `value`, with min to max members.
struct ColumnType {
  AtomKind key = AtomKind::string;      // never named_uuid
  std::optional<AtomKind> value = {};   // none: a set
  bool may_be_empty = false;            // min 0
  std::optional<std::int64_t> max = 1;  // none: unlimited

  bool is_map() const { return value.has_value(); }
  bool is_single() const { return max == 1; }
  /// Is this something that the column can hold? Reals may be written as integers.
  bool admits(const Datum& datum) const;
  /// RFC 7047 section 5.2.1: what the column holds where an insert says nothing of it.
  Datum default_value() const;
  bool operator==(const ColumnType&) const = default;
};

using TableSchema = std::map<std::string, ColumnType, std::less<>>;

struct Schema {
  std::string name;
  std::string version;  // may be empty: ovsdb-server lets it be left out
  std::map<std::string, TableSchema, std::less<>> tables;

  /// nullptr where there is none.
  const TableSchema* find_table(std::string_view table) const;
  const ColumnType* find_column(std::string_view table, std::string_view column) const;
};

/// INVALID_ARGUMENT OVSDB_SCHEMA_INVALID with the table and column in the message.
Result<Schema> parse_schema(const json::Value& value);

}  // namespace pratique::ovsdb
