// A row, or those columns of one that were asked for: RFC 7047 section 5.1 <row>.
//
//   TRY(const auto name, row.string_at("name"));
//   TRY(const auto tag, row.optional_int("tag"));
//   // INVALID_ARGUMENT OVSDB_COLUMN_TYPE "column 'tag': expected at most one integer, found a set of 2"
//   // INVALID_ARGUMENT OVSDB_COLUMN_MISSING "column 'tag': is missing"
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/datum.h"

namespace pratique::ovsdb {

using StringMap = std::map<std::string, std::string, std::less<>>;

class Row {
 public:
  using Columns = std::map<std::string, Datum, std::less<>>;

  Row() = default;
  Row(std::initializer_list<Columns::value_type> columns) : columns_(columns) {}

  const Columns& columns() const { return columns_; }
  bool empty() const { return columns_.empty(); }
  const Datum* find(std::string_view column) const;
  Row& set(std::string_view column, Datum datum);

  /// Exactly one value of that kind.
  Result<std::string> string_at(std::string_view column) const;
  Result<std::int64_t> int_at(std::string_view column) const;
  Result<double> real_at(std::string_view column) const;  // integers too
  Result<bool> bool_at(std::string_view column) const;
  Result<Uuid> uuid_at(std::string_view column) const;
  /// One value, or none where the set is empty. The column must be there.
  Result<std::optional<std::string>> optional_string(std::string_view column) const;
  Result<std::optional<std::int64_t>> optional_int(std::string_view column) const;
  Result<std::optional<bool>> optional_bool(std::string_view column) const;
  Result<std::optional<Uuid>> optional_uuid(std::string_view column) const;
  /// Any number of values.
  Result<std::vector<std::string>> strings_at(std::string_view column) const;
  Result<std::vector<std::int64_t>> ints_at(std::string_view column) const;
  Result<std::vector<Uuid>> uuids_at(std::string_view column) const;
  Result<StringMap> string_map_at(std::string_view column) const;

  bool operator==(const Row&) const = default;

 private:
  Result<const Datum*> at(std::string_view column) const;
  template <typename T>
  Result<T> one(std::string_view column, AtomKind kind) const;
  template <typename T>
  Result<std::optional<T>> at_most_one(std::string_view column, AtomKind kind) const;
  template <typename T>
  Result<std::vector<T>> all(std::string_view column, AtomKind kind) const;

  Columns columns_;
};

/// INVALID_ARGUMENT OVSDB_VALUE_INVALID with the column in the message.
Result<Row> parse_row(const json::Value& value);
/// INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE with the column in the message.
Result<json::Value> encode_row(const Row& row);

}  // namespace pratique::ovsdb
