// A session with a real ovsdb-server that has the schema of Open vSwitch. No switch runs, so cur_cfg is written by the
// test; what OVSDB itself promises is seen here.
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstring>
#include <deque>
#include <filesystem>

#include "libs/protocol/ovsdb/image.h"
#include "libs/protocol/ovsdb/open_vswitch.h"
#include "libs/protocol/ovsdb/open_vswitch_change.h"
#include "libs/protocol/ovsdb/session.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

constexpr const char* kServer = "/usr/sbin/ovsdb-server";
constexpr const char* kTool = "/usr/bin/ovsdb-tool";
constexpr const char* kSchema = "/usr/share/openvswitch/vswitch.ovsschema";
constexpr int kPatience = 10000;  // milliseconds; a server that is not answering fails the test

bool installed() {
  for (const auto* path : {kServer, kTool, kSchema})
    if (!std::filesystem::exists(path)) return false;
  return true;
}

/// ovsdb-server on a socket in a folder of its own.
class Server {
 public:
  Server() {
    const auto database = (folder_.path() / "db").string();
    REQUIRE(Program(kTool, {"create", database, kSchema}).exit_code() == 0);
    program_.emplace(kServer, std::vector<std::string>{database, "--remote=punix:" + socket(),
                                                       "--unixctl=" + (folder_.path() / "ctl").string(),
                                                       "-vconsole:info", "-vfile:off", "-vsyslog:off"});
    REQUIRE(program_->says("ovsdb-server (Open vSwitch)"));
  }
  std::string socket() const { return (folder_.path() / "s").string(); }

 private:
  ScratchFolder folder_;
  std::optional<Program> program_;
};

/// A session and its socket.
class Client {
 public:
  explicit Client(const Server& server) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = server.socket();
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(socket_); }

  Session session;

  /// The next event, which must be of that kind.
  template <typename T>
  T next() {
    while (events_.empty()) exchange();
    REQUIRE(std::holds_alternative<T>(events_.front()));
    auto event = std::get<T>(std::move(events_.front()));
    events_.pop_front();
    return event;
  }
  TransactResult transact(const std::vector<Operation>& operations) {
    const auto id = session.transact(kDatabase, operations);
    REQUIRE(id);
    auto done = next<Transacted>();
    REQUIRE(done.request == *id);
    return std::move(done.result);
  }

 private:
  void exchange() {
    flush();
    pollfd ready{socket_, POLLIN, 0};
    REQUIRE(poll(&ready, 1, kPatience) == 1);
    // A few bytes at a time: most messages come in pieces.
    std::uint8_t buffer[97];
    const auto count = read(socket_, buffer, sizeof buffer);
    REQUIRE(count > 0);
    const auto heard = session.receive(ByteView(buffer, static_cast<std::size_t>(count)));
    INFO((heard ? "" : heard.error().message));
    REQUIRE(heard);
    for (auto& event : session.take_events()) events_.push_back(std::move(event));
    flush();
  }
  void flush() {
    const auto out = session.take_output();
    REQUIRE(write(socket_, out.data(), out.size()) == static_cast<ssize_t>(out.size()));
  }

  int socket_;
  std::deque<Event> events_;
};

/// A bridge with two ports, as ovs-vsctl would make it.
std::vector<Operation> two_ports() {
  std::vector<Operation> out;
  out.push_back(Insert{"Open_vSwitch", {{"bridges", NamedUuid{"b"}}}});
  out.push_back(Insert{"Bridge", {{"name", "br0"}, {"ports", Datum::set({NamedUuid{"p1"}, NamedUuid{"p2"}})}}, "b"});
  for (const std::string name : {"p1", "p2"}) {
    out.push_back(Insert{"Port", {{"name", name}, {"interfaces", NamedUuid{"i" + name}}}, name});
    out.push_back(Insert{"Interface", {{"name", name}}, "i" + name});
  }
  return out;
}
const Where kP1 = {{"name", Function::equal, "p1"}};

void follow(Image& image, const std::vector<RowChange>& changes, MonitorVersion version) {
  for (const auto& change : changes) {
    const auto applied = image.apply(change, version);
    INFO((applied ? "" : applied.error().message));
    REQUIRE(applied);
  }
}

}  // namespace

TEST_CASE("a real ovsdb-server: a change of a tag is made and seen", "[protocol][ovsdb]") {
  if (!installed()) {
    WARN("skipped: openvswitch-switch is not installed");
    return;
  }
  Server server;
  Client client(server);
  REQUIRE(client.session.list_dbs());
  const auto names = client.next<DatabasesListed>().names;
  CHECK(std::ranges::find(names, kDatabase) != names.end());
  REQUIRE(client.session.get_schema(kDatabase));
  const auto schema = client.next<SchemaGiven>().schema;
  const auto complete = require_columns(schema);
  INFO((complete ? "" : complete.error().message));
  REQUIRE(complete);

  const auto created = client.transact(two_ports());
  REQUIRE(created.require_done());
  CHECK(created.operations[2].uuid.has_value());

  // Version 1 in one image, version 2 in another: both must end with the same.
  REQUIRE(client.session.monitor(kDatabase, "one", watched(), MonitorVersion::v1));
  Image one(schema, watched()), two(schema, watched());
  follow(one, client.next<Monitoring>().changes, MonitorVersion::v1);
  REQUIRE(client.session.monitor(kDatabase, "two", watched(), MonitorVersion::v2));
  follow(two, client.next<Monitoring>().changes, MonitorVersion::v2);
  const auto same = [&] {
    for (const auto& [table, request] : watched()) {
      CAPTURE(table);
      CHECK(one.rows(table) == two.rows(table));
    }
  };
  same();
  REQUIRE(read_switch(one));
  CHECK_FALSE(read_switch(one)->port_named("p1")->tag);

  const auto make = [&](const Change& change) {
    REQUIRE(client.session.transact(kDatabase, *change.operations()));
    // The server sends the updates first.
    follow(one, client.next<Updated>().changes, MonitorVersion::v1);
    follow(two, client.next<Updated>().changes, MonitorVersion::v2);
    const auto done = change.judge(client.next<Transacted>().result);
    INFO((done ? "" : done.error().message));
    REQUIRE(done);
    same();
    return *done;
  };
  Change first;
  first.comment("device 00-D0-E5-F2-00-02")
      .set_port_tag("p1", 42)
      .set_protected("p1", true)
      .set_ofport_request("p1", 7);
  first.set_fail_mode("br0", FailMode::secure).set_external_id(Change::Table::port, "p1", "device", "a").await_switch();
  const auto done = make(first);
  CHECK(done.cfg == 1);
  auto now = *read_switch(one);
  CHECK(now.port_named("p1")->tag == 42);
  CHECK(now.port_named("p1")->is_protected);
  CHECK_FALSE(now.port_named("p2")->tag);
  CHECK(now.interface_named("p1")->ofport_request == 7);
  CHECK(now.bridge_named("br0")->fail_mode == FailMode::secure);
  CHECK(now.port_named("p1")->external_ids == StringMap{{"device", "a"}});
  CHECK(now.bridge_of(*now.port_named("p1")) == now.bridge_named("br0"));
  CHECK(now.next_cfg == 1);
  CHECK_FALSE(now.applied(*done.cfg));

  make(Change()
           .set_external_id(Change::Table::port, "p1", "device", "b")
           .set_external_id(Change::Table::port, "p1", "x", "y"));
  CHECK(read_switch(two)->port_named("p1")->external_ids == StringMap{{"device", "b"}, {"x", "y"}});
  make(Change()
           .clear_external_id(Change::Table::port, "p1", "device")
           .set_port_tag("p1", {})
           .set_ofport_request("p1", {}));
  now = *read_switch(two);
  CHECK(now.port_named("p1")->external_ids == StringMap{{"x", "y"}});
  CHECK_FALSE(now.port_named("p1")->tag);
  CHECK_FALSE(now.interface_named("p1")->ofport_request);
}

TEST_CASE("a real ovsdb-server: what it refuses, and what it does not", "[protocol][ovsdb]") {
  if (!installed()) {
    WARN("skipped: openvswitch-switch is not installed");
    return;
  }
  Server server;
  Client client(server);
  REQUIRE(client.transact(two_ports()).require_done());

  // No such port: no error, and the rest is done.
  const auto nobody = client.transact({Update{"Port", {{"name", Function::equal, "p9"}}, {{"tag", 42}}}});
  CHECK(nobody.committed());
  CHECK(nobody.operations[0].count == 0);
  CHECK(nobody.require_count(0, 1).error().reason == "OVSDB_NO_SUCH_ROW");
  // By Change it undoes all.
  Change change;
  change.set_port_tag("p1", 42).set_port_tag("p9", 42);
  const auto undone = change.judge(client.transact(*change.operations()));
  REQUIRE_FALSE(undone);
  CHECK(undone.error().message == "Port 'p9': is not there; nothing was changed");
  const auto tag = client.transact({Select{"Port", kP1, std::vector<std::string>{"tag"}}});
  CHECK(tag.rows(0)->at(0).optional_int("tag")->has_value() == false);

  const auto range = client.transact({Comment{"x"}, Update{"Port", kP1, {{"tag", 5000}}}, Abort{}});
  CHECK(range.failed == 1U);
  CHECK(range.error->error == "constraint violation");
  CHECK(
      range.require_done().error().message.starts_with("operation 2 of 3 (update Port): constraint violation: 5000 "));
  CHECK(client.transact({Abort{}}).error->error == "aborted");
  const auto referred = client.transact({Delete{"Interface", {}}});
  CHECK_FALSE(referred.failed);  // found at the commit, behind the results
  CHECK(referred.error->error == "referential integrity violation");
  CHECK(referred.operations[0].count == 2);
  CHECK(client.transact({Mutate{"Port", kP1, {{"nome", Mutator::add, 1}}}}).failed == 0U);
  // A port that no bridge refers to is swept away without a word.
  const auto stray = client.transact(
      {Insert{"Port", {{"name", "p3"}, {"interfaces", NamedUuid{"i"}}}}, Insert{"Interface", {{"name", "p3"}}, "i"}});
  CHECK(stray.committed());
  CHECK(client.transact({Select{"Port", {{"name", Function::equal, "p3"}}}}).rows(0)->empty());
  // Every column of a real row can be read.
  CHECK(client.transact({Select{"Port", {}}, Select{"Interface", {}}, Select{"Bridge", {}}}).rows(0)->size() == 2);

  REQUIRE(client.session.transact("nope", {}));
  CHECK(client.next<Refused>().error.error == "unknown database");
  REQUIRE(client.session.monitor(kDatabase, "m", {{"Nope", {}}}));
  CHECK(client.next<Refused>().method == Method::monitor);
  REQUIRE(client.session.echo());
  client.next<Echoed>();
}

TEST_CASE("a real ovsdb-server: waiting, watching others, locks", "[protocol][ovsdb]") {
  if (!installed()) {
    WARN("skipped: openvswitch-switch is not installed");
    return;
  }
  Server server;
  Client client(server), other(server);
  REQUIRE(client.transact(two_ports()).require_done());

  // As ovs-vswitchd does it when it has applied a change.
  REQUIRE(client.session.transact(kDatabase, await_cur_cfg(0, std::chrono::seconds(10))));
  REQUIRE(client.session.echo());
  client.next<Echoed>();  // overtakes the transaction that waits
  REQUIRE(other.transact({Update{"Open_vSwitch", {}, {{"cur_cfg", 3}}}}).require_count(0, 1));
  CHECK(*read_cur_cfg(client.next<Transacted>().result) == 3);
  CHECK(read_cur_cfg(client.transact(await_cur_cfg(3, std::chrono::milliseconds(1)))).error().code ==
        ErrorCode::aborted);

  // A monitor with a condition sees its own rows alone.
  MonitorRequests mine = {{"Port", {.columns = std::vector<std::string>{"name", "tag"}, .where = kP1}}};
  REQUIRE(client.session.monitor(kDatabase, "mine", mine, MonitorVersion::v2));
  CHECK(client.next<Monitoring>().changes.size() == 1);
  REQUIRE(other.transact({Update{"Port", {{"name", Function::equal, "p2"}}, {{"tag", 9}}}}).require_count(0, 1));
  REQUIRE(other.transact({Update{"Port", kP1, {{"tag", 7}}}}).require_count(0, 1));
  const auto seen = client.next<Updated>();
  REQUIRE(seen.changes.size() == 1);
  CHECK(seen.changes[0].kind == ChangeKind::modify);
  CHECK(seen.changes[0].now == Row{{"tag", 7}});
  REQUIRE(client.session.monitor_cancel("mine"));
  client.next<MonitorCancelled>();

  REQUIRE(client.session.lock("writer"));
  CHECK(client.next<LockAnswered>().held);
  REQUIRE(other.session.lock("writer"));
  CHECK_FALSE(other.next<LockAnswered>().held);
  CHECK(client.transact({Assert{"writer"}}).require_done());
  CHECK(other.transact({Assert{"writer"}}).error->error == "not owner");
  REQUIRE(client.session.unlock("writer"));
  client.next<Unlocked>();
  CHECK(other.next<LockGained>().lock == "writer");
  REQUIRE(client.session.steal("writer"));
  CHECK(client.next<LockAnswered>().held);
  CHECK(other.next<LockStolen>().lock == "writer");
  REQUIRE(client.session.unlock("writer"));
  client.next<Unlocked>();
  CHECK(other.next<LockGained>().lock == "writer");  // the robbed waits in line
}
