#include "libs/protocol/ovsdb/session.h"

#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

Error breach(std::string_view reason, std::string_view message) { return invalid(reason, message); }
Error exhausted(std::string_view reason, std::string_view message) {
  return Error{ErrorCode::resource_exhausted, std::string(reason), std::string(message)};
}

json::Value list_of(std::initializer_list<json::Value> values) {
  auto out = json::Value::array();
  for (const auto& value : values) out.push_back(value);
  return out;
}

/// Names that the server knows us by: UTF-8, and what fits into a message of any size.
Result<void> check_name(std::string_view name) {
  TRY_VOID(encode_atom(Atom(std::string(name))).transform([](const json::Value&) { return true; }));
  if (name.empty() || name.size() > kMaxId) return invalid(reason::kValueUnsendable, "a name of no or too many bytes");
  return {};
}

bool is_empty_object(const json::Value& value) { return value.as_object() != nullptr && value.as_object()->empty(); }

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::list_dbs: return "list_dbs";
    case Method::get_schema: return "get_schema";
    case Method::transact: return "transact";
    case Method::monitor: return "monitor";
    case Method::monitor_cond: return "monitor_cond";
    case Method::monitor_cancel: return "monitor_cancel";
    case Method::echo: return "echo";
    case Method::lock: return "lock";
    case Method::steal: return "steal";
    case Method::unlock: return "unlock";
  }
  return "echo";
}

Session::Session(SessionLimits limits) : limits_(limits), reader_(limits.message), locks_(limits.max_locks) {}

std::vector<Event> Session::take_events() { return std::exchange(events_, {}); }
std::string Session::take_output() { return std::exchange(output_, {}); }

// --- what we ask ------------------------------------------------------------------------------------------------

Result<void> Session::room_for_one() const {
  if (broken_) return *broken_;
  if (pending_.size() >= limits_.max_pending)
    return exhausted(reason::kTooManyPending, std::to_string(pending_.size()) + " requests are without an answer");
  if (output_.size() >= limits_.max_output) return exhausted(reason::kOutputFull, "the output was not taken");
  return {};
}

Result<RequestId> Session::send(Pending pending, json::Value params) {
  TRY_VOID(room_for_one());
  const RequestId id = ++last_id_;
  output_ += encode_request(id, to_string(pending.method), std::move(params));
  pending_.emplace(id, std::move(pending));
  return id;
}

Result<RequestId> Session::list_dbs() { return send({Method::list_dbs, {}, {}}, json::Value::array()); }

Result<RequestId> Session::get_schema(std::string_view database) {
  TRY_VOID(check_name(database));
  return send({Method::get_schema, std::string(database), {}}, list_of({database}));
}

Result<RequestId> Session::transact(std::string_view database, const std::vector<Operation>& operations) {
  TRY_VOID(check_name(database));
  Pending pending{Method::transact, std::string(database), {}};
  auto params = list_of({database});
  for (const auto& operation : operations) {
    TRY(auto encoded, encode_operation(operation));
    params.push_back(std::move(encoded));
    pending.operations.push_back(expect(operation));
  }
  return send(std::move(pending), std::move(params));
}

Result<RequestId> Session::monitor(std::string_view database, std::string_view monitor, const MonitorRequests& requests,
                                   MonitorVersion version) {
  TRY_VOID(check_name(database));
  TRY_VOID(check_name(monitor));
  TRY(auto encoded, encode_monitor_requests(requests, version));
  if (monitors_.contains(monitor)) return failed_precondition(reason::kMonitorState, "that monitor is there already");
  if (monitors_.size() >= limits_.max_monitors) return exhausted(reason::kTooManyMonitors, "too many monitors");
  const auto method = version == MonitorVersion::v1 ? Method::monitor : Method::monitor_cond;
  TRY(const auto id, send({method, std::string(monitor), {}}, list_of({database, monitor, std::move(encoded)})));
  Monitor entry{.state = Monitor::State::asked, .version = version, .tables = {}};
  for (const auto& [table, request] : requests) entry.tables.insert(table);
  monitors_.emplace(monitor, std::move(entry));
  return id;
}

Result<RequestId> Session::monitor_cancel(std::string_view monitor) {
  const auto at = monitors_.find(monitor);
  if (at == monitors_.end() || at->second.state != Monitor::State::running)
    return failed_precondition(reason::kMonitorState, "that monitor is not running");
  TRY(const auto id, send({Method::monitor_cancel, std::string(monitor), {}}, list_of({monitor})));
  at->second.state = Monitor::State::leaving;
  return id;
}

Result<RequestId> Session::echo() { return send({Method::echo, {}, {}}, json::Value::array()); }

Result<RequestId> Session::ask_lock(Method method, std::string_view lock) {
  TRY_VOID(room_for_one());
  TRY_VOID(locks_.step(lock, method == Method::unlock ? LockStep::unlock : LockStep::ask));
  return send({method, std::string(lock), {}}, list_of({lock}));
}

Result<RequestId> Session::lock(std::string_view lock) { return ask_lock(Method::lock, lock); }
Result<RequestId> Session::steal(std::string_view lock) { return ask_lock(Method::steal, lock); }
Result<RequestId> Session::unlock(std::string_view lock) { return ask_lock(Method::unlock, lock); }

// --- what comes ---------------------------------------------------------------------------------------------------

Result<void> Session::receive(ByteView piece) {
  if (broken_) return *broken_;
  const auto read = [&]() -> Result<void> {
    while (true) {
      TRY(auto value, reader_.next(piece));
      if (!value) return {};
      TRY(auto message, parse_message(*value));
      TRY_VOID(handle(std::move(message)));
    }
  };
  auto done = read();
  if (!done) broken_ = done.error();
  return done;
}

Result<void> Session::handle(Message message) {
  if (const auto* request = std::get_if<ServerRequest>(&message)) return handle(*request);
  if (const auto* notification = std::get_if<Notification>(&message)) return handle(*notification);
  return handle(std::get<Answer>(std::move(message)));
}

/// 4.1.11: the answer's result is what the request had for parameters.
Result<void> Session::handle(const ServerRequest& request) {
  if (request.method != "echo")
    return breach(reason::kRequestForbidden, "the server asks for something other than an echo");
  auto answer = encode_answer(*request.id, *request.params);
  if (answer.size() > limits_.max_echo) return breach(reason::kEchoTooLarge, "an echo of too many bytes");
  if (output_.size() + answer.size() > limits_.max_output)
    return exhausted(reason::kOutputFull, "the answers to the server's echoes were not taken");
  output_ += answer;
  return {};
}

Result<void> Session::handle(const Notification& notification) {
  const auto& params = *notification.params->as_array();
  const auto unexpected = [&](std::string_view what) { return breach(reason::kNotificationUnexpected, what); };
  const auto* name = params.empty() ? nullptr : params.front().as_string();

  if (notification.method == "locked" || notification.method == "stolen") {
    if (params.size() != 1 || name == nullptr) return unexpected("a lock without a name");
    const bool locked = notification.method == "locked";
    if (!locks_.step(*name, locked ? LockStep::locked : LockStep::stolen))
      return unexpected("a lock that cannot be " + notification.method + " now");
    if (locks_.state(*name) == LockState::leaving) return {};
    if (locked) events_.push_back(LockGained{*name});
    else events_.push_back(LockStolen{*name});
    return {};
  }

  const bool v1 = notification.method == "update";
  if (!v1 && notification.method != "update2") return unexpected("a notification that nobody asked for");
  if (params.size() != 2 || name == nullptr) return unexpected("an update without a monitor");
  const auto at = monitors_.find(*name);
  if (at == monitors_.end() || at->second.state == Monitor::State::asked)
    return unexpected("an update of what is not monitored");
  if (at->second.version != (v1 ? MonitorVersion::v1 : MonitorVersion::v2))
    return unexpected("an update of another version than the monitor's");
  TRY(auto changes, read_updates(at->second, params[1], UpdateSource::notification));
  events_.push_back(Updated{at->first, at->second.version, std::move(changes)});
  return {};
}

Result<std::vector<RowChange>> Session::read_updates(const Monitor& monitor, const json::Value& updates,
                                                     UpdateSource source) const {
  TRY(auto changes, parse_table_updates(updates, monitor.version, source));
  for (const auto& change : changes)
    if (!monitor.tables.contains(change.table))
      return breach(reason::kUpdateInvalid, "table '" + change.table + "': is not monitored");
  return changes;
}

Result<void> Session::handle(Answer answer) {
  const auto at = pending_.find(answer.id);
  const auto named = "answer " + std::to_string(answer.id);
  if (at == pending_.end()) {
    if (answer.id >= 1 && answer.id <= last_id_) return breach(reason::kAnswerRepeated, named + ": was given already");
    return breach(reason::kAnswerUnknown, named + ": was never asked for");
  }
  const auto pending = std::move(at->second);
  pending_.erase(at);
  if (answer.error) {
    refuse(answer.id, pending, *std::move(answer.error));
    return {};
  }
  TRY(auto event, read_answer(answer.id, pending, *answer.result)
                      .with_context(named + " (" + std::string(to_string(pending.method)) + ")"));
  events_.push_back(std::move(event));
  return {};
}

void Session::refuse(RequestId id, const Pending& pending, ErrorObject error) {
  switch (pending.method) {
    case Method::monitor:
    case Method::monitor_cond:
    case Method::monitor_cancel: monitors_.erase(monitors_.find(pending.subject)); break;
    case Method::lock:
    case Method::steal:
    case Method::unlock: locks_.forget(pending.subject); break;
    case Method::list_dbs:
    case Method::get_schema:
    case Method::transact:
    case Method::echo: break;
  }
  events_.push_back(Refused{id, pending.method, std::move(error)});
}

Result<Event> Session::read_answer(RequestId id, const Pending& pending, const json::Value& result) {
  const auto wrong = [](std::string_view what) { return breach(reason::kResultInvalid, what); };
  switch (pending.method) {
    case Method::list_dbs: {
      if (result.as_array() == nullptr || result.as_array()->size() > limits_.max_databases)
        return wrong("not a list of databases, or too long a one");
      DatabasesListed out{id, {}};
      for (const auto& name : *result.as_array()) {
        if (name.as_string() == nullptr) return wrong("a database without a name");
        out.names.push_back(*name.as_string());
      }
      return Event(std::move(out));
    }
    case Method::get_schema: {
      TRY(auto schema, parse_schema(result));
      if (schema.name != pending.subject) return wrong("the schema of another database");
      return Event(SchemaGiven{id, std::move(schema)});
    }
    case Method::transact: {
      TRY(auto parsed, parse_transact_result(result, pending.operations));
      return Event(Transacted{id, std::move(parsed)});
    }
    case Method::monitor:
    case Method::monitor_cond: {
      auto& monitor = monitors_.find(pending.subject)->second;
      TRY(auto changes, read_updates(monitor, result, UpdateSource::answer));
      monitor.state = Monitor::State::running;
      return Event(Monitoring{id, pending.subject, monitor.version, std::move(changes)});
    }
    case Method::monitor_cancel:
      if (!is_empty_object(result)) return wrong("not an empty object");
      monitors_.erase(monitors_.find(pending.subject));
      return Event(MonitorCancelled{id, pending.subject});
    case Method::echo:
      if (result.as_array() == nullptr || !result.as_array()->empty()) return wrong("not what the echo was to be");
      return Event(Echoed{id});
    case Method::lock:
    case Method::steal: {
      const auto* locked = result.find("locked");
      if (locked == nullptr || locked->as_bool() == nullptr) return wrong("no word on whether it is locked");
      if (pending.method == Method::steal && !*locked->as_bool()) return wrong("a lock that could not be stolen");
      TRY_VOID(locks_.step(pending.subject, *locked->as_bool() ? LockStep::granted : LockStep::queued));
      return Event(LockAnswered{id, pending.subject, *locked->as_bool()});
    }
    case Method::unlock:
      if (!is_empty_object(result)) return wrong("not an empty object");
      TRY_VOID(locks_.step(pending.subject, LockStep::unlocked));
      return Event(Unlocked{id, pending.subject});
  }
  return wrong("an answer to nothing");
}

}  // namespace pratique::ovsdb
