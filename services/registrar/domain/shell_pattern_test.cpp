#include "services/registrar/domain/shell_pattern.h"

#include <catch2/catch.hpp>

using namespace pratique::registrar;

TEST_CASE("A shell pattern matches the whole text") {
  struct Line { std::string_view pattern, text; bool match; };
  const Line lines[] = {
      {"00-D0-E5-*", "00-D0-E5-F2-00-02", true},
      {"00-D0-E5-*", "00-D0-E6-F2-00-02", false},
      {"00-D0-E5-*", "x00-D0-E5-F2-00-02", false},
      {"abc", "abc", true},
      {"abc", "abcd", false},
      {"abc", "ab", false},
      {"*", "", true},
      {"*", "anything", true},
      {"?", "", false},
      {"?", "ä", true},
      {"?", "ab", false},
      {"a*b*c", "aXXbYYc", true},
      {"a*b*c", "aXXbYY", false},
      {"*abab", "abababab", true},
      {"*[0-9]", "cam7", true},
      {"*[0-9]", "cam", false},
      {"cam[!0-9]", "camX", true},
      {"cam[!0-9]", "cam1", false},
      {"cam[!0-9]", "camä", true},
      {"[]x]", "]", true},
      {"[a-]", "-", true},
      {"\\*", "*", true},
      {"\\*", "x", false},
      {"CAM", "cam", false},
      {"**a**", "xxaxx", true},
  };
  for (const auto& line : lines) {
    INFO(line.pattern << " on " << line.text);
    const auto pattern = ShellPattern::parse(line.pattern);
    REQUIRE(pattern.has_value());
    CHECK(pattern->matches(line.text) == line.match);
  }
}

TEST_CASE("A pattern that cannot be read is refused with what is wrong") {
  for (const std::string& bad :
       {std::string("[abc"), std::string("["), std::string("[!"), std::string("[]"), std::string("[z-a]"),
        std::string("x\\"), std::string("[ä]"), std::string(kMaxPattern + 1, 'x')}) {
    const auto pattern = ShellPattern::parse(bad);
    REQUIRE_FALSE(pattern.has_value());
    CHECK(pattern.error().reason == "PATTERN_INVALID");
  }
  const auto named = check_pattern("policy.serial_pattern", "[abc");
  REQUIRE_FALSE(named.has_value());
  CHECK(named.error().reason == "FIELD_INVALID");
  CHECK(named.error().message == "policy.serial_pattern: a set is not closed by ]");
}

TEST_CASE("The worst pattern takes no more than its product of lengths") {
  std::string pattern;
  while (pattern.size() + 2 < kMaxPattern) pattern += "a*";
  const auto parsed = ShellPattern::parse(pattern + "b");
  REQUIRE(parsed.has_value());
  CHECK_FALSE(parsed->matches(std::string(100'000, 'a')));
}

TEST_CASE("An empty pattern is no condition") {
  CHECK(pattern_matches("", "whatever"));
  CHECK(pattern_matches("", ""));
  CHECK_FALSE(pattern_matches("[", "["));
}
