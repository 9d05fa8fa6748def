// What a transaction did: RFC 7047 section 4.1.3.
//
// The result has one element for each operation. Where one failed it is an error and all after it are null; where all
// went well but the whole could not be committed, one more element says why. Either way nothing was changed.
//
// "No such row" is no error: an update that met no row counts 0. `require_count` makes one of it:
//
//   TRY_VOID(result.require_done());                  // nothing was refused
//   TRY_VOID(result.require_count(0, 1));             // NOT_FOUND OVSDB_NO_SUCH_ROW where the port does not exist
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/protocol/ovsdb/error_object.h"
#include "libs/protocol/ovsdb/operation.h"

namespace pratique::ovsdb {

struct OperationResult {
  std::string operation;                 // "update Port"
  std::optional<std::int64_t> count;     // update, mutate, delete
  std::optional<Uuid> uuid;              // insert
  std::optional<std::vector<Row>> rows;  // select
  bool executed = false;                 // false: it failed, or stands behind one that failed
};

struct TransactResult {
  std::vector<OperationResult> operations;  // as many as were asked
  std::optional<ErrorObject> error;         // none: committed
  std::optional<std::size_t> failed;        // the operation that `error` is of; none: the commit itself

  bool committed() const { return !error; }
  /// "operation 2 of 3 (update Port)" or "the commit": where the error is.
  std::string where() const;
  /// to_error() of the error with reason OVSDB_TRANSACTION_FAILED; its message names the operation.
  Result<void> require_done() const;
  /// require_done(), and that this operation met exactly so many rows: NOT_FOUND OVSDB_NO_SUCH_ROW for none,
  /// FAILED_PRECONDITION OVSDB_COUNT_UNEXPECTED for another number. INTERNAL for an operation that counts nothing.
  Result<void> require_count(std::size_t operation, std::int64_t count) const;
  /// The rows of a select; INTERNAL for another operation.
  Result<std::vector<Row>> rows(std::size_t operation) const;
};

/// What the answer to an operation must look like, without keeping the operation.
struct ExpectedResult {
  enum class Shape { empty, count, uuid, rows } shape = Shape::empty;
  std::string operation;  // describe()
};
ExpectedResult expect(const Operation& operation);

/// INVALID_ARGUMENT OVSDB_RESULT_INVALID where the result is not what these operations can give.
Result<TransactResult> parse_transact_result(const json::Value& result, std::span<const ExpectedResult> expected);

}  // namespace pratique::ovsdb
