#include "libs/pg/facts.h"

#include <catch2/catch.hpp>

using namespace pratique;

TEST_CASE("facts are read as they were written, empty and odd ones too", "[pg]") {
  const pg::Facts facts = {{"serial_number", "S \"1\" \xC3\xA4\n"}, {"segment", ""}, {"", "nameless"}};
  CHECK(*pg::parse_facts(pg::encode_facts(facts)) == facts);
  CHECK(pg::encode_facts({{"b", "2"}, {"a", "1"}}) == R"({"a":"1","b":"2"})");
  CHECK(pg::encode_facts({}) == "{}");
  CHECK(pg::parse_facts("{}")->empty());
}

TEST_CASE("facts that are no facts are a loss of data", "[pg]") {
  for (const std::string_view text :
       {"", "[]", "{\"a\":1}", "{\"a\":null}", "{", "{\"a\":\"b\"} x", "{\"a\":\"b\",\"a\":\"c\"}"}) {
    INFO(text);
    const auto parsed = pg::parse_facts(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == "FACTS_MALFORMED");
    CHECK(parsed.error().code == ErrorCode::data_loss);
  }
}
