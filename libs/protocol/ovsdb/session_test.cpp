#include "libs/protocol/ovsdb/session.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

const std::string kRow = "550e8400-e29b-41d4-a716-446655440000";
const std::string kPorts = R"({"Port":{")" + kRow + R"(":{"new":{"name":"p1","tag":["set",[]]}}}})";
const MonitorRequests kWatch = {{"Port", {.columns = std::vector<std::string>{"name", "tag"}}}};

std::string answer(RequestId id, const std::string& result) {
  return R"({"id":)" + std::to_string(id) + R"(,"result":)" + result + R"(,"error":null})";
}
std::string refusal(RequestId id, const std::string& error) {
  return R"({"id":)" + std::to_string(id) + R"(,"error":)" + error + "}";
}
std::string notice(const std::string& method, const std::string& params) {
  return R"({"id":null,"method":")" + method + R"(","params":)" + params + "}";
}
/// "" or the reason of the error.
std::string hear(Session& session, const std::string& text) {
  const auto heard = session.receive(as_bytes(text));
  return heard ? "" : heard.error().reason;
}
/// The one event that came.
template <typename T>
T event(Session& session) {
  auto events = session.take_events();
  REQUIRE(events.size() == 1);
  REQUIRE(std::holds_alternative<T>(events[0]));
  return std::get<T>(std::move(events[0]));
}
Operation set_tag(int tag) { return Update{"Port", {{"name", Function::equal, "p1"}}, {{"tag", tag}}}; }

/// A session with the monitor "m" of that version, running.
Session monitoring(MonitorVersion version) {
  Session session;
  const auto id = session.monitor("Open_vSwitch", "m", kWatch, version);
  REQUIRE(id);
  REQUIRE(hear(session, answer(*id, version == MonitorVersion::v1 ? kPorts : "{}")).empty());
  (void)session.take_events();
  (void)session.take_output();
  return session;
}

}  // namespace

TEST_CASE("requests are written and their answers are events", "[protocol][ovsdb]") {
  Session session;
  REQUIRE(session.list_dbs());
  REQUIRE(session.get_schema("Open_vSwitch"));
  REQUIRE(session.transact("Open_vSwitch", {set_tag(42), Comment{"why"}}));
  REQUIRE(session.echo());
  CHECK(session.take_output() ==
        R"({"method":"list_dbs","params":[],"id":1})"
        R"({"method":"get_schema","params":["Open_vSwitch"],"id":2})"
        R"({"method":"transact","params":["Open_vSwitch",{"op":"update","table":"Port","where":[["name","==","p1"]],)"
        R"("row":{"tag":42}},{"op":"comment","comment":"why"}],"id":3})"
        R"({"method":"echo","params":[],"id":4})");
  CHECK(session.take_output().empty());
  CHECK(session.pending() == 4);

  // In any order; an answer may overtake another.
  CHECK(hear(session, answer(4, "[]") + answer(3, R"([{"count":1},{}])")).empty());
  auto events = session.take_events();
  REQUIRE(events.size() == 2);
  CHECK(std::get<Echoed>(events[0]).request == 4);
  CHECK(std::get<Transacted>(events[1]).result.require_count(0, 1));
  CHECK(hear(session, answer(1, R"(["Open_vSwitch","_Server"])")).empty());
  CHECK(event<DatabasesListed>(session).names == std::vector<std::string>{"Open_vSwitch", "_Server"});
  CHECK(hear(session, answer(2, R"({"name":"Open_vSwitch","tables":{}})")).empty());
  CHECK(event<SchemaGiven>(session).schema.name == "Open_vSwitch");
  CHECK(session.pending() == 0);
}

TEST_CASE("a session may be cut at every byte", "[protocol][ovsdb]") {
  const std::string talk = answer(1, kPorts) + R"({"id":"echo","method":"echo","params":["x"]})" +
                           notice("update", R"(["m",{"Port":{")" + kRow + R"(":{"old":{"name":"p1"}}}}])") +
                           answer(2, R"([{"count":1}])");
  for (std::size_t at = 0; at <= talk.size(); ++at) {
    CAPTURE(at);
    Session session;
    REQUIRE(session.monitor("Open_vSwitch", "m", kWatch));
    REQUIRE(session.transact("Open_vSwitch", {set_tag(1)}));
    (void)session.take_output();
    CHECK(hear(session, talk.substr(0, at)).empty());
    CHECK(hear(session, talk.substr(at)).empty());
    const auto events = session.take_events();
    REQUIRE(events.size() == 3);
    CHECK(std::get<Monitoring>(events[0]).changes.size() == 1);
    CHECK(std::get<Updated>(events[1]).changes[0].kind == ChangeKind::remove);
    CHECK(std::get<Transacted>(events[2]).request == 2);
    CHECK(session.take_output() == R"({"id":"echo","result":["x"],"error":null})");
  }
}

TEST_CASE("an answer that nobody waits for ends the session", "[protocol][ovsdb]") {
  const auto end = [](const std::string& text) {
    Session session;
    REQUIRE(session.echo());
    REQUIRE(session.echo());
    REQUIRE(hear(session, answer(1, "[]")).empty());
    return hear(session, text);
  };
  CHECK(end(answer(2, "[]")).empty());
  CHECK(end(answer(1, "[]")) == "OVSDB_ANSWER_REPEATED");
  CHECK(end(refusal(1, "\"x\"")) == "OVSDB_ANSWER_REPEATED");
  CHECK(end(answer(2, "[]") + answer(2, "[]")) == "OVSDB_ANSWER_REPEATED");
  CHECK(end(answer(3, "[]")) == "OVSDB_ANSWER_UNKNOWN");
  CHECK(end(answer(0, "[]")) == "OVSDB_ANSWER_UNKNOWN");
  CHECK(end(R"({"id":-1,"result":[],"error":null})") == "OVSDB_MESSAGE_INVALID");
  CHECK(end(R"({"id":"2","result":[],"error":null})") == "OVSDB_MESSAGE_INVALID");
  CHECK(end(R"({"id":2.0,"result":[],"error":null})") == "OVSDB_MESSAGE_INVALID");
  CHECK(end(R"({"id":null,"result":[],"error":null})") == "OVSDB_MESSAGE_INVALID");
}

TEST_CASE("a message that is none of three ends the session", "[protocol][ovsdb]") {
  for (const std::string bad :
       {"{}", R"({"id":1})", R"({"id":1,"result":null,"error":null})", R"({"id":1,"result":[],"error":"x"})",
        R"({"id":1,"result":[],"params":[]})", R"({"id":1,"method":"echo","params":[],"result":[]})",
        R"({"id":1,"method":"echo"})", R"({"id":1,"method":"echo","params":{}})", R"({"id":1,"method":7,"params":[]})",
        R"({"id":1,"method":"","params":[]})", R"({"id":null,"method":"update"})"}) {
    CAPTURE(bad);
    Session session;
    REQUIRE(session.echo());
    CHECK(hear(session, bad) == "OVSDB_MESSAGE_INVALID");
  }
  Session session;
  REQUIRE(session.echo());
  CHECK(hear(session, R"({"id":1,"error":7})") == "OVSDB_RESULT_INVALID");
}

TEST_CASE("the end of a session is final, and what came before is kept", "[protocol][ovsdb]") {
  Session session;
  REQUIRE(session.echo());
  REQUIRE(session.echo());
  CHECK(hear(session, answer(1, "[]") + answer(9, "[]") + answer(2, "[]")) == "OVSDB_ANSWER_UNKNOWN");
  CHECK(event<Echoed>(session).request == 1);
  REQUIRE(session.broken());
  CHECK(hear(session, answer(2, "[]")) == "OVSDB_ANSWER_UNKNOWN");
  CHECK(session.take_events().empty());
  CHECK(session.echo().error().reason == "OVSDB_ANSWER_UNKNOWN");
  CHECK(session.lock("a").error().reason == "OVSDB_ANSWER_UNKNOWN");
  CHECK(session.lock_state("a") == LockState::none);
}

TEST_CASE("a result of another shape than was asked for ends the session", "[protocol][ovsdb]") {
  const auto end = [](auto ask, const std::string& result) {
    Session session;
    const Result<RequestId> id = ask(session);
    REQUIRE(id);
    return hear(session, answer(*id, result));
  };
  const auto list = [](Session& s) { return s.list_dbs(); };
  const auto get = [](Session& s) { return s.get_schema("D"); };
  const auto write = [](Session& s) { return s.transact("D", {set_tag(1)}); };
  const auto echo = [](Session& s) { return s.echo(); };
  const auto watch = [](Session& s) { return s.monitor("D", "m", kWatch); };
  const auto lock = [](Session& s) { return s.lock("l"); };
  const auto steal = [](Session& s) { return s.steal("l"); };
  for (const auto* bad : {"{}", "[1]", "true", R"([["a"]])"}) CHECK(end(list, bad) == "OVSDB_RESULT_INVALID");
  CHECK(end(get, "[]") == "OVSDB_SCHEMA_INVALID");
  CHECK(end(get, R"({"name":"E","tables":{}})") == "OVSDB_RESULT_INVALID");
  for (const auto* bad : {"{}", "[]", "[{}]", R"([{"count":1},{"count":1}])", R"([{"rows":[]}])"})
    CHECK(end(write, bad) == "OVSDB_RESULT_INVALID");
  for (const auto* bad : {"{}", "[1]", "\"x\""}) CHECK(end(echo, bad) == "OVSDB_RESULT_INVALID");
  for (const auto* bad : {"[]", R"({"Bridge":{}, "Port":{"x":{}}})", R"({"Port":{"x":{"new":{}}}})"})
    CHECK(end(watch, bad) == "OVSDB_UPDATE_INVALID");
  CHECK(end(watch, R"({"Bridge":{")" + kRow + R"(":{"new":{}}}})") == "OVSDB_UPDATE_INVALID");
  for (const auto* bad : {"{}", "true", R"({"locked":1})"}) CHECK(end(lock, bad) == "OVSDB_RESULT_INVALID");
  CHECK(end(steal, R"({"locked":false})") == "OVSDB_RESULT_INVALID");

  Session session;
  REQUIRE(session.transact("D", {set_tag(1)}));
  const auto heard = session.receive(as_bytes(answer(1, R"([{"count":-1}])")));
  REQUIRE_FALSE(heard);
  CHECK(heard.error().message == "answer 1 (transact): operation 1 of 1 (update Port): a result without a count");
}

TEST_CASE("a request that the server refuses is an event", "[protocol][ovsdb]") {
  Session session;
  REQUIRE(session.transact("nope", {set_tag(1)}));
  REQUIRE(session.monitor("D", "m", kWatch));
  CHECK(hear(session, refusal(1, R"({"error":"unknown database","details":"nope","syntax":"[]"})")).empty());
  auto refused = event<Refused>(session);
  CHECK(refused.request == 1);
  CHECK(refused.method == Method::transact);
  CHECK(refused.error == ErrorObject{"unknown database", "nope"});
  CHECK(hear(session, R"({"id":2,"result":null,"error":"unknown method"})").empty());
  CHECK(event<Refused>(session).error.error == "unknown method");
  REQUIRE(session.monitor("D", "m", kWatch));  // the name is free again
  CHECK_FALSE(session.broken());
}

TEST_CASE("the server's echo is answered, and nothing else that it may ask", "[protocol][ovsdb]") {
  Session session;
  CHECK(hear(session, R"({"id":"echo","method":"echo","params":[]})").empty());
  CHECK(hear(session, R"({"id":{"a":[1]},"method":"echo","params":["x",{"y":null}]})").empty());
  CHECK(session.take_output() == R"({"id":"echo","result":[],"error":null})"
                                 R"({"id":{"a":[1]},"result":["x",{"y":null}],"error":null})");
  CHECK(session.take_events().empty());
  for (const auto* method : {"transact", "list_dbs", "update", "Echo", "steal"}) {
    CAPTURE(method);
    Session asked;
    CHECK(hear(asked, R"({"id":1,"method":")" + std::string(method) + R"(","params":[]})") ==
          "OVSDB_REQUEST_FORBIDDEN");
    CHECK(asked.take_output().empty());
  }
}

TEST_CASE("echoes cannot fill the memory", "[protocol][ovsdb]") {
  const auto echo = [](std::size_t size) {
    return R"({"id":1,"method":"echo","params":[")" + std::string(size, 'x') + R"("]})";
  };
  Session small({.max_echo = 100});
  CHECK(hear(small, echo(50)).empty());
  CHECK(hear(small, echo(100)) == "OVSDB_ECHO_TOO_LARGE");
  Session idle({.max_output = 250});  // the owner takes nothing
  CHECK(hear(idle, echo(50) + echo(50)).empty());
  CHECK(hear(idle, echo(50)) == "OVSDB_OUTPUT_FULL");
}

TEST_CASE("pending requests and output are bounded", "[protocol][ovsdb]") {
  Session session({.max_pending = 2});
  REQUIRE(session.echo());
  REQUIRE(session.echo());
  const auto third = session.echo();
  REQUIRE_FALSE(third);
  CHECK(third.error().code == ErrorCode::resource_exhausted);
  CHECK(third.error().reason == "OVSDB_TOO_MANY_PENDING");
  CHECK(session.lock("a").error().reason == "OVSDB_TOO_MANY_PENDING");
  CHECK(session.lock_state("a") == LockState::none);
  CHECK(session.monitor("D", "m", kWatch).error().reason == "OVSDB_TOO_MANY_PENDING");
  CHECK(hear(session, answer(1, "[]")).empty());
  CHECK(*session.echo() == 3);  // a refused one used no number

  Session full({.max_output = 10});
  REQUIRE(full.echo());
  CHECK(full.echo().error().reason == "OVSDB_OUTPUT_FULL");
  (void)full.take_output();
  CHECK(full.echo());
}

TEST_CASE("a request that cannot be said is not sent", "[protocol][ovsdb]") {
  Session session;
  CHECK(session.get_schema("").error().reason == "OVSDB_VALUE_UNSENDABLE");
  CHECK(session.get_schema("\xff").error().reason == "OVSDB_VALUE_UNSENDABLE");
  CHECK(session.transact("D", {set_tag(1), Delete{"a b", {}}}).error().reason == "OVSDB_VALUE_UNSENDABLE");
  CHECK(session.monitor("D", std::string(kMaxId + 1, 'm'), kWatch).error().reason == "OVSDB_VALUE_UNSENDABLE");
  CHECK(session.monitor("D", "m", {}).error().reason == "OVSDB_VALUE_UNSENDABLE");
  CHECK(session.lock("a b").error().reason == "OVSDB_VALUE_UNSENDABLE");
  CHECK(session.take_output().empty());
  CHECK(session.pending() == 0);
}

TEST_CASE("a monitor runs from its answer to its cancellation's", "[protocol][ovsdb]") {
  const auto update =
      notice("update", R"(["m",{"Port":{")" + kRow + R"(":{"new":{"name":"p1","tag":7},"old":{"tag":["set",[]]}}}}])");
  Session session;
  REQUIRE(session.monitor("Open_vSwitch", "m", kWatch));
  CHECK(
      session.take_output() ==
      R"({"method":"monitor","params":["Open_vSwitch","m",{"Port":[{"columns":["name","tag"],"select":{"initial":true,)"
      R"("insert":true,"delete":true,"modify":true}}]}],"id":1})");
  CHECK(session.monitor("Open_vSwitch", "m", kWatch).error().reason == "OVSDB_MONITOR_STATE");
  CHECK(session.monitor_cancel("m").error().reason == "OVSDB_MONITOR_STATE");  // not before it runs
  CHECK(hear(session, answer(1, kPorts)).empty());
  const auto initial = event<Monitoring>(session);
  CHECK(initial.monitor == "m");
  CHECK(initial.changes[0].kind == ChangeKind::initial);
  CHECK(hear(session, update).empty());
  const auto changed = event<Updated>(session);
  CHECK(changed.changes[0].kind == ChangeKind::modify);
  CHECK(*changed.changes[0].now.int_at("tag") == 7);

  REQUIRE(session.monitor_cancel("m"));
  CHECK(session.monitor_cancel("m").error().reason == "OVSDB_MONITOR_STATE");
  CHECK(hear(session, update).empty());  // was on its way
  (void)session.take_events();
  CHECK(hear(session, answer(2, "{}")).empty());
  CHECK(event<MonitorCancelled>(session).monitor == "m");
  CHECK(hear(session, update) == "OVSDB_NOTIFICATION_UNEXPECTED");
}

TEST_CASE("a notification of what is not watched ends the session", "[protocol][ovsdb]") {
  const auto end = [](MonitorVersion version, const std::string& text) {
    auto session = monitoring(version);
    return hear(session, text);
  };
  const auto v1 = MonitorVersion::v1, v2 = MonitorVersion::v2;
  CHECK(end(v1, notice("update", R"(["m",{}])")).empty());
  CHECK(end(v2, notice("update2", R"(["m",{}])")).empty());
  for (const auto& bad :
       {notice("update", R"(["n",{}])"), notice("update2", R"(["m",{}])"), notice("update3", R"(["m","x",{}])"),
        notice("update", R"(["m"])"), notice("update", R"(["m",{},{}])"), notice("update", "[]"),
        notice("update", R"([7,{}])"), notice("monitor_canceled", R"(["m"])"), notice("echo", "[]"),
        notice("locked", R"(["l"])"), notice("stolen", R"(["l"])"), notice("locked", "[]"), notice("stolen", "[7]")}) {
    CAPTURE(bad);
    CHECK(end(v1, bad) == "OVSDB_NOTIFICATION_UNEXPECTED");
  }
  CHECK(end(v2, notice("update", R"(["m",{}])")) == "OVSDB_NOTIFICATION_UNEXPECTED");
  CHECK(end(v1, notice("update", R"(["m",[]])")) == "OVSDB_UPDATE_INVALID");
  CHECK(end(v1, notice("update", R"(["m",{"Bridge":{")" + kRow + R"(":{"new":{}}}}])")) == "OVSDB_UPDATE_INVALID");
  CHECK(end(v2, notice("update2", R"(["m",{"Port":{")" + kRow + R"(":{"initial":{}}}}])")) == "OVSDB_UPDATE_INVALID");

  Session early;  // before the answer
  REQUIRE(early.monitor("D", "m", kWatch));
  CHECK(hear(early, notice("update", R"(["m",{}])")) == "OVSDB_NOTIFICATION_UNEXPECTED");
}

TEST_CASE("monitors and locks are bounded", "[protocol][ovsdb]") {
  Session session({.max_monitors = 1, .max_locks = 1});
  REQUIRE(session.monitor("D", "a", kWatch));
  CHECK(session.monitor("D", "b", kWatch).error().reason == "OVSDB_TOO_MANY_MONITORS");
  REQUIRE(session.lock("a"));
  CHECK(session.lock("b").error().reason == "OVSDB_TOO_MANY_LOCKS");
}

TEST_CASE("locks are asked for, lost and given back", "[protocol][ovsdb]") {
  Session session;
  REQUIRE(session.lock("l"));
  CHECK(session.take_output() == R"({"method":"lock","params":["l"],"id":1})");
  CHECK(session.lock("l").error().reason == "OVSDB_LOCK_STATE");  // the server would call it a syntax error
  CHECK(session.unlock("l").error().reason == "OVSDB_LOCK_STATE");
  CHECK(hear(session, answer(1, R"({"locked":false})")).empty());
  CHECK_FALSE(event<LockAnswered>(session).held);
  CHECK(session.lock_state("l") == LockState::waiting);
  CHECK(hear(session, notice("locked", R"(["l"])")).empty());
  CHECK(event<LockGained>(session).lock == "l");
  CHECK(session.lock_state("l") == LockState::held);
  CHECK(session.steal("l").error().reason == "OVSDB_LOCK_STATE");
  CHECK(hear(session, notice("stolen", R"(["l"])")).empty());
  CHECK(event<LockStolen>(session).lock == "l");
  CHECK(session.lock_state("l") == LockState::waiting);

  REQUIRE(session.unlock("l"));
  CHECK(hear(session, notice("locked", R"(["l"])")).empty());  // was on its way
  CHECK(session.take_events().empty());
  CHECK(session.lock_state("l") == LockState::leaving);
  CHECK(hear(session, answer(2, "{}")).empty());
  CHECK(event<Unlocked>(session).lock == "l");
  CHECK(session.unlock("l").error().reason == "OVSDB_LOCK_STATE");

  REQUIRE(session.steal("l"));
  CHECK(hear(session, answer(3, R"({"locked":true})")).empty());
  CHECK(event<LockAnswered>(session).held);
  CHECK(hear(session, notice("locked", R"(["l"])")) == "OVSDB_NOTIFICATION_UNEXPECTED");  // it is held

  Session refused;
  REQUIRE(refused.lock("l"));
  CHECK(hear(refused, refusal(1, R"({"error":"syntax error"})")).empty());
  CHECK(event<Refused>(refused).method == Method::lock);
  CHECK(refused.lock_state("l") == LockState::none);
}
