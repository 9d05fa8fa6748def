#include "services/registrar/domain/field_text.h"

#include <catch2/catch.hpp>

using namespace pratique::registrar;

TEST_CASE("A text keeps its limits, and the error names the field") {
  const auto check = [](std::string_view text) { return check_text("device.model", text, 8, Presence::required); };
  CHECK(check("Model 8").has_value());
  CHECK(check("Käfig").has_value());
  for (const std::string_view bad : {"", "123456789", " x", "x ", "a\nb", "a\tb", "a\x7f", "\xc2\x85", "\xff", "\xc3",
                                     "\xed\xa0\x80", "\xe0\x80\xaf", "\xf4\x90\x80\x80", "\xe2\x80\xa8"}) {
    const auto result = check(bad);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().reason == "FIELD_INVALID");
    CHECK(result.error().message.starts_with("device.model: "));
    CHECK(result.error().evidence.front().second == "device.model");
  }
  CHECK(check_text("f", "", 8, Presence::optional).has_value());
  CHECK_FALSE(check_text("f", std::string_view("a\0b", 3), 8, Presence::optional).has_value());
}

TEST_CASE("A word holds nothing that another system's configuration could stumble over") {
  CHECK(check_word("segment", "iot-cameras_2.a", 64, Presence::required).has_value());
  for (const std::string_view bad : {"a b", "a;b", "a/b", "a\"b", "ä"})
    CHECK_FALSE(check_word("segment", bad, 64, Presence::required).has_value());
}

TEST_CASE("A MASA URL is https and names a host") {
  CHECK(check_https_url("masa_url", "").has_value());
  CHECK(check_https_url("masa_url", "https://masa.example.com:9443/.well-known/brski").has_value());
  for (const std::string_view bad :
       {"http://masa.example.com", "https://", "https:///x", "https://:443", "masa.example.com",
        "https://a:b@masa.example.com", "https://masa.example.com/#x", "https://a b"})
    CHECK_FALSE(check_https_url("masa_url", bad).has_value());
}

TEST_CASE("Labels are few, short and named by words") {
  CHECK(check_labels("labels", {{"site", "A 1"}, {"owner", ""}}).has_value());
  CHECK_FALSE(check_labels("labels", {{"", "x"}}).has_value());
  CHECK_FALSE(check_labels("labels", {{"a b", "x"}}).has_value());
  CHECK_FALSE(check_labels("labels", {{"a", std::string(kMaxLabelValue + 1, 'x')}}).has_value());
  Labels many;
  for (std::size_t i = 0; i <= kMaxLabels; ++i) many["l" + std::to_string(i)] = "x";
  CHECK_FALSE(check_labels("labels", many).has_value());
}

TEST_CASE("What a peer claimed is made fit to be shown") {
  CHECK(displayable("00-D0-E5", 128) == "00-D0-E5");
  CHECK(displayable("a\nb\xff", 128) == "a\xEF\xBF\xBD" "b\xEF\xBF\xBD");
  CHECK(displayable("K\xC3\xA4se", 2) == "K");
  CHECK(displayable("abc", 2) == "ab");
}
