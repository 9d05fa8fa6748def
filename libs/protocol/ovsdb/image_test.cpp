#include "libs/protocol/ovsdb/image.h"

#include <catch2/catch.hpp>

#include "libs/codec/json/parse.h"

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

constexpr auto v1 = MonitorVersion::v1;
constexpr auto v2 = MonitorVersion::v2;
constexpr auto answer = UpdateSource::answer;
constexpr auto notification = UpdateSource::notification;

const std::string kRow = "550e8400-e29b-41d4-a716-446655440000";
const std::string kA = "00000000-0000-0000-0000-00000000000a", kB = "00000000-0000-0000-0000-00000000000b";

std::string port(const std::string& update) { return R"({"Port":{")" + kRow + "\":" + update + "}}"; }

Result<std::vector<RowChange>> read(const std::string& text, MonitorVersion version, UpdateSource source) {
  return parse_table_updates(*json::parse(text), version, source);
}

const Schema& schema() {
  static const Schema kSchema = *parse_schema(*json::parse(R"({"name":"Open_vSwitch","version":"8.3.1","tables":{
    "Port":{"columns":{
      "name":{"type":"string","mutable":false},
      "tag":{"type":{"key":{"type":"integer","minInteger":0,"maxInteger":4095},"min":0,"max":1}},
      "trunks":{"type":{"key":{"type":"integer"},"min":0,"max":"unlimited"}},
      "interfaces":{"type":{"key":{"type":"uuid","refTable":"Interface"},"min":1,"max":"unlimited"}},
      "protected":{"type":"boolean"},
      "rate":{"type":"real"},
      "one":{"type":{"key":"string","value":"string","min":0,"max":1}},
      "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}},
    "Other":{"columns":{"name":{"type":"string"}}}}})"));
  return kSchema;
}
Image image(std::optional<std::vector<std::string>> columns = {}) {
  return Image(schema(), {{"Port", {.columns = std::move(columns)}}});
}
/// "" or the message of the error.
std::string apply(Image& image, const std::string& update, MonitorVersion version, UpdateSource source = notification) {
  const auto changes = read(port(update), version, source);
  if (!changes) return changes.error().message;
  for (const auto& change : *changes)
    if (const auto done = image.apply(change, version); !done) return done.error().message;
  return "";
}
const Row& only(const Image& image) {
  REQUIRE(image.rows("Port").size() == 1);
  return image.rows("Port").begin()->second;
}

}  // namespace

TEST_CASE("updates of version 1 are read", "[protocol][ovsdb]") {
  const auto kind = [](const std::string& update, UpdateSource source) {
    const auto read_one = read(port(update), v1, source);
    return read_one ? std::string(to_string(read_one->at(0).kind)) : read_one.error().reason;
  };
  CHECK(kind(R"({"new":{"name":"p1"}})", answer) == "initial");
  CHECK(kind(R"({"new":{"name":"p1"}})", notification) == "insert");
  CHECK(kind(R"({"new":{"name":"p1","tag":7},"old":{"tag":["set",[]]}})", notification) == "modify");
  CHECK(kind(R"({"old":{"name":"p1"}})", notification) == "remove");
  const auto change = read(port(R"({"new":{"name":"p1","tag":7},"old":{"tag":["set",[]]}})"), v1, notification)->at(0);
  CHECK(change.table == "Port");
  CHECK(change.uuid.text == kRow);
  CHECK(*change.now.int_at("tag") == 7);
  CHECK(change.old == Row{{"tag", Datum()}});
  CHECK(read("{}", v1, answer)->empty());

  CHECK(kind(R"({"new":{},"old":{}})", answer) == "OVSDB_UPDATE_INVALID");
  for (const std::string_view bad :
       {"{}", "[]", "null", R"({"initial":{}})", R"({"new":{},"more":{}})", R"({"new":{},"old":{},"more":1})"})
    CHECK(kind(std::string(bad), notification) == "OVSDB_UPDATE_INVALID");
  CHECK(kind(R"({"new":null})", notification) == "OVSDB_VALUE_INVALID");
  CHECK(read(port(R"({"new":{"tag":null}})"), v1, notification).error().message ==
        "table 'Port': row " + kRow + ": column 'tag': null where a value should be");
}

TEST_CASE("updates of version 2 are read", "[protocol][ovsdb]") {
  const auto kind = [](const std::string& update, UpdateSource source) {
    const auto read_one = read(port(update), v2, source);
    return read_one ? std::string(to_string(read_one->at(0).kind)) : read_one.error().reason;
  };
  CHECK(kind(R"({"initial":{"name":"p1"}})", answer) == "initial");
  CHECK(kind(R"({"insert":{"name":"p1"}})", notification) == "insert");
  CHECK(kind(R"({"modify":{"tag":7}})", notification) == "modify");
  CHECK(kind(R"({"delete":null})", notification) == "remove");
  for (const std::string_view bad : {"{}", R"({"initial":{}})", R"({"new":{}})", R"({"delete":{}})",
                                     R"({"insert":{},"modify":{}})", R"({"modify":{},"old":{}})"})
    CHECK(kind(std::string(bad), notification) == "OVSDB_UPDATE_INVALID");
  CHECK(kind(R"({"insert":{}})", answer) == "OVSDB_UPDATE_INVALID");
  CHECK(kind(R"({"modify":null})", notification) == "OVSDB_VALUE_INVALID");
}

TEST_CASE("tables and rows of updates have names", "[protocol][ovsdb]") {
  for (const std::string bad : {"[]", "null", R"({"Port":[]})", R"({"Po rt":{}})", R"({"Port":{"x":{"new":{}}}})"}) {
    CAPTURE(bad);
    const auto changes = read(bad, v1, notification);
    REQUIRE_FALSE(changes);
    CHECK(changes.error().reason == "OVSDB_UPDATE_INVALID");
  }
}

TEST_CASE("an image follows version 1", "[protocol][ovsdb]") {
  auto now = image(std::vector<std::string>{"name", "tag"});
  CHECK(apply(now, R"({"new":{"name":"p1","tag":["set",[]]}})", v1, answer).empty());
  CHECK(apply(now, R"({"new":{"name":"p1","tag":7},"old":{"tag":["set",[]]}})", v1).empty());
  CHECK(only(now) == Row{{"name", "p1"}, {"tag", 7}});
  CHECK(now.find("Port", Uuid{kRow}) != nullptr);
  CHECK(apply(now, R"({"old":{"name":"p1","tag":7}})", v1).empty());
  CHECK(now.size() == 0);
  CHECK(now.find("Port", Uuid{kRow}) == nullptr);
}

TEST_CASE("an image of version 2 fills in defaults and adds up differences", "[protocol][ovsdb]") {
  auto now = image();
  const auto uuids = [](const std::vector<std::string>& list) {
    std::string out = R"(["set",[)";
    for (const auto& one : list) out += (out.ends_with("[") ? "" : ",") + (R"(["uuid",")" + one + "\"]");
    return out + "]]";
  };
  CHECK(apply(now, R"({"initial":{"name":"p1","interfaces":)" + uuids({kA}) + "}}", v2, answer).empty());
  CHECK(only(now) == Row{{"name", "p1"},
                         {"tag", Datum()},
                         {"trunks", Datum()},
                         {"interfaces", Uuid{kA}},
                         {"protected", false},
                         {"rate", 0.0},
                         {"one", Datum::map({})},
                         {"external_ids", Datum::map({})}});
  const auto column = [&](std::string_view name) { return *only(now).find(name); };

  CHECK(apply(now, R"({"modify":{"tag":7,"trunks":["set",[1,2]],"external_ids":["map",[["a","1"],["b","2"]]]}})", v2)
            .empty());
  CHECK(column("tag") == Datum(7));
  CHECK(column("trunks") == Datum::set({1, 2}));
  CHECK(apply(now,
              R"({"modify":{"tag":8,"trunks":["set",[2,3]],)"
              R"("external_ids":["map",[["a","1"],["b","3"],["c","4"]]],"one":["map",[["x","y"]]]}})",
              v2)
            .empty());
  CHECK(column("tag") == Datum(8));                                       // a single value is replaced
  CHECK(column("trunks") == Datum::set({1, 3}));                          // 2 went, 3 came
  CHECK(column("external_ids") == Datum::map({{"b", "3"}, {"c", "4"}}));  // a went, b changed, c came
  CHECK(column("one") == Datum::map({{"x", "y"}}));
  CHECK(apply(now,
              R"({"modify":{"tag":["set",[]],"trunks":1,"one":["map",[["z","y"]]],"rate":1,"interfaces":)" +
                  uuids({kA, kB}) + "}}",
              v2)
            .empty());
  CHECK(column("tag") == Datum());
  CHECK(column("trunks") == Datum(3));
  CHECK(column("one") == Datum::map({{"z", "y"}}));
  CHECK(column("rate") == Datum(1));
  CHECK(column("interfaces") == Datum(Uuid{kB}));
  CHECK(column("name") == Datum("p1"));
  CHECK(apply(now, R"({"delete":null})", v2).empty());
  CHECK(now.size() == 0);
}

TEST_CASE("an image that can no longer be right says so and stays as it was", "[protocol][ovsdb]") {
  const std::string where = "table 'Port': row " + kRow + ": ";
  auto now = image(std::vector<std::string>{"name", "tag", "trunks", "interfaces", "external_ids"});
  CHECK(apply(now, R"({"modify":{"tag":7}})", v2) == where + "is modified and not there");
  CHECK(apply(now, R"({"delete":null})", v2) == where + "is removed and not there");
  CHECK(apply(now, R"({"new":{"tag":7},"old":{}})", v1) == where + "is modified and not there");
  CHECK(apply(now, R"({"insert":{"name":"p1","interfaces":["uuid",")" + kA + R"("]}})", v2).empty());
  const auto before = only(now);
  CHECK(apply(now, R"({"insert":{"name":"p1"}})", v2) == where + "is inserted and already there");
  CHECK(apply(now, R"({"modify":{"tag":"7"}})", v2) == where + "column 'tag': cannot hold a string");
  CHECK(apply(now, R"({"modify":{"tag":["set",[1,2]]}})", v2) == where + "column 'tag': cannot hold a set of 2");
  CHECK(apply(now, R"({"modify":{"name":["set",[]]}})", v2) == where + "column 'name': cannot hold an empty set");
  CHECK(apply(now, R"({"modify":{"external_ids":"a"}})", v2) == where + "column 'external_ids': cannot hold a string");
  CHECK(apply(now, R"({"modify":{"external_ids":["map",[["a",1]]]}})", v2) ==
        where + "column 'external_ids': cannot hold a map of 1");
  CHECK(apply(now, R"({"modify":{"interfaces":["uuid",")" + kA + R"("]}})", v2) ==
        where + "column 'interfaces': cannot hold an empty set");  // what would be left
  CHECK(apply(now, R"({"modify":{"nome":1}})", v2) == where + "column 'nome': not in the schema");
  CHECK(apply(now, R"({"modify":{"protected":true}})", v2) == where + "column 'protected': was not asked for");
  CHECK(only(now) == before);
  const auto other = now.apply({.table = "Other", .uuid = Uuid{kRow}}, v1);
  REQUIRE_FALSE(other);
  CHECK(other.error().reason == "OVSDB_IMAGE_DIVERGED");
  CHECK(now.rows("Other").empty());
}

TEST_CASE("an image holds so many rows and no more", "[protocol][ovsdb]") {
  Image now(schema(), {{"Port", {}}}, 1);
  const auto insert = [&](const std::string& uuid) {
    return now.apply({.table = "Port", .uuid = Uuid{uuid}, .kind = ChangeKind::insert}, v2);
  };
  REQUIRE(insert(kA));
  const auto second = insert(kB);
  REQUIRE_FALSE(second);
  CHECK(second.error().reason == "OVSDB_IMAGE_FULL");
  CHECK(now.size() == 1);
  REQUIRE(now.apply({.table = "Port", .uuid = Uuid{kA}, .kind = ChangeKind::remove}, v2));
  CHECK(insert(kB));
}

TEST_CASE("a schema is read", "[protocol][ovsdb]") {
  CHECK(schema().version == "8.3.1");
  const auto* tag = schema().find_column("Port", "tag");
  REQUIRE(tag != nullptr);
  CHECK(*tag == ColumnType{AtomKind::integer, {}, true, 1});
  CHECK(schema().find_column("Port", "external_ids")->is_map());
  CHECK_FALSE(schema().find_column("Port", "trunks")->is_single());
  CHECK(schema().find_column("Port", "nome") == nullptr);
  CHECK(schema().find_column("Nort", "name") == nullptr);
  CHECK(ColumnType{AtomKind::uuid, {}, false, 1}.default_value() ==
        Datum(Uuid{"00000000-0000-0000-0000-000000000000"}));
  CHECK(ColumnType{AtomKind::string, AtomKind::integer, false, 1}.default_value() == Datum::map({{"", 0}}));
}

TEST_CASE("a schema that is none names the column", "[protocol][ovsdb]") {
  const auto why = [](std::string_view text) {
    const auto read = parse_schema(*json::parse(text));
    return read ? "" : read.error().reason + " " + read.error().message;
  };
  const auto column = [&](const std::string& type) {
    return why(R"({"name":"D","tables":{"T":{"columns":{"c":{"type":)" + type + "}}}}}");
  };
  CHECK(column(R"("real")").empty());
  CHECK(column(R"({"key":"uuid","max":1})").empty());
  for (const auto* bad :
       {R"("text")", "7", "null", "[]", "{}", R"({"key":{}})", R"({"key":"set"})", R"({"key":"string","value":"x"})",
        R"({"key":"string","min":2})", R"({"key":"string","min":"0"})", R"({"key":"string","max":0})",
        R"({"key":"string","max":"many"})", R"({"key":"string","max":1.5})"}) {
    CAPTURE(bad);
    CHECK(column(bad).starts_with("OVSDB_SCHEMA_INVALID table 'T': column 'c': "));
  }
  for (const auto* bad :
       {"{}", "[]", R"({"name":"D"})", R"({"name":1,"tables":{}})", R"({"name":"D D","tables":{}})",
        R"({"name":"D","version":1,"tables":{}})", R"({"name":"D","tables":[]})", R"({"name":"D","tables":{"T":{}}})",
        R"({"name":"D","tables":{"T":{"columns":[]}}})", R"({"name":"D","tables":{"T T":{"columns":{}}}})",
        R"({"name":"D","tables":{"T":{"columns":{"c c":{"type":"real"}}}}})",
        R"({"name":"D","tables":{"T":{"columns":{"c":{}}}}})"}) {
    CAPTURE(bad);
    CHECK(why(bad).starts_with("OVSDB_SCHEMA_INVALID "));
  }
  auto tables = json::Value::object();
  for (std::size_t i = 0; i <= kMaxTables; ++i)
    tables.append("T" + std::to_string(i), *json::parse(R"({"columns":{}})"));
  CHECK_FALSE(parse_schema(json::Value::object().set("name", "D").set("tables", std::move(tables))));
}
