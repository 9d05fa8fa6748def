// The operations of a transaction: RFC 7047 section 5.2.
//
// A transaction is atomic: an operation that fails undoes all. But to change no row is no failure (`count` 0): see
// transact_result.h, and Wait for a transaction that must find its row or do nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/condition.h"
#include "libs/protocol/ovsdb/row.h"

namespace pratique::ovsdb {

/// 5.2.1. A row of a table that is no root is swept away, without an error, unless something refers to it.
struct Insert {
  std::string table;
  Row row;
  std::string uuid_name = {};  // an <id> for NamedUuid elsewhere in the transaction; empty: none
};
/// 5.2.2. No columns: all of them.
struct Select {
  std::string table;
  Where where;
  std::optional<std::vector<std::string>> columns = std::nullopt;
};
/// 5.2.3
struct Update {
  std::string table;
  Where where;
  Row row;
};
/// 5.2.4. In order.
struct Mutate {
  std::string table;
  Where where;
  std::vector<Mutation> mutations;
};
/// 5.2.5
struct Delete {
  std::string table;
  Where where;
};
/// 5.2.6. Holds the transaction back until the columns of the rows are (`equal`) or are not (`not equal`) `rows`, at
/// most so long; then it fails with "timed out". Zero: must hold now. None: for ever.
struct Wait {
  std::optional<std::chrono::milliseconds> timeout;
  std::string table;
  Where where;
  std::vector<std::string> columns;
  bool until_equal = true;
  std::vector<Row> rows;
};
/// 5.2.7: answered only when it is on disk.
struct Commit {
  bool durable = true;
};
/// 5.2.8
struct Abort {};
/// 5.2.9: stands in the server's log beside the change.
struct Comment {
  std::string text;
};
/// 5.2.10: this session holds the lock.
struct Assert {
  std::string lock;
};

using Operation = std::variant<Insert, Select, Update, Mutate, Delete, Wait, Commit, Abort, Comment, Assert>;

/// "update Port", "abort", …
std::string describe(const Operation& operation);
/// INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE, the message with the operation and the column.
Result<json::Value> encode_operation(const Operation& operation);

}  // namespace pratique::ovsdb
