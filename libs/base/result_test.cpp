#include "libs/base/result.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace pratique;

namespace {
Result<int> parse(int value) {
  if (value < 0) return invalid("NEGATIVE", "value is negative").with("value", std::to_string(value));
  return value;
}
Result<std::string> text(int value) {
  TRY(const int parsed, parse(value));
  TRY_VOID(parsed > 9 ? Result<void>(invalid("TOO_LARGE", "one digit only")) : Result<void>());
  return std::to_string(parsed);
}
}  // namespace

TEST_CASE("TRY hands on the value or returns the error") {
  CHECK(*text(7) == "7");
  const auto negative = text(-1);
  REQUIRE_FALSE(negative);
  CHECK(negative.error().reason == "NEGATIVE");
  CHECK(negative.error().evidence.at(0).second == "-1");
  CHECK(text(10).error().reason == "TOO_LARGE");
}

TEST_CASE("and_then, transform and with_context") {
  CHECK(*parse(2).transform([](int v) { return v * 2; }) == 4);
  CHECK(*parse(2).and_then([](int v) { return text(v); }) == "2");
  CHECK(parse(-2).and_then([](int v) { return text(v); }).error().reason == "NEGATIVE");
  CHECK(parse(-2).with_context("port").error().message == "port: value is negative");
  Result<std::unique_ptr<int>> moved = std::make_unique<int>(3);
  CHECK(**moved == 3);
}
