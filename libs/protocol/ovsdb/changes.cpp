#include "libs/protocol/ovsdb/changes.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error bad(std::string_view message) { return invalid(reason::kUpdateInvalid, message); }

/// <row-update>: "old", "new" or both.
Result<void> read_v1(const json::Value& value, UpdateSource source, RowChange& out) {
  const auto* now = value.find("new");
  const auto* old = value.find("old");
  const std::size_t known = (now != nullptr ? 1U : 0U) + (old != nullptr ? 1U : 0U);
  if (known == 0 || value.as_object()->size() != known) return bad("neither new nor old, or something else");
  if (source == UpdateSource::answer && old != nullptr) return bad("something old among the initial rows");
  if (now != nullptr) {
    TRY(out.now, parse_row(*now));
  }
  if (old != nullptr) {
    TRY(out.old, parse_row(*old));
  }
  if (source == UpdateSource::answer) out.kind = ChangeKind::initial;
  else if (old == nullptr) out.kind = ChangeKind::insert;
  else out.kind = now == nullptr ? ChangeKind::remove : ChangeKind::modify;
  return {};
}

/// <row-update2>: one of four.
Result<void> read_v2(const json::Value& value, UpdateSource source, RowChange& out) {
  const auto& members = *value.as_object();
  if (members.size() != 1) return bad("not one kind of change");
  const auto& [name, row] = members.front();
  if (name == "initial") out.kind = ChangeKind::initial;
  else if (name == "insert") out.kind = ChangeKind::insert;
  else if (name == "modify") out.kind = ChangeKind::modify;
  else if (name == "delete") out.kind = ChangeKind::remove;
  else return bad("an unknown kind of change");
  if ((out.kind == ChangeKind::initial) != (source == UpdateSource::answer))
    return bad("'" + name + "' where it does not belong");
  if (out.kind == ChangeKind::remove) {
    if (!row.is_null()) return bad("a removed row with contents");
    return {};
  }
  TRY(out.now, parse_row(row));
  return {};
}

}  // namespace

std::string_view to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::initial: return "initial";
    case ChangeKind::insert: return "insert";
    case ChangeKind::modify: return "modify";
    case ChangeKind::remove: return "remove";
  }
  return "initial";
}

Result<std::vector<RowChange>> parse_table_updates(const json::Value& value, MonitorVersion version,
                                                   UpdateSource source) {
  const auto* tables = value.as_object();
  if (tables == nullptr) return bad("updates that are no object");
  std::vector<RowChange> out;
  for (const auto& table : *tables) {
    const auto* rows = table.value.as_object();
    if (!is_id(table.name) || rows == nullptr) return bad("a table that is no object, or has no name");
    for (const auto& row : *rows) {
      const auto where = "table '" + table.name + "'";
      auto uuid = Uuid::parse(row.name);
      if (!uuid) return bad(where + ": a row whose name is no UUID");
      RowChange change{.table = table.name, .uuid = *std::move(uuid)};
      const auto here = where + ": row " + change.uuid.text;
      if (row.value.as_object() == nullptr) return bad(here + ": a change that is no object");
      auto read =
          version == MonitorVersion::v1 ? read_v1(row.value, source, change) : read_v2(row.value, source, change);
      TRY_VOID(std::move(read).with_context(here));
      out.push_back(std::move(change));
    }
  }
  return out;
}

}  // namespace pratique::ovsdb
