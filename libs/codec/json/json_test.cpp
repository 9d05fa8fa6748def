#include <catch2/catch.hpp>

#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/codec/json/utf8.h"

using namespace pratique;
using json::Value;

namespace {

std::string reason_of(std::string_view text, const json::Limits& limits = {}) {
  const auto parsed = json::parse(text, limits);
  return parsed ? "accepted" : parsed.error().reason;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("json: every kind is read and written back to the same bytes", "[codec][json]") {
  const std::string text =
      R"({"b":true,"a":[null,false,-1,9223372036854775807,-9223372036854775808,0.5,1e+300],"s":"é\"\\\n\u0001\t","o":{}})";
  const auto parsed = json::parse(text);
  REQUIRE(parsed);
  CHECK(parsed->dump() == text);
  CHECK(json::parse(parsed->dump()).value_or({}) == *parsed);
}

TEST_CASE("json: white space and escapes of the grammar are read", "[codec][json]") {
  const auto parsed = json::parse(" \t\r\n{ \"a\\u0062\" : \"\\ud83d\\ude00\\/\" } ");
  REQUIRE(parsed);
  CHECK(parsed->dump() == "{\"ab\":\"\xF0\x9F\x98\x80/\"}");
  CHECK(reason_of("\"alone\"") == "accepted");
  CHECK(reason_of("0") == "accepted");
}

TEST_CASE("json: what the grammar refuses is refused", "[codec][json]") {
  for (const std::string_view bad :
       {"", " ", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "'a'", "01", "+1", "1.", ".5", "0x1", "NaN", "Infinity",
        "-", "tru", "nul", "\"a", "\"\n\"", "\"\\x\"", "\"\\u12\"", "// c\n1", "[1] [2]", "{}x", "1 2", "[}", "{\"a\":1]"}) {
    INFO(bad);
    CHECK(reason_of(bad) == "JSON_INVALID");
  }
}

TEST_CASE("json: text after the value is seen even behind a zero byte", "[codec][json]") {
  CHECK(reason_of(std::string_view("{}\0{\"a\":1}", 10)) == "JSON_INVALID");
  CHECK(reason_of(std::string_view("{}\0", 3)) == "JSON_INVALID");
  CHECK(reason_of("\xEF\xBB\xBF{}") == "JSON_INVALID");
}

TEST_CASE("json: only UTF-8 is text", "[codec][json]") {
  CHECK(reason_of("\"\xC3\xA9\"") == "accepted");
  for (const std::string_view bad : {"\"\xC3\"", "\"\xA9\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
                                     "\"\xFF\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\""}) {
    INFO(bad);
    CHECK(reason_of(bad) == "JSON_INVALID");
  }
  CHECK_FALSE(json::utf8_valid("\xE0\x80\x80"));
  CHECK(json::utf8_valid("\xF0\x9F\x98\x80"));
  CHECK(Value("a\xFF").dump() == "\"a\xEF\xBF\xBD\"");
}

TEST_CASE("json: a name stands once in an object", "[codec][json]") {
  CHECK(reason_of(R"({"a":1,"b":{"a":2}})") == "accepted");
  const auto twice = json::parse(R"({"o":[{"a":1,"a":1}]})");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().reason == "JSON_DUPLICATE_NAME");
  CHECK(twice.error().message.starts_with("$.o[0].a:"));
  CHECK(reason_of(R"({"a":1,"\u0061":2})") == "JSON_DUPLICATE_NAME");
}

TEST_CASE("json: limits hold", "[codec][json]") {
  CHECK(reason_of(nested(32)) == "accepted");
  CHECK(reason_of(nested(33)) == "JSON_TOO_DEEP");
  CHECK(reason_of(std::string(500'000, '[')) == "JSON_TOO_DEEP");
  CHECK(reason_of("[1,2,3]", {.max_elements = 2}) == "JSON_TOO_MANY");
  CHECK(reason_of("[1,2]", {.max_elements = 2}) == "accepted");
  CHECK(reason_of(R"({"a":1,"b":1})", {.max_members = 1}) == "JSON_TOO_MANY");
  CHECK(reason_of("[[1],[2]]", {.max_values = 4}) == "JSON_TOO_MANY");
  CHECK(reason_of("[1]", {.max_bytes = 2}) == "JSON_TOO_LARGE");
}

TEST_CASE("json: numbers stay what they are", "[codec][json]") {
  CHECK(json::parse("9223372036854775807").value_or({}) == Value(std::int64_t{INT64_MAX}));
  CHECK(reason_of("9223372036854775808") == "JSON_NUMBER_RANGE");
  CHECK(reason_of("-9223372036854775809") == "JSON_NUMBER_RANGE");
  CHECK(reason_of("123456789012345678901234567890") == "JSON_NUMBER_RANGE");
  CHECK(reason_of("1e999") == "JSON_NUMBER_RANGE");
  CHECK(json::parse("1.0").value_or({}).kind() == json::Kind::number);
  CHECK(Value(0.1).dump() == "0.1");
  CHECK(Value(1.0).dump() == "1.0");
}

TEST_CASE("json: a reader names the path of what is wrong", "[codec][json]") {
  const auto root = json::parse(R"({"v":{"s":"x","n":7,"d":0.5,"t":true,"z":null,"l":[{"k":1}]}})");
  REQUIRE(root);
  const json::Reader reader(*root);
  const auto v = reader.object_at("v");
  REQUIRE(v);
  CHECK(v->string_at("s").value_or("") == "x");
  CHECK(v->int_at("n").value_or(0) == 7);
  CHECK(v->number_at("d").value_or(0) == 0.5);
  CHECK(v->number_at("n").value_or(0) == 7.0);
  CHECK(v->bool_at("t").value_or(false));
  CHECK(v->optional_string("absent").value_or("x") == std::nullopt);
  CHECK(v->optional_string("z").value_or("x") == std::nullopt);
  const auto list = v->array_at("l");
  REQUIRE(list);
  CHECK((*list)[0].int_at("k").value_or(0) == 1);

  CHECK((*list)[0].string_at("k").error().message == "$.v.l[0].k: expected a string, found an integer");
  CHECK(v->string_at("absent").error().reason == "JSON_MISSING");
  CHECK(v->string_at("absent").error().message == "$.v.absent: is missing");
  CHECK(v->optional_string("n").error().reason == "JSON_TYPE");
  CHECK(v->bool_at("n").error().reason == "JSON_TYPE");
  CHECK(v->int_at("d").error().reason == "JSON_TYPE");
  CHECK(v->object_at("s").error().reason == "JSON_TYPE");
  CHECK((*list)[0].at("k")->string_at("x").error().reason == "JSON_TYPE");
  CHECK(v->only({"s", "n"}).error().reason == "JSON_UNKNOWN_MEMBER");
  CHECK((*list)[0].only({"k"}));
}

TEST_CASE("json: setting a member twice keeps its place", "[codec][json]") {
  Value value;
  value.set("a", 1).set("b", "x").set("a", false);
  value.set("l", Value::array().push_back(1).push_back("two"));
  CHECK(value.dump() == R"({"a":false,"b":"x","l":[1,"two"]})");
  CHECK(value.find("c") == nullptr);
  CHECK(Value("x").find("c") == nullptr);
}
