#include <catch2/catch.hpp>

#include "libs/net/endpoint.h"
#include "libs/net/url.h"

using namespace pratique;
using namespace pratique::net;

TEST_CASE("an https URL is taken apart", "[net][url]") {
  const auto url = parse_url("HTTPS://MASA.example.com:9443/.well-known/brski?a=b%20c");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "masa.example.com");
  CHECK(url->port == 9443);
  CHECK(url->path == "/.well-known/brski");
  CHECK(url->query == "a=b%20c");
  CHECK(url->target() == "/.well-known/brski?a=b%20c");
  CHECK(url->authority() == "masa.example.com:9443");
  CHECK(url->text() == "https://masa.example.com:9443/.well-known/brski?a=b%20c");
  CHECK_FALSE(url->is_ip_literal());
}

TEST_CASE("what a URL leaves out has its default", "[net][url]") {
  const auto https = parse_url("https://example.com");
  REQUIRE(https);
  CHECK(https->port == 443);
  CHECK(https->path == "/");
  CHECK(https->authority() == "example.com");
  const auto http = parse_url("http://example.com?x", UrlSchemes::http_and_https);
  REQUIRE(http);
  CHECK(http->port == 80);
  CHECK(http->target() == "/?x");
}

TEST_CASE("IP literals, with and without scope", "[net][url]") {
  const auto v4 = parse_url("https://192.0.2.7:8443/");
  REQUIRE(v4);
  CHECK(v4->is_ip_literal());
  for (const auto* text : {"https://[FE80::1%eth0]:8443/", "https://[fe80::1%25eth0]:8443/"}) {
    const auto v6 = parse_url(text);
    REQUIRE(v6);
    CHECK(v6->host == "fe80::1%eth0");
    CHECK(v6->is_ip_literal());
    CHECK(v6->authority() == "[fe80::1]:8443");
    CHECK(v6->text() == "https://[fe80::1%25eth0]:8443/");
    CHECK(parse_url(v6->text()).value_or(Url{}) == *v6);
  }
}

TEST_CASE("malformed URLs are refused", "[net][url]") {
  const std::vector<std::string> bad = {
      "", "https", "https:/example.com", "https://", "https:///path", "https://user@example.com/",
      "https://example.com:0/", "https://example.com:65536/", "https://example.com:/", "https://example.com:4a/",
      "https://example.com/#fragment", "https://exa mple.com/", "https://example.com/\n", "https://example.com/\x80",
      "https://example.com/%4", "https://example.com/%zz", "https://example.com/a\"b", "https://[::1/",
      "https://[::1]x/", "https://[12345::]/", "https://[fe80::1%]/", "https://-a.example/", "https://a..example/",
      "https://example.com./x", "https://127.1/", "https://0x7f.0.0.0x1/", "https://256.1.1.1/",
      "https://ex%41mple.com/", "https://exämple.com/", "https://" + std::string(64, 'a') + ".example/",
      "https://example.com/" + std::string(kMaxUrlBytes, 'a')};
  for (const auto& text : bad) {
    const auto url = parse_url(text);
    INFO(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().reason == "URL_INVALID");
  }
}

TEST_CASE("only the asked-for schemes are taken", "[net][url]") {
  CHECK(parse_url("http://example.com/").error().reason == "URL_SCHEME_REFUSED");
  CHECK(parse_url("ftp://example.com/", UrlSchemes::http_and_https).error().reason == "URL_SCHEME_REFUSED");
  CHECK(parse_url("file:///etc/passwd", UrlSchemes::http_and_https).error().reason == "URL_SCHEME_REFUSED");
}

TEST_CASE("percent-escapes", "[net][url]") {
  CHECK(percent_decode("a%2Fb%20c+d").value_or("") == "a/b c+d");
  for (const auto* text : {"%", "%4", "%g0", "a%"}) CHECK_FALSE(percent_decode(text));
}

TEST_CASE("endpoints", "[net][endpoint]") {
  CHECK(parse_endpoint("10.0.0.5:8443").value_or(Endpoint{}) == Endpoint{"10.0.0.5", 8443});
  CHECK(parse_endpoint("[fe80::1%eth0]:0").value_or(Endpoint{.host = "", .port = 9}) == Endpoint{"fe80::1%eth0", 0});
  CHECK(Endpoint{"fe80::1%eth0", 8443}.text() == "[fe80::1%eth0]:8443");
  for (const auto* text :
       {"", "host", "host:", ":1", "::1:80", "[::1:80", "host:65536", "host:-1", "ho st:1", "host:1x"}) {
    INFO(text);
    CHECK(parse_endpoint(text).error().reason == "ENDPOINT_INVALID");
  }
}
