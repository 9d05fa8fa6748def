// The envelope: JSON-RPC 1.0 as RFC 7047 section 4 uses it.
//
//   {"method":"transact","params":[…],"id":7}      a request
//   {"id":7,"result":…,"error":null}               its answer
//   {"method":"update","params":[…],"id":null}     a notification
//
// ovsdb-server leaves `result` out of an answer whose `error` is set; what is absent counts as null.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"
#include "libs/protocol/ovsdb/error_object.h"

namespace pratique::ovsdb {

using RequestId = std::uint64_t;

/// The server asks; RFC 7047 lets it ask for nothing but an echo.
struct ServerRequest {
  const json::Value* id;  // anything but null
  std::string method;
  const json::Value* params;  // an array
};
struct Notification {
  std::string method;
  const json::Value* params;  // an array
};
struct Answer {
  RequestId id = 0;
  const json::Value* result;  // nullptr where there is an error
  std::optional<ErrorObject> error;
};
using Message = std::variant<ServerRequest, Notification, Answer>;

/// The message points into `value` (a whole database may be in it), which must outlive it.
/// INVALID_ARGUMENT OVSDB_MESSAGE_INVALID: neither of the three, more than one of them at once, an answer with both a
/// result and an error or with neither, parameters that are no array, an id that we cannot have given.
Result<Message> parse_message(const json::Value& value);

std::string encode_request(RequestId id, std::string_view method, json::Value params);
std::string encode_answer(const json::Value& id, json::Value result);

}  // namespace pratique::ovsdb
