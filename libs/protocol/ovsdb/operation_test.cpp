#include "libs/protocol/ovsdb/operation.h"

#include <catch2/catch.hpp>

#include "libs/protocol/ovsdb/monitor.h"

using namespace pratique;
using namespace pratique::ovsdb;
using namespace std::chrono_literals;

namespace {

std::string written(const Operation& operation) {
  const auto value = encode_operation(operation);
  return value ? value->dump() : value.error().reason + " " + value.error().message;
}
const Where kPort = {{"name", Function::equal, "p1"}};

}  // namespace

TEST_CASE("operations are written as RFC 7047 section 5.2 has them", "[protocol][ovsdb]") {
  CHECK(written(Insert{"Port", {{"name", "p1"}, {"interfaces", NamedUuid{"i"}}}, "p"}) ==
        R"({"op":"insert","table":"Port","row":{"interfaces":["named-uuid","i"],"name":"p1"},"uuid-name":"p"})");
  CHECK(written(Insert{"Bridge", {}}) == R"({"op":"insert","table":"Bridge","row":{}})");
  CHECK(written(Select{"Port", kPort}) == R"({"op":"select","table":"Port","where":[["name","==","p1"]]})");
  CHECK(written(Select{"Port", {}, std::vector<std::string>{"name", "_uuid"}}) ==
        R"({"op":"select","table":"Port","where":[],"columns":["name","_uuid"]})");
  CHECK(written(Update{"Port", kPort, {{"tag", 42}}}) ==
        R"({"op":"update","table":"Port","where":[["name","==","p1"]],"row":{"tag":42}})");
  CHECK(written(Update{"Port", kPort, {{"tag", Datum()}}}) ==
        R"({"op":"update","table":"Port","where":[["name","==","p1"]],"row":{"tag":["set",[]]}})");
  CHECK(written(Mutate{"Open_vSwitch", {}, {{"next_cfg", Mutator::add, 1}}}) ==
        R"({"op":"mutate","table":"Open_vSwitch","where":[],"mutations":[["next_cfg","+=",1]]})");
  CHECK(written(Delete{"Port", kPort}) == R"({"op":"delete","table":"Port","where":[["name","==","p1"]]})");
  CHECK(written(Wait{1500ms, "Port", kPort, {"tag"}, false, {Row{{"tag", 7}}}}) ==
        R"({"op":"wait","table":"Port","timeout":1500,"where":[["name","==","p1"]],"columns":["tag"],"until":"!=",)"
        R"("rows":[{"tag":7}]})");
  CHECK(written(Wait{std::nullopt, "Port", {}, {"name"}, true, {}}) ==
        R"({"op":"wait","table":"Port","where":[],"columns":["name"],"until":"==","rows":[]})");
  CHECK(written(Commit{}) == R"({"op":"commit","durable":true})");
  CHECK(written(Abort{}) == R"({"op":"abort"})");
  CHECK(written(Comment{"why"}) == R"({"op":"comment","comment":"why"})");
  CHECK(written(Assert{"mine"}) == R"({"op":"assert","lock":"mine"})");
}

TEST_CASE("every function and every mutator has its word", "[protocol][ovsdb]") {
  using enum Function;
  std::string functions, mutators;
  for (const auto one : {less, less_or_equal, equal, not_equal, greater_or_equal, greater, includes, excludes})
    functions += std::string(to_string(one)) + " ";
  for (const auto one : {Mutator::add, Mutator::subtract, Mutator::multiply, Mutator::divide, Mutator::modulo,
                         Mutator::insert, Mutator::remove})
    mutators += std::string(to_string(one)) + " ";
  CHECK(functions == "< <= == != >= > includes excludes ");
  CHECK(mutators == "+= -= *= /= %= insert delete ");
}

TEST_CASE("an operation that cannot be said names itself and the column", "[protocol][ovsdb]") {
  CHECK(written(Update{"Port", kPort, {{"name", "\xff"}}}) ==
        "OVSDB_VALUE_UNSENDABLE update Port: column 'name': a string that is not UTF-8");
  CHECK(written(Update{"Port", {{"name", Function::equal, "\xff"}}, {}}) ==
        "OVSDB_VALUE_UNSENDABLE update Port: column 'name': a string that is not UTF-8");
  CHECK(written(Mutate{"Port", {}, {{"ids", Mutator::insert, Datum::map({{"a", 1}, {"b", "x"}})}}}) ==
        "OVSDB_VALUE_UNSENDABLE mutate Port: column 'ids': members of different kinds");
  CHECK(written(Delete{"Po rt", {}}) == "OVSDB_VALUE_UNSENDABLE delete: a table whose name is no identifier");
  for (const Operation& bad : std::vector<Operation>{
           Insert{"Port", {}, "1p"}, Select{"Port", {}, std::vector<std::string>{"a-b"}},
           Select{"Port", {{"a-b", Function::equal, 1}}}, Wait{-1ms, "Port", {}, {}, true, {}},
           Wait{0ms, "Port", {}, {"a b"}, true, {}}, Wait{0ms, "Port", {}, {"a"}, true, {Row{{"a", "\xff"}}}},
           Comment{"\xff"}, Comment{std::string(1, '\0')}, Assert{"a b"}, Assert{""}})
    CHECK(written(bad).starts_with("OVSDB_VALUE_UNSENDABLE "));
}

TEST_CASE("what to watch is written for both versions", "[protocol][ovsdb]") {
  MonitorRequests requests;
  requests["Port"] = {.columns = std::vector<std::string>{"name", "tag"}, .initial = false};
  const auto v1 = encode_monitor_requests(requests, MonitorVersion::v1);
  REQUIRE(v1);
  CHECK(v1->dump() == R"({"Port":[{"columns":["name","tag"],)"
                      R"("select":{"initial":false,"insert":true,"delete":true,"modify":true}}]})");
  requests["Port"].where = kPort;
  requests["Port"].columns.reset();
  const auto v2 = encode_monitor_requests(requests, MonitorVersion::v2);
  REQUIRE(v2);
  CHECK(v2->dump() == R"({"Port":[{"where":[["name","==","p1"]],)"
                      R"("select":{"initial":false,"insert":true,"delete":true,"modify":true}}]})");
  CHECK_FALSE(encode_monitor_requests(requests, MonitorVersion::v1));  // it would watch all rows instead
  CHECK_FALSE(encode_monitor_requests({}, MonitorVersion::v1));
  CHECK_FALSE(encode_monitor_requests({{"a b", {}}}, MonitorVersion::v1));
  CHECK_FALSE(encode_monitor_requests({{"Port", {.columns = std::vector<std::string>{"a b"}}}}, MonitorVersion::v1));
}
