#include "libs/protocol/ovsdb/image.h"

#include <algorithm>

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error diverged(std::string_view message) { return failed_precondition(reason::kImageDiverged, message); }

/// ovsdb-server(7) section 4.1.14: the elements that belong to one of the sets alone.
Datum merge_set(const Datum& before, const Datum& difference) {
  std::vector<Atom> out;
  std::ranges::set_symmetric_difference(before.keys(), difference.keys(), std::back_inserter(out), less);
  return Datum::set(std::move(out));
}

/// A pair that stands in both as it is goes; else the difference's value counts.
Datum merge_map(const Datum& before, const Datum& difference) {
  std::vector<Datum::Pair> out;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!difference.contains(before.keys()[i])) out.emplace_back(before.keys()[i], before.values()[i]);
  for (std::size_t i = 0; i < difference.size(); ++i) {
    const auto& key = difference.keys()[i];
    const auto& value = difference.values()[i];
    const auto* was = before.find(key);
    if (was == nullptr || *was != value) out.emplace_back(key, value);
  }
  return Datum::map(std::move(out));
}

}  // namespace

Image::Image(Schema schema, MonitorRequests requests, std::size_t max_rows)
    : schema_(std::move(schema)), requests_(std::move(requests)), max_rows_(max_rows) {}

/// The columns of a row are those asked for, and hold what they can hold. Differences may be empty, and larger than
/// what the column holds in the end.
Result<void> Image::check(std::string_view table, const Row& row, bool differences) const {
  const auto asked = requests_.find(table);
  for (const auto& [column, datum] : row.columns()) {
    auto type = ColumnType{};
    if (const auto* known = schema_.find_column(table, column)) type = *known;
    else if (column == "_version") type.key = AtomKind::uuid;
    else return diverged("column '" + column + "': not in the schema");
    if (asked->second.columns && std::ranges::find(*asked->second.columns, column) == asked->second.columns->end())
      return diverged("column '" + column + "': was not asked for");
    if (differences && !type.is_single()) {
      type.may_be_empty = true;
      type.max.reset();
    }
    if (!type.admits(datum)) return diverged("column '" + column + "': cannot hold " + describe(datum));
  }
  return {};
}

Row Image::complete(std::string_view table, const Row& given) const {
  Row out = given;
  const auto add = [&](const std::string& column, const ColumnType& type) {
    if (out.find(column) == nullptr) out.set(column, type.default_value());
  };
  const auto& columns = requests_.find(table)->second.columns;
  const auto* schema = schema_.find_table(table);
  if (!columns) {
    for (const auto& [column, type] : *schema) add(column, type);
    return out;
  }
  for (const auto& column : *columns)
    if (const auto* type = schema_.find_column(table, column)) add(column, *type);
  return out;
}

Row Image::merge(std::string_view table, const Row& before, const Row& differences) const {
  Row out = before;
  for (const auto& [column, difference] : differences.columns()) {
    const auto* type = schema_.find_column(table, column);
    const auto* was = before.find(column);
    if (type == nullptr || type->is_single() || was == nullptr) out.set(column, difference);
    else out.set(column, type->is_map() ? merge_map(*was, difference) : merge_set(*was, difference));
  }
  return out;
}

Result<void> Image::apply(const RowChange& change, MonitorVersion version) {
  const auto where = "table '" + change.table + "': row " + change.uuid.text;
  if (!requests_.contains(change.table) || schema_.find_table(change.table) == nullptr)
    return diverged("table '" + change.table + "': is not monitored");
  auto& rows = tables_[change.table];
  const auto at = rows.find(change.uuid);
  const bool differences = version == MonitorVersion::v2 && change.kind == ChangeKind::modify;
  TRY_VOID(check(change.table, change.now, differences).with_context(where));

  switch (change.kind) {
    case ChangeKind::initial:
    case ChangeKind::insert:
      if (at != rows.end()) return diverged(where + ": is inserted and already there");
      if (size_ >= max_rows_)
        return Error{ErrorCode::resource_exhausted, std::string(reason::kImageFull),
                     "more than " + std::to_string(max_rows_) + " rows"};
      rows.emplace(change.uuid, complete(change.table, change.now));
      ++size_;
      return {};
    case ChangeKind::modify: {
      if (at == rows.end()) return diverged(where + ": is modified and not there");
      auto row = differences ? merge(change.table, at->second, change.now) : complete(change.table, change.now);
      if (differences) TRY_VOID(check(change.table, row, false).with_context(where));
      at->second = std::move(row);
      return {};
    }
    case ChangeKind::remove:
      if (at == rows.end()) return diverged(where + ": is removed and not there");
      rows.erase(at);
      --size_;
      return {};
  }
  return {};
}

const Image::Rows& Image::rows(std::string_view table) const {
  static const Rows kNone;
  const auto at = tables_.find(table);
  return at == tables_.end() ? kNone : at->second;
}

const Row* Image::find(std::string_view table, const Uuid& uuid) const {
  const auto& all = rows(table);
  const auto at = all.find(uuid);
  return at == all.end() ? nullptr : &at->second;
}

}  // namespace pratique::ovsdb
