#include "libs/protocol/ovsdb/open_vswitch.h"

#include <catch2/catch.hpp>

#include "libs/codec/json/parse.h"
#include "libs/protocol/ovsdb/open_vswitch_change.h"

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

std::string uuid(int number) {
  return "00000000-0000-0000-0000-0000000000" + std::string(number < 10 ? "0" : "") + std::to_string(number);
}
std::string ref(int number) { return R"(["uuid",")" + uuid(number) + "\"]"; }

/// A schema with what is watched, as the real one has it.
json::Value schema_text() {
  return *json::parse(R"({"name":"Open_vSwitch","version":"8.3.1","tables":{
    "Open_vSwitch":{"columns":{"next_cfg":{"type":"integer"},"cur_cfg":{"type":"integer"},
      "ovs_version":{"type":{"key":{"type":"string"},"min":0,"max":1}},
      "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}},
    "Bridge":{"columns":{"name":{"type":"string"},"fail_mode":{"type":{"key":{"type":"string"},"min":0,"max":1}},
      "datapath_id":{"type":{"key":"string","min":0,"max":1}},
      "ports":{"type":{"key":{"type":"uuid","refTable":"Port"},"min":0,"max":"unlimited"}},
      "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}},
    "Port":{"columns":{"name":{"type":"string"},"tag":{"type":{"key":{"type":"integer"},"min":0,"max":1}},
      "protected":{"type":"boolean"},"interfaces":{"type":{"key":{"type":"uuid"},"min":1,"max":"unlimited"}},
      "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}},
    "Interface":{"columns":{"name":{"type":"string"},"link_state":{"type":{"key":{"type":"string"},"min":0,"max":1}},
      "mac_in_use":{"type":{"key":{"type":"string"},"min":0,"max":1}},
      "ofport":{"type":{"key":"integer","min":0,"max":1}},
      "ofport_request":{"type":{"key":{"type":"integer"},"min":0,"max":1}},
      "error":{"type":{"key":"string","min":0,"max":1}},
      "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}}}})");
}
Schema schema() { return *parse_schema(schema_text()); }

const std::string kRoot =
    R"("Open_vSwitch":{")" + uuid(1) + R"(":{"initial":{"next_cfg":5,"cur_cfg":4,"ovs_version":"3.1.0"}}})";
const std::string kRest =
    R"(,"Bridge":{")" + uuid(2) +
    R"(":{"initial":{"name":"br0","fail_mode":"secure","datapath_id":"0000aabbccddeeff","ports":["set",[)" + ref(3) +
    "," + ref(4) + R"(]]}}},"Port":{")" + uuid(3) + R"(":{"initial":{"name":"p2","interfaces":)" + ref(5) + R"(}},")" +
    uuid(4) + R"(":{"initial":{"name":"p1","tag":42,"protected":true,"interfaces":)" + ref(6) +
    R"(,"external_ids":["map",[["device","00-D0-E5-F2-00-02"]]]}}},"Interface":{")" + uuid(5) +
    R"(":{"initial":{"name":"p2","ofport":-1,"error":"could not open network device p2"}},")" + uuid(6) +
    R"(":{"initial":{"name":"p1","link_state":"up","mac_in_use":"00:d0:e5:f2:00:02","ofport":1,"ofport_request":1}}})";

/// read_switch of what is in `updates` (version 2, as in the answer).
Result<Switch> read(const std::string& updates) {
  Image image(schema(), watched());
  const auto changes = parse_table_updates(*json::parse("{" + updates + "}"), MonitorVersion::v2, UpdateSource::answer);
  REQUIRE(changes);
  for (const auto& change : *changes) REQUIRE(image.apply(change, MonitorVersion::v2));
  return read_switch(image);
}
std::string why(const auto& result) { return result ? "" : result.error().reason + " " + result.error().message; }

std::vector<std::string> written(const Change& change) {
  std::vector<std::string> out;
  const auto operations = change.operations();
  if (!operations) return {operations.error().reason};
  for (const auto& operation : *operations) out.push_back(encode_operation(operation)->dump());
  return out;
}
/// change.judge of that answer.
Result<ChangeDone> judge(const Change& change, std::string_view result) {
  std::vector<ExpectedResult> expected;
  const auto operations = change.operations();
  REQUIRE(operations);
  for (const auto& operation : *operations) expected.push_back(expect(operation));
  const auto parsed = parse_transact_result(*json::parse(result), expected);
  REQUIRE(parsed);
  return change.judge(*parsed);
}

}  // namespace

TEST_CASE("a switch is read from its rows", "[protocol][ovsdb]") {
  const auto now = read(kRoot + kRest);
  REQUIRE(now);
  CHECK(now->next_cfg == 5);
  CHECK(now->applied(4));
  CHECK_FALSE(now->applied(5));
  CHECK(now->ovs_version == "3.1.0");
  const auto* bridge = now->bridge_named("br0");
  REQUIRE(bridge != nullptr);
  CHECK(bridge->fail_mode == FailMode::secure);
  CHECK(bridge->datapath_id == "0000aabbccddeeff");
  CHECK(bridge->ports.size() == 2);
  const auto* p1 = now->port_named("p1");
  const auto* p2 = now->port_named("p2");
  REQUIRE((p1 != nullptr && p2 != nullptr));
  CHECK(p1->tag == 42);
  CHECK(p1->is_protected);
  CHECK(p1->external_ids.at("device") == "00-D0-E5-F2-00-02");
  CHECK_FALSE(p2->tag);
  CHECK_FALSE(p2->is_protected);
  CHECK(now->bridge_of(*p1) == bridge);
  const auto* interface = now->interface_of(*p1);
  REQUIRE(interface != nullptr);
  CHECK(interface == now->interface_named("p1"));
  CHECK(interface->link_state == LinkState::up);
  CHECK(interface->mac_in_use == *MacAddress::parse("00-D0-E5-F2-00-02"));
  CHECK(interface->ofport == 1);
  CHECK(interface->ofport_request == 1);
  CHECK(interface->usable());
  const auto* broken = now->interface_of(*p2);
  REQUIRE(broken != nullptr);
  CHECK_FALSE(broken->usable());  // -1
  CHECK(broken->error == "could not open network device p2");
  CHECK_FALSE(broken->link_state);
  CHECK(now->port_named("p3") == nullptr);
  CHECK(now->bridge_named("") == nullptr);
  Port stray;
  CHECK(now->bridge_of(stray) == nullptr);
  CHECK(now->interface_of(stray) == nullptr);
}

TEST_CASE("a switch that cannot be right names table, row and column", "[protocol][ovsdb]") {
  CHECK(why(read("")).starts_with("OVSDB_SWITCH_EMPTY "));
  const auto port = [](const std::string& columns) {
    return why(read(kRoot + R"(,"Port":{")" + uuid(3) + R"(":{"initial":{"name":"p1","interfaces":)" + ref(5) +
                    columns + "}}}"));
  };
  CHECK(port("").empty());
  CHECK(port(R"(,"tag":4095)").empty());  // what others wrote is read
  CHECK(port(R"(,"tag":4096)") == "OVSDB_COLUMN_VALUE table 'Port': row " + uuid(3) + ": column 'tag': no VLAN");
  CHECK(port(R"(,"tag":-1)").starts_with("OVSDB_COLUMN_VALUE "));
  const auto interface = [](const std::string& columns) {
    return why(read(kRoot + R"(,"Interface":{")" + uuid(3) + R"(":{"initial":{"name":"p1")" + columns + "}}}"));
  };
  CHECK(interface("").empty());
  CHECK(interface(R"(,"link_state":"sideways")").ends_with("column 'link_state': neither up nor down"));
  CHECK(interface(R"(,"mac_in_use":"00:11")").ends_with("column 'mac_in_use': no MAC address"));
  CHECK(why(read(kRoot + R"(,"Bridge":{")" + uuid(3) + R"(":{"initial":{"fail_mode":"open"}}})"))
            .ends_with("column 'fail_mode': an unknown mode"));
}

TEST_CASE("a schema must have what is watched", "[protocol][ovsdb]") {
  CHECK(require_columns(schema()));
  CHECK(watched().size() == 4);
  const auto spoilt = [](std::string_view table, std::string_view column, std::optional<ColumnType> type) {
    auto bad = schema();
    auto& columns = bad.tables.find(table)->second;
    columns.erase(columns.find(column));
    if (type) columns.emplace(column, *type);
    return why(require_columns(bad));
  };
  CHECK(spoilt("Port", "protected", {}) == "OVSDB_SCHEMA_LACKS column 'Port.protected': is not there");
  CHECK(spoilt("Port", "tag", ColumnType{AtomKind::string, {}, true, 1}) ==
        "OVSDB_SCHEMA_LACKS column 'Port.tag': is of another type");
  CHECK_FALSE(spoilt("Port", "tag", ColumnType{AtomKind::integer, {}, true, {}}).empty());
  CHECK_FALSE(spoilt("Bridge", "external_ids", ColumnType{AtomKind::string, {}, true, {}}).empty());
  CHECK_FALSE(spoilt("Bridge", "external_ids", ColumnType{AtomKind::string, AtomKind::integer, true, {}}).empty());
  CHECK(require_columns({.name = "hardware_vtep", .version = "", .tables = schema().tables}).error().reason ==
        "OVSDB_SCHEMA_LACKS");
}

TEST_CASE("each change stands behind a wait for its row", "[protocol][ovsdb]") {
  const auto wait = [](const std::string& table, const std::string& name) {
    return R"({"op":"wait","table":")" + table + R"(","timeout":0,"where":[["name","==",")" + name +
           R"("]],"columns":["name"],"until":"==","rows":[{"name":")" + name + R"("}]})";
  };
  const auto update = [](const std::string& table, const std::string& name, const std::string& row) {
    return R"({"op":"update","table":")" + table + R"(","where":[["name","==",")" + name + R"("]],"row":)" + row + "}";
  };
  using List = std::vector<std::string>;
  CHECK(written(Change().set_port_tag("p1", 42)) == List{wait("Port", "p1"), update("Port", "p1", R"({"tag":42})")});
  CHECK(written(Change().set_port_tag("p1", {}))[1] == update("Port", "p1", R"({"tag":["set",[]]})"));
  CHECK(written(Change().set_protected("p1", true))[1] == update("Port", "p1", R"({"protected":true})"));
  CHECK(written(Change().set_ofport_request("p1", 7)) ==
        List{wait("Interface", "p1"), update("Interface", "p1", R"({"ofport_request":7})")});
  CHECK(written(Change().set_ofport_request("p1", {}))[1] ==
        update("Interface", "p1", R"({"ofport_request":["set",[]]})"));
  CHECK(written(Change().set_fail_mode("br0", FailMode::secure)) ==
        List{wait("Bridge", "br0"), update("Bridge", "br0", R"({"fail_mode":"secure"})")});
  CHECK(written(Change().set_external_id(Change::Table::port, "p1", "k", "v"))[1] ==
        R"({"op":"mutate","table":"Port","where":[["name","==","p1"]],)"
        R"("mutations":[["external_ids","delete","k"],["external_ids","insert",["map",[["k","v"]]]]]})");
  CHECK(written(Change().clear_external_id(Change::Table::interface, "p1", "k"))[1] ==
        R"({"op":"mutate","table":"Interface","where":[["name","==","p1"]],)"
        R"("mutations":[["external_ids","delete","k"]]})");
  CHECK(written(Change().comment("why").await_switch()) ==
        List{R"({"op":"comment","comment":"why"})",
             R"({"op":"mutate","table":"Open_vSwitch","where":[],"mutations":[["next_cfg","+=",1]]})",
             R"({"op":"select","table":"Open_vSwitch","where":[],"columns":["next_cfg"]})"});
}

TEST_CASE("a change that makes no sense is not made", "[protocol][ovsdb]") {
  const std::vector<std::string> bad = {"OVSDB_CHANGE_INVALID"};
  CHECK(written(Change()) == bad);
  for (const std::uint16_t tag : std::initializer_list<std::uint16_t>{0, 4095, 65535})
    CHECK(written(Change().set_port_tag("p1", tag)) == bad);
  for (const std::uint16_t tag : std::initializer_list<std::uint16_t>{1, 4094})
    CHECK(written(Change().set_port_tag("p1", tag)) != bad);
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{0, 65280, 65535})
    CHECK(written(Change().set_ofport_request("p1", port)) == bad);
  CHECK(written(Change().set_ofport_request("p1", 65279)) != bad);
  for (const auto& name :
       {std::string(), std::string("\xff"), std::string("a\0b", 3), std::string(kMaxName + 1, 'a')}) {
    CHECK(written(Change().set_port_tag(name, 1)) == bad);
    CHECK(written(Change().set_protected(name, true)) == bad);
    CHECK(written(Change().set_fail_mode(name, FailMode::secure)) == bad);
    CHECK(written(Change().set_external_id(Change::Table::port, name, "k", "v")) == bad);
  }
  CHECK(written(Change().set_external_id(Change::Table::port, "p", "", "v")) == bad);
  CHECK(written(Change().set_external_id(Change::Table::port, "p", "k", "\xff")) == bad);
  CHECK(written(Change().set_external_id(Change::Table::port, "p", "k", std::string(kMaxExternalId + 1, 'v'))) == bad);
  CHECK(written(Change().clear_external_id(Change::Table::port, "p", "")) == bad);
  CHECK(written(Change().comment("\xff")) == bad);
  CHECK(written(Change().set_port_tag("p1", 0).set_port_tag("p1", 1)) == bad);  // not the good half alone
  Change many;
  for (std::size_t i = 0; i < kMaxChanges; ++i) many.set_protected("p", true);
  CHECK(many.operations());
  many.set_protected("p", true);
  CHECK(written(many) == bad);
}

TEST_CASE("a change is judged by what it met", "[protocol][ovsdb]") {
  Change change;
  change.set_port_tag("p1", 42).set_protected("p9", true).await_switch();
  const auto done = judge(change, R"([{},{"count":1},{},{"count":1},{"count":1},{"rows":[{"next_cfg":8}]}])");
  REQUIRE(done);
  CHECK(done->cfg == 8);
  CHECK_FALSE(judge(Change().set_protected("p1", true), R"([{},{"count":1}])")->cfg);

  const auto missing = judge(change, R"([{},{"count":1},{"error":"timed out","details":"x"},null,null,null])");
  CHECK(why(missing) == "OVSDB_NO_SUCH_ROW Port 'p9': is not there; nothing was changed");
  CHECK(missing.error().code == ErrorCode::not_found);
  CHECK(why(judge(change, R"([{},{"count":0},{},{"count":1},{"count":1},{"rows":[{"next_cfg":8}]}])"))
            .starts_with("OVSDB_NO_SUCH_ROW Port 'p1': "));
  CHECK(why(judge(change, R"([{},{"count":2},{},{"count":1},{"count":1},{"rows":[{"next_cfg":8}]}])"))
            .starts_with("OVSDB_COUNT_UNEXPECTED Port 'p1': "));
  CHECK(why(judge(change, R"([{},{"error":"timed out"},null,null,null,null])"))
            .starts_with("OVSDB_TRANSACTION_FAILED operation 2 of 6"));  // an update cannot wait
  CHECK(why(judge(change, R"([{},{"count":1},{},{"count":1},{"count":1},{"rows":[]}])"))
            .starts_with("OVSDB_COUNT_UNEXPECTED "));
  CHECK(why(judge(change, R"([{},{"count":1},{},{"count":1},{"count":1},{"rows":[{"next_cfg":"8"}]}])"))
            .starts_with("OVSDB_COLUMN_TYPE "));
  CHECK(why(judge(change,
                  R"([{},{"count":1},{},{"count":1},{"count":1},{"rows":[{"next_cfg":8}]},{"error":"I/O error"}])")) ==
        "OVSDB_TRANSACTION_FAILED the commit: I/O error");
  CHECK(change.judge(TransactResult{}).error().reason == "OVSDB_OTHER_TRANSACTION");
}

TEST_CASE("who does not monitor waits for cur_cfg by transactions", "[protocol][ovsdb]") {
  const auto operations = await_cur_cfg(4, std::chrono::seconds(2));
  REQUIRE(operations.size() == 2);
  CHECK(encode_operation(operations[0])->dump() ==
        R"({"op":"wait","table":"Open_vSwitch","timeout":2000,"where":[],"columns":["cur_cfg"],"until":"!=",)"
        R"("rows":[{"cur_cfg":4}]})");
  std::vector<ExpectedResult> expected = {expect(operations[0]), expect(operations[1])};
  const auto read_answer = [&](std::string_view text) {
    return read_cur_cfg(*parse_transact_result(*json::parse(text), expected));
  };
  CHECK(*read_answer(R"([{},{"rows":[{"cur_cfg":5}]}])") == 5);
  CHECK(read_answer(R"([{},{"rows":[]}])").error().reason == "OVSDB_COUNT_UNEXPECTED");
  CHECK(read_answer(R"([{"error":"timed out"},null])").error().code == ErrorCode::aborted);
}
