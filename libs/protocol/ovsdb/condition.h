// Which rows, and how to change what is in them: RFC 7047 section 5.1 <condition> and <mutation>.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/datum.h"

namespace pratique::ovsdb {

enum class Function { less, less_or_equal, equal, not_equal, greater_or_equal, greater, includes, excludes };
std::string_view to_string(Function function);

/// [column, function, value]. `equal` on a set or map means the whole of it; "has this member" is `includes`.
struct Condition {
  std::string column;
  Function function = Function::equal;
  Datum value;
};
/// All of them must hold; none: every row.
using Where = std::vector<Condition>;

enum class Mutator { add, subtract, multiply, divide, modulo, insert, remove };
std::string_view to_string(Mutator mutator);

/// [column, mutator, value]. On a map `insert` leaves a key that is there as it is: to set one, `remove` it first.
/// `remove` of a map takes a set of keys, or a map of the pairs to take out.
struct Mutation {
  std::string column;
  Mutator mutator = Mutator::add;
  Datum value;
};

/// INVALID_ARGUMENT OVSDB_VALUE_UNSENDABLE with the column in the message.
Result<json::Value> encode_where(const Where& where);
Result<json::Value> encode_mutations(const std::vector<Mutation>& mutations);

}  // namespace pratique::ovsdb
