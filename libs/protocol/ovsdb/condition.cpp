#include "libs/protocol/ovsdb/condition.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Result<json::Value> triple(const std::string& column, std::string_view word, const Datum& datum) {
  if (!is_id(column)) return invalid(reason::kValueUnsendable, "a column whose name is no identifier");
  TRY(auto value, encode_datum(datum).with_context("column '" + column + "'"));
  auto out = json::Value::array();
  out.push_back(column).push_back(word).push_back(std::move(value));
  return out;
}

}  // namespace

std::string_view to_string(Function function) {
  switch (function) {
    case Function::less: return "<";
    case Function::less_or_equal: return "<=";
    case Function::equal: return "==";
    case Function::not_equal: return "!=";
    case Function::greater_or_equal: return ">=";
    case Function::greater: return ">";
    case Function::includes: return "includes";
    case Function::excludes: return "excludes";
  }
  return "==";
}

std::string_view to_string(Mutator mutator) {
  switch (mutator) {
    case Mutator::add: return "+=";
    case Mutator::subtract: return "-=";
    case Mutator::multiply: return "*=";
    case Mutator::divide: return "/=";
    case Mutator::modulo: return "%=";
    case Mutator::insert: return "insert";
    case Mutator::remove: return "delete";
  }
  return "+=";
}

Result<json::Value> encode_where(const Where& where) {
  auto out = json::Value::array();
  for (const auto& condition : where) {
    TRY(auto one, triple(condition.column, to_string(condition.function), condition.value));
    out.push_back(std::move(one));
  }
  return out;
}

Result<json::Value> encode_mutations(const std::vector<Mutation>& mutations) {
  auto out = json::Value::array();
  for (const auto& mutation : mutations) {
    TRY(auto one, triple(mutation.column, to_string(mutation.mutator), mutation.value));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace pratique::ovsdb
