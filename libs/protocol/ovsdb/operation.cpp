#include "libs/protocol/ovsdb/operation.h"

#include "libs/codec/json/utf8.h"
#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error unsendable(std::string_view message) { return invalid(reason::kValueUnsendable, message); }

std::string_view word(const Operation& operation) {
  static constexpr std::string_view kWords[] = {"insert", "select", "update", "mutate",  "delete",
                                                "wait",   "commit", "abort",  "comment", "assert"};
  static_assert(std::size(kWords) == std::variant_size_v<Operation>);
  return kWords[operation.index()];
}

Result<json::Value> columns_of(const std::vector<std::string>& columns) {
  auto out = json::Value::array();
  for (const auto& column : columns) {
    if (!is_id(column)) return unsendable("a column whose name is no identifier");
    out.push_back(column);
  }
  return out;
}

/// The members of each operation beside "op" and "table", in the order of RFC 7047.
struct Members {
  json::Value& out;

  Result<void> where(const Where& where) const {
    TRY(auto value, encode_where(where));
    out.set("where", std::move(value));
    return {};
  }
  Result<void> row(const Row& row) const {
    TRY(auto value, encode_row(row));
    out.set("row", std::move(value));
    return {};
  }

  Result<void> operator()(const Insert& insert) const {
    TRY_VOID(row(insert.row));
    if (insert.uuid_name.empty()) return {};
    if (!is_id(insert.uuid_name)) return unsendable("a name for the UUID that is no identifier");
    out.set("uuid-name", insert.uuid_name);
    return {};
  }
  Result<void> operator()(const Select& select) const {
    TRY_VOID(where(select.where));
    if (!select.columns) return {};
    TRY(auto columns, columns_of(*select.columns));
    out.set("columns", std::move(columns));
    return {};
  }
  Result<void> operator()(const Update& update) const {
    TRY_VOID(where(update.where));
    return row(update.row);
  }
  Result<void> operator()(const Mutate& mutate) const {
    TRY_VOID(where(mutate.where));
    TRY(auto mutations, encode_mutations(mutate.mutations));
    out.set("mutations", std::move(mutations));
    return {};
  }
  Result<void> operator()(const Delete& remove) const { return where(remove.where); }
  Result<void> operator()(const Wait& wait) const {
    if (wait.timeout) {
      if (wait.timeout->count() < 0) return unsendable("a time of less than nothing");
      out.set("timeout", std::int64_t{wait.timeout->count()});
    }
    TRY_VOID(where(wait.where));
    TRY(auto columns, columns_of(wait.columns));
    out.set("columns", std::move(columns));
    out.set("until", wait.until_equal ? "==" : "!=");
    auto rows = json::Value::array();
    for (const auto& one : wait.rows) {
      TRY(auto value, encode_row(one));
      rows.push_back(std::move(value));
    }
    out.set("rows", std::move(rows));
    return {};
  }
  Result<void> operator()(const Commit& commit) const {
    out.set("durable", commit.durable);
    return {};
  }
  Result<void> operator()(const Abort&) const { return {}; }
  Result<void> operator()(const Comment& comment) const {
    if (comment.text.find('\0') != std::string::npos || !json::utf8_valid(comment.text))
      return unsendable("a comment that is not UTF-8");
    out.set("comment", comment.text);
    return {};
  }
  Result<void> operator()(const Assert& assertion) const {
    if (!is_id(assertion.lock)) return unsendable("a lock whose name is no identifier");
    out.set("lock", assertion.lock);
    return {};
  }
};

const std::string* table_of(const Operation& operation) {
  return std::visit(
      [](const auto& one) -> const std::string* {
        if constexpr (requires { one.table; }) return &one.table;
        else return nullptr;
      },
      operation);
}

}  // namespace

std::string describe(const Operation& operation) {
  const auto* table = table_of(operation);
  return std::string(word(operation)) + (table == nullptr ? "" : " " + *table);
}

Result<json::Value> encode_operation(const Operation& operation) {
  auto out = json::Value::object();
  out.set("op", word(operation));
  if (const auto* table = table_of(operation)) {
    if (!is_id(*table)) return unsendable(std::string(word(operation)) + ": a table whose name is no identifier");
    out.set("table", *table);
  }
  TRY_VOID(std::visit(Members{out}, operation).with_context(describe(operation)));
  return out;
}

}  // namespace pratique::ovsdb
