#include <catch2/catch.hpp>
#include <set>

#include "libs/base/base64.h"
#include "libs/protocol/voucher/reasons.h"
#include "libs/protocol/voucher/voucher.h"
#include "libs/protocol/voucher/voucher_request.h"

using namespace pratique;
using namespace pratique::voucher;

namespace {

constexpr auto kStrict = WireProfile::strict;
constexpr auto kLenient = WireProfile::lenient;

std::string request_json(std::string_view members) {
  return "{\"ietf-voucher-request:voucher\":{" + std::string(members) + "}}";
}
std::string voucher_json(std::string_view members) {
  return "{\"ietf-voucher:voucher\":{" + std::string(members) + "}}";
}
std::string refusal_of(std::string_view json, WireProfile profile) {
  const auto parsed = parse_voucher_request(as_bytes(json), profile);
  return parsed ? "accepted" : parsed.error().reason + " " + parsed.error().message;
}

}  // namespace

TEST_CASE("voucher request: every leaf survives writing and reading", "[protocol][voucher]") {
  VoucherRequest request;
  request.created_on = *parse_rfc3339("2026-06-01T12:00:00Z");
  request.assertion = Assertion::proximity;
  request.serial_number = "00-D0-E5-F2-00-02";
  request.nonce = *Nonce::parse("-_XE9zK9q8Ll1qylMtLKeg");
  request.idevid_issuer = Bytes{4, 2, 0x30, 0};
  request.proximity_registrar_cert = Bytes{1, 2, 3};
  request.proximity_registrar_pubk = Bytes{4};
  request.proximity_registrar_pubk_sha256 = Bytes(32, 7);
  request.prior_signed_voucher_request = Bytes{0xFB, 0xFF, 0};
  const auto text = encode_voucher_request(request);
  const auto again = parse_voucher_request(as_bytes(text), kStrict);
  REQUIRE(again);
  CHECK(encode_voucher_request(*again) == text);
  CHECK(again->nonce->text() == "-_XE9zK9q8Ll1qylMtLKeg");
  CHECK(again->prior_signed_voucher_request == request.prior_signed_voucher_request);
  CHECK(again->leniencies.empty());
  CHECK(text.starts_with(
      R"({"ietf-voucher-request:voucher":{"assertion":"proximity","created-on":"2026-06-01T12:00:00Z")"));
}

TEST_CASE("voucher request: unknown members are ignored, times carry offsets", "[protocol][voucher]") {
  const auto request = parse_voucher_request(
      as_bytes(request_json(R"("created-on":"2021-04-13T17:43:23.747-04:00","x":{"y":[1]},"serial-number":"a")")),
      kStrict);
  REQUIRE(request);
  CHECK(format_rfc3339(*request->created_on) == "2021-04-13T21:43:23.747Z");
}

TEST_CASE("voucher request: bad brothers are refused with the member's name", "[protocol][voucher]") {
  const std::pair<std::string, std::string> bad[] = {
      {request_json(R"("serial-number":7)"), "$.ietf-voucher-request:voucher.serial-number"},
      {request_json(R"("serial-number":"a\u0000b")"), "control character"},
      {request_json("\"serial-number\":\"" + std::string(257, 'a') + "\""), "256 characters"},
      {request_json(R"("serial-number":"a","serial-number":"b")"), "twice"},
      {request_json(R"("assertion":"certain")"), "unknown assertion"},
      {request_json(R"("nonce":"")"), "empty"},
      {request_json("\"nonce\":\"" + std::string(129, 'a') + "\""), "128 characters"},
      {request_json(R"("nonce":7)"), "expected a string"},
      {request_json(R"("prior-signed-voucher-request":"!!")"), "base64"},
      {request_json(R"("created-on":7)"), "expected a string"},
      {R"({"ietf-voucher-request:voucher":[]})", "expected an object"},
      {R"({"voucher":{}})", "is missing"},
      {"[]", "expected an object"},
      {request_json("") + "x", "not JSON"},
  };
  for (const auto& [json, expected] : bad) {
    INFO(json);
    CHECK_THAT(refusal_of(json, kStrict), Catch::Contains(expected));
    CHECK_THAT(refusal_of(json, kLenient), Catch::Contains(expected));
  }
}

TEST_CASE("voucher request: what only a lenient profile lets pass is written down", "[protocol][voucher]") {
  const std::string departures[] = {
      request_json(R"("created-on":"2017-09-01")"),
      request_json(R"("proximity-registrar-cert":"-_8")"),
      request_json(R"("prior-signed-voucher-request":"AAA\nA")"),
      voucher_json(R"("serial-number":"a")"),
  };
  for (const auto& json : departures) {
    INFO(json);
    CHECK(refusal_of(json, kStrict) != "accepted");
    const auto request = parse_voucher_request(as_bytes(json), kLenient);
    REQUIRE(request);
    CHECK(request->leniencies.size() == 1);
  }
}

TEST_CASE("voucher: every leaf survives writing and reading", "[protocol][voucher]") {
  Voucher voucher;
  voucher.created_on = *parse_rfc3339("2026-06-01T12:00:00Z");
  voucher.expires_on = *parse_rfc3339("2026-06-15T12:00:00Z");
  voucher.assertion = Assertion::verified;
  voucher.serial_number = "JADA123456789";
  voucher.nonce = *Nonce::parse("abcd1234");
  voucher.idevid_issuer = Bytes{4, 0};
  voucher.pinned_domain_cert = Bytes{1};
  voucher.pinned_domain_pubk = Bytes{2};
  voucher.pinned_domain_pubk_sha256 = Bytes{3};
  voucher.domain_cert_revocation_checks = false;
  voucher.last_renewal_date = *parse_rfc3339("2027-06-01T12:00:00Z");
  voucher.est_domain = "est.example.com";
  voucher.additional_configuration_url = "https://example.com/config";
  const auto text = encode_voucher(voucher);
  const auto again = parse_voucher(as_bytes(text), kStrict);
  REQUIRE(again);
  CHECK(encode_voucher(*again) == text);
  CHECK(again->expires_on == voucher.expires_on);
}

TEST_CASE("voucher: bad brothers", "[protocol][voucher]") {
  const std::string good = R"("created-on":"2016-10-07T19:31:42Z","assertion":"logged")";
  CHECK(parse_voucher(as_bytes(voucher_json(good)), kStrict));
  CHECK(parse_voucher(as_bytes(voucher_json(good + R"(,"domain-cert-revocation-checks":"true")")), kStrict)
            ->domain_cert_revocation_checks == true);
  for (const auto* bad : {R"("assertion":"logged")", R"("created-on":"2016-10-07T19:31:42Z")"}) {
    INFO(bad);
    CHECK_FALSE(parse_voucher(as_bytes(voucher_json(bad)), kStrict));
    CHECK(parse_voucher(as_bytes(voucher_json(bad)), kLenient)->leniencies.size() == 1);
  }
  for (const auto* bad :
       {R"(,"expires-on":"tomorrow")", R"(,"domain-cert-revocation-checks":"maybe")", R"(,"est-domain":1)"}) {
    INFO(bad);
    CHECK_FALSE(parse_voucher(as_bytes(voucher_json(good + bad)), kStrict));
    CHECK_FALSE(parse_voucher(as_bytes(voucher_json(good + bad)), kLenient));
  }
  CHECK_FALSE(parse_voucher(as_bytes(request_json(good)), kLenient));
}

TEST_CASE("nonce: texts first, then bytes", "[protocol][voucher]") {
  const auto nonce = [](std::string_view text) { return *Nonce::parse(text); };
  CHECK(nonce("4vTsppS2CeqBzhEdoifM2g").matches(nonce("4vTsppS2CeqBzhEdoifM2g")));
  CHECK(nonce("4vTsppS2CeqBzhEdoifM2g").matches(nonce("4vTsppS2CeqBzhEdoifM2g==")));
  CHECK(nonce("-_XE9zK9q8Ll1qylMtLKeg").matches(nonce("+/XE9zK9q8Ll1qylMtLKeg==")));
  CHECK(nonce("not base64!").matches(nonce("not base64!")));
  CHECK_FALSE(nonce("not base64!").matches(nonce("not base64?")));
  CHECK_FALSE(nonce("4vTsppS2CeqBzhEdoifM2g").matches(nonce("4vTsppS2CeqBzhEdoifM2w")));
  CHECK(nonce("AAAAAAAAAAA=").conforms());              // 8 bytes
  CHECK_FALSE(nonce("abcd1234").conforms());            // 6
  CHECK_FALSE(nonce(std::string(48, 'A')).conforms());  // 36
  CHECK_FALSE(nonce("not base64!").conforms());
  PredictableRandom random(1);
  const auto made = Nonce::make(random);
  CHECK(made.conforms());
  CHECK(made.bytes()->size() == kMadeNonceBytes);
  CHECK_FALSE(made.matches(Nonce::make(random)));
}

TEST_CASE("reasons: one list, each code once, each with meaning and remedy", "[protocol][voucher]") {
  std::set<std::string_view> codes;
  for (const auto& reason : reasons()) {
    INFO(reason.code);
    CHECK(codes.insert(reason.code).second);
    CHECK(reason.code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos);
    CHECK_FALSE(reason.meaning.empty());
    CHECK_FALSE(reason.remedy.empty());
  }
  CHECK(find_reason("VOUCHER_NONCE_MISMATCH"));
  CHECK_FALSE(find_reason("VOUCHER_OF_NOBODY"));
}
