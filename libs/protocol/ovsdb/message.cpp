#include "libs/protocol/ovsdb/message.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error bad(std::string_view message) { return invalid(reason::kMessageInvalid, message); }

/// The member of that name; nullptr where it is absent or null.
const json::Value* present(const json::Value& object, std::string_view name) {
  const auto* found = object.find(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

Result<Message> parse_call(const json::Value& value, const json::Value& method) {
  if (present(value, "result") != nullptr || present(value, "error") != nullptr)
    return bad("a request with a result or an error");
  if (method.as_string() == nullptr || method.as_string()->empty()) return bad("a method that is no string");
  const auto* params = present(value, "params");
  if (params == nullptr || params->as_array() == nullptr) return bad("parameters that are no array");
  const auto* id = present(value, "id");
  if (id == nullptr) return Message(Notification{*method.as_string(), params});
  return Message(ServerRequest{id, *method.as_string(), params});
}

}  // namespace

Result<Message> parse_message(const json::Value& value) {
  if (value.as_object() == nullptr) return bad("a message that is no object");
  if (const auto* method = present(value, "method")) return parse_call(value, *method);
  if (value.find("params") != nullptr) return bad("parameters without a method");

  const auto* id = present(value, "id");
  if (id == nullptr || id->as_int() == nullptr || *id->as_int() < 0) return bad("an answer to no request of ours");
  const auto* result = present(value, "result");
  const auto* error = present(value, "error");
  if ((result == nullptr) == (error == nullptr)) return bad("an answer with a result and an error, or with neither");
  Answer answer{.id = static_cast<RequestId>(*id->as_int()), .result = result, .error = {}};
  if (error != nullptr) {
    TRY(answer.error, parse_error_object(*error));
  }
  return Message(std::move(answer));
}

std::string encode_request(RequestId id, std::string_view method, json::Value params) {
  auto out = json::Value::object();
  out.set("method", method).set("params", std::move(params)).set("id", static_cast<std::int64_t>(id));
  return out.dump();
}

std::string encode_answer(const json::Value& id, json::Value result) {
  auto out = json::Value::object();
  out.set("id", id).set("result", std::move(result)).set("error", json::Value());
  return out.dump();
}

}  // namespace pratique::ovsdb
