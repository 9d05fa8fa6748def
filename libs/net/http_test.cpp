#include <catch2/catch.hpp>

#include "libs/net/http.h"

using namespace pratique;
using namespace pratique::net;

TEST_CASE("header names compare without regard to case", "[net][http]") {
  http::Headers headers{{"Content-Type", "application/json"}, {"X-One", "1"}, {"x-one", "2"}};
  CHECK(headers.get("content-TYPE") == "application/json");
  CHECK(headers.get("X-ONE") == "1");
  CHECK_FALSE(headers.contains("X-Two"));
  CHECK(headers.get("X-Two").empty());
  headers.set("X-ONE", "3");
  CHECK(headers.fields().size() == 2);
  CHECK(headers.get("x-one") == "3");
  headers.remove("X-one");
  CHECK_FALSE(headers.contains("x-one"));
}

TEST_CASE("query parameters are decoded", "[net][http]") {
  http::Request request;
  request.query = "a=b%20c&empty=&flag&plus=1+1&bad=%4&%61b=x&a=second";
  CHECK(request.query_value("a") == "b c");
  CHECK(request.query_value("empty") == "");
  CHECK(request.query_value("flag") == "");
  CHECK(request.query_value("plus") == "1+1");
  CHECK(request.query_value("ab") == "x");
  CHECK(request.query_value("bad") == std::nullopt);
  CHECK(request.query_value("absent") == std::nullopt);
}

TEST_CASE("media types lose parameters and case", "[net][http]") {
  http::Request request;
  CHECK(request.content_type().empty());
  request.headers.set("Content-Type", " Application/PKCS10 ; charset=x");
  CHECK(request.content_type() == "application/pkcs10");
}

TEST_CASE("Retry-After in seconds, and nothing else", "[net][http]") {
  http::Response response;
  CHECK_FALSE(response.retry_after_seconds());
  response.headers.set("Retry-After", "120");
  CHECK(response.retry_after_seconds() == 120);
  for (const auto* text : {"", "-1", "12x", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"}) {
    response.headers.set("Retry-After", text);
    CHECK_FALSE(response.retry_after_seconds());
  }
}

TEST_CASE("what may stand in a header", "[net][http]") {
  CHECK(http::is_token("X-Request_Id"));
  for (const auto* text : {"", "a b", "a:b", "a\r\n", "\xc3\xa4"}) CHECK_FALSE(http::is_token(text));
  CHECK(http::is_field_value("a, b\t\xc3\xa4"));
  CHECK_FALSE(http::is_field_value("a\r\nSet-Cookie: b"));
  CHECK_FALSE(http::is_field_value(std::string(http::kMaxFieldBytes + 1, 'a')));
}
