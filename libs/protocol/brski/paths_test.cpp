#include "libs/protocol/brski/paths.h"

#include <catch2/catch.hpp>

#include "libs/protocol/brski/masa_url.h"
#include "libs/protocol/brski/status.h"
#include "libs/protocol/voucher/reasons.h"

using namespace pratique;
using namespace pratique::brski;

TEST_CASE("brski: media types are compared as HTTP wants", "[protocol][brski]") {
  CHECK(parse_voucher_media_type("application/voucher-cms+json") == VoucherFormat::cms_json);
  CHECK(parse_voucher_media_type("Application/Voucher-CMS+JSON ; charset=utf-8") == VoucherFormat::cms_json);
  CHECK(parse_voucher_media_type("application/voucher-jws+json") == VoucherFormat::jws_json);
  CHECK(parse_voucher_media_type("application/voucher+cose") == VoucherFormat::cose_cbor);
  for (const auto* other :
       {"", "application/json", "application/voucher-cms+jsonx", "application/voucher-cms", "text/plain"})
    CHECK_FALSE(parse_voucher_media_type(other));
}

TEST_CASE("brski: Accept", "[protocol][brski]") {
  for (const auto* yes : {"", "*/*", "application/*", "application/voucher-cms+json", "APPLICATION/VOUCHER-CMS+JSON",
                          "text/html, application/voucher-cms+json;q=0.1", "text/html;q=0,*/*;q=0.1"}) {
    INFO(yes);
    CHECK(accepts(yes, kVoucherCmsJson));
  }
  for (const auto* no : {"application/voucher+cose", "text/*", "application/voucher-cms+json;q=0",
                         "*/*, application/voucher-cms+json;q=0.0", "application/*;q=0.000, */*"}) {
    INFO(no);
    CHECK_FALSE(accepts(no, kVoucherCmsJson));
  }
}

TEST_CASE("MASA address: an authority or a complete URI", "[protocol][brski]") {
  const std::pair<std::string_view, std::string_view> good[] = {
      {"highway-test.example.com:9443", "https://highway-test.example.com:9443/.well-known/brski"},
      {"MASA.example.com", "https://masa.example.com/.well-known/brski"},
      {"192.0.2.7", "https://192.0.2.7/.well-known/brski"},
      {"[2001:db8::7]:8443", "https://[2001:db8::7]:8443/.well-known/brski"},
      {"[::]", "https://[::]/.well-known/brski"},
      {"[1:2:3:4:5:6:7:8]", "https://[1:2:3:4:5:6:7:8]/.well-known/brski"},
      {"[1:2:3:4:5:6:7::]", "https://[1:2:3:4:5:6:7::]/.well-known/brski"},
      {"[::ffff:192.0.2.7]", "https://[::ffff:192.0.2.7]/.well-known/brski"},
      {"[1:2:3:4:5:6:192.0.2.7]", "https://[1:2:3:4:5:6:192.0.2.7]/.well-known/brski"},
      {"https://masa.example.com", "https://masa.example.com/.well-known/brski"},
      {"https://masa.example.com/", "https://masa.example.com/.well-known/brski"},
      {"HTTPS://masa.example.com:8443/a/b%20c/", "https://masa.example.com:8443/a/b%20c"},
  };
  for (const auto& [value, base] : good) {
    INFO(value);
    CHECK(parse_masa_url(value).value_or("refused") == base);
  }
}

TEST_CASE("MASA address: hostile values", "[protocol][brski]") {
  for (const std::string& bad : std::vector<std::string>{"",
                                                         "http://masa.example.com/",
                                                         "ftp://masa.example.com/",
                                                         "//masa.example.com/",
                                                         "/etc/passwd",
                                                         "masa.example.com/path",
                                                         "https:///path",
                                                         "https://",
                                                         "user@masa.example.com",
                                                         "https://u:p@masa.example.com/",
                                                         "masa.example.com:0",
                                                         "masa.example.com:65536",
                                                         "masa.example.com:",
                                                         "masa.example.com:80x",
                                                         "a:b:c",
                                                         "masa..example.com",
                                                         "-masa.example.com",
                                                         "masa.example.com.",
                                                         "masa example.com",
                                                         "masa\r\nHost: x",
                                                         "https://masa.example.com/?q",
                                                         "https://masa.example.com/#f",
                                                         "https://masa.example.com/a/../b",
                                                         "https://masa.example.com/%2e%2E/b",
                                                         "https://masa.example.com/%zz",
                                                         "https://masa.example.com/%2",
                                                         "https://masa.example.com/\\x",
                                                         "[2001:db8::7",
                                                         "[]",
                                                         "[zz::1]",
                                                         "[1:2:3:4:5:6:7]",
                                                         "[1:2:3:4:5:6:7:8:9]",
                                                         "[1:2:3:4:5:6:7:8::]",
                                                         "[1::2::3]",
                                                         "[1:::2]",
                                                         "[:1:2:3:4:5:6:7]",
                                                         "[1:2:3:4:5:6:7:]",
                                                         "[12345::]",
                                                         "[::192.0.2]",
                                                         "[::192.0.2.7:1]",
                                                         "127.1",
                                                         "0x7f.1",
                                                         "a.0X7f",
                                                         "2130706433",
                                                         "192.0.2.256",
                                                         "192.0.2.07",
                                                         "192.0.2.7.1",
                                                         "m\xC3\xA4sa.example.com",
                                                         std::string(254, 'a'),
                                                         "https://masa.example.com/" + std::string(1024, 'a')}) {
    INFO(bad);
    const auto parsed = parse_masa_url(bad);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == "MASA_URL_INVALID");
  }
}

TEST_CASE("brski: every reason has a status on both sides", "[protocol][brski]") {
  for (const auto& reason : voucher::reasons()) {
    INFO(reason.code);
    CHECK(has_status(reason.code));
  }
  CHECK_FALSE(has_status("NOBODY_KNOWS"));
  CHECK(registrar_status("PVR_PROXIMITY_MISMATCH") == 401);
  CHECK(registrar_status("VOUCHER_NONCE_MISMATCH") == 502);
  CHECK(masa_status("RVR_DEVICE_UNKNOWN") == 404);
  CHECK(masa_status("RVR_UNSIGNED") == 406);
  CHECK(masa_status("NOBODY_KNOWS") == 403);

  Verdict verdict;
  CHECK(refusal_text(verdict).empty());
  verdict.refuse(voucher::kPvrNonceMissing, "seen by us", {{"secret", "evidence"}});
  CHECK(refusal_text(verdict) == "PVR_NONCE_MISSING: the request has no nonce");
}
