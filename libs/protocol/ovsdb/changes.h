// What changed in monitored tables: RFC 7047 section 4.1.6 <table-updates>, and Open vSwitch's <table-updates2>
// (ovsdb-server(7) section 4.1.14), which say the same differently:
//
//                 monitor (v1)                                monitor_cond (v2)
//   initial       the row                                     the row without columns at their defaults
//   insert        the row                                     the same
//   modify        the row now, and of the old one the         the differences alone: for a single value the new one,
//                 columns that changed                        for sets and maps what to put in and take out
//   remove        the row as it was                           nothing
//
// So v1 can be read by itself; v2 wants an Image (image.h), which knows the schema and the row before.
#pragma once

#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/row.h"

namespace pratique::ovsdb {

enum class MonitorVersion { v1, v2 };
enum class ChangeKind { initial, insert, modify, remove };
std::string_view to_string(ChangeKind kind);

struct RowChange {
  std::string table;
  Uuid uuid;
  ChangeKind kind = ChangeKind::initial;
  Row now = {};  // v1: the row; v2: the row, or the differences of a `modify`. Empty for `remove`
  Row old = {};  // v1 alone: the columns that changed, of `remove` all; else empty
};

/// Where the updates came: in the answer to the monitor request, where all rows are `initial`, or in a notification,
/// where none is.
enum class UpdateSource { answer, notification };

/// INVALID_ARGUMENT OVSDB_UPDATE_INVALID with the table and row in the message.
Result<std::vector<RowChange>> parse_table_updates(const json::Value& value, MonitorVersion version,
                                                   UpdateSource source);

}  // namespace pratique::ovsdb
