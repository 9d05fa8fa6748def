#include "libs/protocol/ovsdb/transact_result.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

using Shape = ExpectedResult::Shape;

Error bad(std::string_view message) { return invalid(reason::kResultInvalid, message); }

std::string numbered(std::size_t index, std::size_t count, std::string_view operation) {
  return "operation " + std::to_string(index + 1) + " of " + std::to_string(count) + " (" + std::string(operation) +
         ")";
}

Result<void> read_one(const json::Value& value, Shape shape, OperationResult& out) {
  const auto* members = value.as_object();
  if (members == nullptr) return bad(std::string(json::describe(value.kind())) + " where a result should be");
  const auto only = [&](std::string_view name) -> const json::Value* {
    return members->size() == 1 ? value.find(name) : nullptr;
  };
  switch (shape) {
    case Shape::empty:
      if (!members->empty()) return bad("a result with members where none belongs");
      return {};
    case Shape::count: {
      const auto* count = only("count");
      if (count == nullptr || count->as_int() == nullptr || *count->as_int() < 0)
        return bad("a result without a count");
      out.count = *count->as_int();
      return {};
    }
    case Shape::uuid: {
      const auto* uuid = only("uuid");
      if (uuid == nullptr) return bad("a result without a UUID");
      TRY(const auto atom, parse_atom(*uuid));
      if (kind_of(atom) != AtomKind::uuid) return bad("a result without a UUID");
      out.uuid = std::get<Uuid>(atom);
      return {};
    }
    case Shape::rows: {
      const auto* rows = only("rows");
      if (rows == nullptr || rows->as_array() == nullptr) return bad("a result without rows");
      out.rows.emplace();
      for (const auto& one : *rows->as_array()) {
        TRY(auto row, parse_row(one));
        out.rows->push_back(std::move(row));
      }
      return {};
    }
  }
  return bad("a result of no shape");
}

}  // namespace

ExpectedResult expect(const Operation& operation) {
  struct ShapeOf {
    Shape operator()(const Insert&) const { return Shape::uuid; }
    Shape operator()(const Select&) const { return Shape::rows; }
    Shape operator()(const Update&) const { return Shape::count; }
    Shape operator()(const Mutate&) const { return Shape::count; }
    Shape operator()(const Delete&) const { return Shape::count; }
    Shape operator()(const Wait&) const { return Shape::empty; }
    Shape operator()(const Commit&) const { return Shape::empty; }
    Shape operator()(const Abort&) const { return Shape::empty; }
    Shape operator()(const Comment&) const { return Shape::empty; }
    Shape operator()(const Assert&) const { return Shape::empty; }
  };
  return {std::visit(ShapeOf{}, operation), describe(operation)};
}

Result<TransactResult> parse_transact_result(const json::Value& result, std::span<const ExpectedResult> expected) {
  const auto* elements = result.as_array();
  const std::size_t count = expected.size();
  if (elements == nullptr) return bad("the result of a transaction is no array");
  if (elements->size() != count && elements->size() != count + 1)
    return bad(std::to_string(elements->size()) + " results of " + std::to_string(count) + " operations");

  TransactResult out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& element = (*elements)[i];
    OperationResult one{.operation = expected[i].operation, .count = {}, .uuid = {}, .rows = {}};
    const auto where = numbered(i, count, expected[i].operation);
    if (out.error) {
      if (!element.is_null()) return bad(where + ": a result behind an operation that failed");
    } else if (element.find("error") != nullptr) {
      TRY(auto error, parse_error_object(element).with_context(where));
      out.error = std::move(error);
      out.failed = i;
    } else {
      TRY_VOID(read_one(element, expected[i].shape, one).with_context(where));
      one.executed = true;
    }
    out.operations.push_back(std::move(one));
  }
  if (elements->size() == count) return out;
  if (out.error) return bad("an error of the commit beside one of an operation");
  if (elements->back().as_object() == nullptr) return bad("the commit's result is no error");
  TRY(auto error, parse_error_object(elements->back()).with_context("the commit"));
  out.error = std::move(error);
  return out;
}

std::string TransactResult::where() const {
  if (!failed) return "the commit";
  return numbered(*failed, operations.size(), operations[*failed].operation);
}

Result<void> TransactResult::require_done() const {
  if (error) return to_error(*error, reason::kTransactionFailed, where());
  return {};
}

Result<void> TransactResult::require_count(std::size_t operation, std::int64_t count) const {
  TRY_VOID(require_done());
  if (operation >= operations.size() || !operations[operation].count)
    return internal(reason::kNothingCounted, "the operation asked for counts no rows");
  const auto& one = operations[operation];
  if (*one.count == count) return {};
  const auto what = numbered(operation, operations.size(), one.operation);
  if (*one.count == 0) return not_found(reason::kNoSuchRow, what + ": no such row");
  return failed_precondition(reason::kCountUnexpected,
                             what + ": met " + std::to_string(*one.count) + " rows, not " + std::to_string(count));
}

Result<std::vector<Row>> TransactResult::rows(std::size_t operation) const {
  TRY_VOID(require_done());
  if (operation >= operations.size() || !operations[operation].rows)
    return internal(reason::kNothingSelected, "the operation asked for gives no rows");
  return *operations[operation].rows;
}

}  // namespace pratique::ovsdb
