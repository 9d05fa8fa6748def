#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "libs/codec/json/parse.h"
#include "libs/protocol/ovsdb/row.h"

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

const std::string kUuid = "550e8400-e29b-41d4-a716-446655440000";
const std::string kOther = "36bf8d9e-8a5c-4d07-9a11-0a5c3a3c1e00";

Result<Datum> datum(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE(value);
  return parse_datum(*value);
}
std::string written(const Datum& datum) {
  const auto value = encode_datum(datum);
  return value ? value->dump() : value.error().reason;
}
Row row(std::string_view text) {
  auto value = json::parse(text);
  REQUIRE(value);
  auto parsed = parse_row(*value);
  REQUIRE(parsed);
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("atoms, sets and maps are read and written", "[protocol][ovsdb]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("text")", R"("text")"},
      {R"("")", R"("")"},
      {"42", "42"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"0.5", "0.5"},
      {"true", "true"},
      {R"(["uuid",")" + kUuid + R"("])", R"(["uuid",")" + kUuid + R"("])"},
      {R"(["named-uuid","row_1"])", R"(["named-uuid","row_1"])"},
      {R"(["set",[]])", R"(["set",[]])"},
      {R"(["set",[42]])", "42"},  // a set of one is the atom
      {R"(["set",["b","a"]])", R"(["set",["a","b"]])"},
      {R"(["set",[["uuid",")" + kUuid + R"("],["named-uuid","x"]]])",
       R"(["set",[["uuid",")" + kUuid + R"("],["named-uuid","x"]]])"},
      {R"(["map",[]])", R"(["map",[]])"},
      {R"(["map",[["b",2],["a",1]]])", R"(["map",[["a",1],["b",2]]])"},
      {R"(["map",[["uuid","x"]]])", R"(["map",[["uuid","x"]]])"},
  };
  for (const auto& [in, out] : cases) {
    CAPTURE(in);
    const auto read = datum(in);
    REQUIRE(read);
    CHECK(written(*read) == out);
    CHECK(*datum(out) == *read);
  }
}

TEST_CASE("what is no value is refused", "[protocol][ovsdb]") {
  for (const std::string& bad : std::vector<std::string>{"null",
                                                         "{}",
                                                         "[]",
                                                         R"(["set"])",
                                                         R"(["set",1])",
                                                         R"(["set",[],[]])",
                                                         R"(["sets",[]])",
                                                         R"([1,[]])",
                                                         R"(["set",[null]])",
                                                         R"(["set",[["set",[]]]])",
                                                         R"(["set",[["map",[]]]])",
                                                         R"(["set",[{}]])",
                                                         R"(["set",[1,"a"]])",
                                                         R"(["set",[1,1.5]])",
                                                         R"(["set",[1,1]])",
                                                         R"(["set",["a","b","a"]])",
                                                         R"(["map",[1]])",
                                                         R"(["map",[["a"]]])",
                                                         R"(["map",[["a",1,2]]])",
                                                         R"(["map",[["a",1],["a",2]]])",
                                                         R"(["map",[["a",1],["b","x"]]])",
                                                         R"(["map",[["a",1],[2,1]]])",
                                                         R"(["map",[["a",["set",[]]]]])",
                                                         R"(["uuid","550e8400"])",
                                                         R"(["uuid",1])",
                                                         R"(["uuid"])",
                                                         R"(["uuid",")" + kUuid + "0\"]",
                                                         R"(["named-uuid",""])",
                                                         R"(["named-uuid","1a"])",
                                                         R"(["named-uuid","a b"])",
                                                         R"(["other","x"])",
                                                         R"("a\u0000b")",
                                                         R"(["set",["a\u0000"]])"}) {
    CAPTURE(bad);
    const auto read = datum(bad);
    REQUIRE_FALSE(read);
    CHECK(read.error().reason == "OVSDB_VALUE_INVALID");
  }
}

TEST_CASE("what would not arrive as it is meant is not sent", "[protocol][ovsdb]") {
  for (const auto& bad : {Datum(std::string("a\0b", 3)), Datum("\xff"), Datum(std::nan("")),
                          Datum(std::numeric_limits<double>::infinity()), Datum(Uuid{"x"}), Datum(Uuid{}),
                          Datum(NamedUuid{"1"}), Datum(NamedUuid{std::string(kMaxId + 1, 'a')}), Datum::set({"a", 1}),
                          Datum::set({1, 1.0}), Datum::map({{"a", 1}, {"b", "c"}}), Datum::map({{"a", "\xff"}})})
    CHECK(written(bad) == "OVSDB_VALUE_UNSENDABLE");
  CHECK(written(Datum(NamedUuid{std::string(kMaxId, 'a')})).size() > kMaxId);
}

TEST_CASE("sets and maps are equal by content, and searched", "[protocol][ovsdb]") {
  CHECK(Datum::set({3, 1, 2, 1}) == Datum::set({1, 2, 3}));
  CHECK(Datum::set({7}) == Datum(7));
  CHECK_FALSE(Datum(7) == Datum("7"));
  CHECK_FALSE(Datum::set({}) == Datum::map({}));
  CHECK_FALSE(Datum(1) == Datum(true));
  const auto map = Datum::map({{"b", "2"}, {"a", "1"}, {"b", "3"}});
  CHECK(map.size() == 2);
  REQUIRE(map.find("b") != nullptr);
  CHECK(*map.find("b") == Atom("3"));  // the last one counts
  CHECK(map.find("c") == nullptr);
  CHECK(map.contains("a"));
  CHECK(Datum::set({"a"}).find("a") == nullptr);  // a set has no values
  CHECK(describe(map) == "a map of 2");
  CHECK(describe(Datum()) == "an empty set");
  CHECK(describe(Datum(1.5)) == "a real");
}

TEST_CASE("a row gives typed values, and names the column that has no such", "[protocol][ovsdb]") {
  const auto port = row(R"({"name":"p1","tag":42,"load":1,"ratio":0.5,"protected":false,"none":["set",[]],)"
                        R"("trunks":["set",[3,1]],"words":["set",["a","b"]],"_uuid":["uuid",")" +
                        kUuid + R"("],"refs":["set",[["uuid",")" + kUuid + R"("],["uuid",")" + kOther +
                        R"("]]],"ids":["map",[["k","v"],["a","b"]]],"counts":["map",[["rx",1]]]})");
  CHECK(*port.string_at("name") == "p1");
  CHECK(*port.int_at("tag") == 42);
  CHECK(*port.real_at("ratio") == 0.5);
  CHECK(*port.real_at("load") == 1.0);  // a real may be written without a point
  CHECK_FALSE(*port.bool_at("protected"));
  CHECK(port.uuid_at("_uuid")->text == kUuid);
  CHECK(*port.optional_int("tag") == 42);
  CHECK(*port.optional_int("none") == std::nullopt);
  CHECK(*port.optional_string("none") == std::nullopt);
  CHECK(*port.optional_bool("protected") == false);
  CHECK(*port.optional_uuid("none") == std::nullopt);
  CHECK(*port.ints_at("trunks") == std::vector<std::int64_t>{1, 3});
  CHECK(*port.ints_at("tag") == std::vector<std::int64_t>{42});
  CHECK(port.ints_at("none")->empty());
  CHECK(port.strings_at("words")->size() == 2);
  CHECK(port.uuids_at("refs")->front().text == kOther);
  CHECK(port.string_map_at("ids")->at("k") == "v");

  const auto why = [](const auto& result) {
    return result ? "" : result.error().reason + " " + result.error().message;
  };
  CHECK(why(port.string_at("nome")) == "OVSDB_COLUMN_MISSING column 'nome': is missing");
  CHECK(why(port.optional_int("nome")) == "OVSDB_COLUMN_MISSING column 'nome': is missing");
  CHECK(why(port.string_at("tag")) == "OVSDB_COLUMN_TYPE column 'tag': expected a string, found an integer");
  CHECK(why(port.int_at("none")) == "OVSDB_COLUMN_TYPE column 'none': expected an integer, found an empty set");
  CHECK(why(port.int_at("ratio")) == "OVSDB_COLUMN_TYPE column 'ratio': expected an integer, found a real");
  CHECK(why(port.real_at("name")) == "OVSDB_COLUMN_TYPE column 'name': expected a real, found a string");
  CHECK(why(port.bool_at("tag")) == "OVSDB_COLUMN_TYPE column 'tag': expected a boolean, found an integer");
  CHECK(why(port.optional_int("trunks")) ==
        "OVSDB_COLUMN_TYPE column 'trunks': expected at most one integer, found a set of 2");
  CHECK(why(port.optional_string("ids")) ==
        "OVSDB_COLUMN_TYPE column 'ids': expected at most one string, found a map of 2");
  CHECK(why(port.strings_at("trunks")) ==
        "OVSDB_COLUMN_TYPE column 'trunks': expected a set of strings, found a set of 2");
  CHECK(why(port.strings_at("ids")) == "OVSDB_COLUMN_TYPE column 'ids': expected a set of strings, found a map of 2");
  CHECK(why(port.uuids_at("name")) == "OVSDB_COLUMN_TYPE column 'name': expected a set of UUIDs, found a string");
  CHECK(why(port.string_map_at("name")) ==
        "OVSDB_COLUMN_TYPE column 'name': expected a map of strings, found a string");
  CHECK(why(port.string_map_at("counts")) ==
        "OVSDB_COLUMN_TYPE column 'counts': expected a map of strings, found other members");
}

TEST_CASE("a row that is none names its column", "[protocol][ovsdb]") {
  const auto why = [](std::string_view text) {
    const auto read = parse_row(*json::parse(text));
    return read ? "" : read.error().message;
  };
  CHECK(why("{}").empty());
  CHECK(why("[]") == "an array where a row should be");
  CHECK(why(R"({"tag":null})") == "column 'tag': null where a value should be");
  CHECK(why(R"({"tag":["set",[1,"x"]]})") == "column 'tag': a set whose members are of different kinds");
  CHECK(why(R"({"t g":1})") == "a column whose name is no identifier");
  const auto sent = encode_row(Row{{"name", "\xff"}});
  REQUIRE_FALSE(sent);
  CHECK(sent.error().message == "column 'name': a string that is not UTF-8");
  CHECK_FALSE(encode_row(Row{{"na-me", "x"}}));
}
