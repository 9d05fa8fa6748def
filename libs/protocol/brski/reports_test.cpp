// Telemetry and audit logs.
#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/protocol/brski/audit_log.h"
#include "libs/protocol/brski/telemetry.h"
#include "tests/support/brski_world.h"

using namespace pratique;
using namespace pratique::brski;
using pratique::test::brski_world;

namespace {

std::string codes(const Verdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings()) out += (out.empty() ? "" : " ") + finding.code;
  return out.empty() ? "accepted" : out;
}

Timestamp day(int number) { return brski_world().now + std::chrono::days(number); }

const std::string kOurs = "BduJhdHPpfhQLyponf48JzXSGZ8=";
const std::string kOther = "AAAAhdHPpfhQLyponf48JzXSGZ8=";
const voucher::Nonce kNonce = *voucher::Nonce::parse("VOUFT-WwrEv0NuAQEHoV7Q");

AuditEvent event(int when, std::string id, std::optional<std::string> nonce) {
  return {.date = day(when),
          .domain_id = std::move(id),
          .nonce = std::move(nonce),
          .assertion = voucher::Assertion::proximity};
}
std::string judged(const AuditLog& log, const AuditLogPolicy& policy = {}) {
  return codes(judge_audit_log(log, std::vector{kOurs}, kNonce, policy));
}

}  // namespace

TEST_CASE("telemetry: read tolerantly, written by the book", "[protocol][brski]") {
  const auto read = [](std::string_view text) { return parse_status_report(as_bytes(text)); };
  const auto report =
      read(R"({"version":1,"status":false,"reason":"no","reason-context":{"additional":"JSON"},"x":[1]})");
  REQUIRE(report);
  CHECK_FALSE(report->status);
  CHECK(encode_status_report(*report) ==
        R"({"version":1,"status":false,"reason":"no","reason-context":{"additional":"JSON"}})");
  CHECK(read(R"({"version":"1","Status":true,"Reason":"ok"})")->reason == "ok");
  CHECK(read(R"({"status":true})")->status);
  CHECK(encode_status_report({.status = true}) == R"({"version":1,"status":true})");

  const auto longest = read("{\"status\":true,\"reason\":\"" + std::string(kMaxReportReason - 1, 'a') + "\xC3\xA9\"}");
  REQUIRE(longest);
  CHECK(longest->reason.size() == kMaxReportReason - 1);  // not in the middle of a character

  for (const std::string& bad : std::vector<std::string>{
           "", "[]", "{}", "true", R"({"status":"true"})", R"({"status":1})", R"({"status":true,"version":true})",
           R"({"status":true,"version":-1})", R"({"status":true,"status":false})",
           "{\"status\":true,\"reason\":\"" + std::string(kMaxReportBytes, 'a') + "\"}",
           "{\"status\":true,\"reason-context\":" + std::string(20, '[') + std::string(20, ']') + "}"}) {
    INFO(bad.substr(0, 80));
    REQUIRE_FALSE(read(bad));
    CHECK(read(bad).error().reason == "TELEMETRY_MALFORMED");
  }
}

TEST_CASE("telemetry: success counts on the new certificate alone", "[protocol][brski]") {
  auto& world = brski_world();
  const StatusReport good{.status = true}, bad{.status = false};
  const auto& issued = world.web_server.certificate;
  CHECK(correlate_enroll_status(good, issued, issued).verdict.accepted());
  CHECK(correlate_enroll_status(good, issued, issued).on_new_certificate);
  CHECK(codes(correlate_enroll_status(good, world.device.certificate, issued).verdict) ==
        "ENROLL_CERTIFICATE_MISMATCH");
  CHECK(codes(correlate_enroll_status(good, std::nullopt, issued).verdict) == "ENROLL_CERTIFICATE_MISMATCH");
  CHECK(codes(correlate_enroll_status(good, issued, std::nullopt).verdict) == "ENROLL_CERTIFICATE_MISMATCH");
  CHECK(correlate_enroll_status(bad, world.device.certificate, issued).verdict.accepted());
}

TEST_CASE("audit log: written and read", "[protocol][brski]") {
  AuditLog log;
  log.events = {event(0, kOurs, kNonce.text()), event(-9, kOther, std::nullopt)};
  log.events[1].truncated = 3;
  log.arbitrary = 2;
  const auto text = encode_audit_log(log);
  const auto again = parse_audit_log(as_bytes(text));
  REQUIRE(again);
  CHECK(encode_audit_log(*again) == text);
  CHECK(again->events.size() == 2);
  CHECK_FALSE(again->events[1].nonce);
  CHECK(text.find("\"nonce\":null") != std::string::npos);
  CHECK(text.find("\"arbitrary\":2") != std::string::npos);

  for (const auto* bad : {"", "{}", "[]", R"({"events":[{}]})", R"({"events":[{"date":"x","domainID":"a"}]})",
                          R"({"events":[],"version":"one"})", R"({"events":[],"truncation":{"arbitrary":-1}})",
                          R"({"events":[],"truncation":{"arbitrary":"1x"}})", R"({"events":{}})",
                          R"({"events":[{"date":"2026-06-01T12:00:00Z","domainID":7}]})"}) {
    INFO(bad);
    const auto parsed = parse_audit_log(as_bytes(bad));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason == "AUDIT_LOG_MALFORMED");
  }
}

TEST_CASE("audit log: other owners", "[protocol][brski]") {
  const auto ours = event(0, kOurs, kNonce.text());
  AuditLogPolicy notes, allows, tolerant;
  notes.others = OtherOwners::note;
  allows.allowed_domain_ids = {kOther};
  tolerant.accept_truncated = true;

  AuditLog log;
  log.events = {ours, event(-1, kOurs, "f4G6Vi1t8nKo/FieCVgpBg==")};
  CHECK(judged(log) == "accepted");

  SECTION("ours is not there") {
    log.events = {event(-1, kOurs, "f4G6Vi1t8nKo/FieCVgpBg==")};
    CHECK(judged(log) == "AUDIT_LOG_OURS_MISSING");
    CHECK(judged({}) == "AUDIT_LOG_OURS_MISSING");
  }
  SECTION("our identifier and nonce written otherwise") {
    log.events = {event(0, "BduJhdHPpfhQLyponf48JzXSGZ8", "VOUFT+WwrEv0NuAQEHoV7Q==")};
    CHECK(judged(log) == "accepted");
  }
  SECTION("another before us") {
    log.events.push_back(event(-5, kOther, "AAAAAAAAAAAAAAAA"));
    CHECK(judged(log) == "AUDIT_LOG_OTHER_OWNER");
    CHECK(judged(log, notes) == "accepted");
    CHECK(judge_audit_log(log, std::vector{kOurs}, kNonce, notes).notes().size() == 1);
    CHECK(judged(log, allows) == "accepted");
  }
  SECTION("another before us, who can come back") {
    log.events.push_back(event(-5, kOther, std::nullopt));
    CHECK(judged(log) == "AUDIT_LOG_OTHER_NONCELESS");
    CHECK(judged(log, notes) == "AUDIT_LOG_OTHER_NONCELESS");
    CHECK(judged(log, allows) == "accepted");
  }
  SECTION("another after us") {
    log.events.push_back(event(1, kOther, "AAAAAAAAAAAAAAAA"));
    CHECK(judged(log) == "AUDIT_LOG_TAKEN_SINCE");
    CHECK(judged(log, notes) == "AUDIT_LOG_TAKEN_SINCE");
    CHECK(judged(log, allows) == "AUDIT_LOG_TAKEN_SINCE");
  }
  SECTION("entries left out") {
    log.nonced_duplicates = 5;
    CHECK(judged(log) == "accepted");
    log.arbitrary = 1;
    CHECK(judged(log) == "AUDIT_LOG_TRUNCATED");
    CHECK(judged(log, tolerant) == "accepted");
    log.arbitrary = 0;
    log.events[1].truncated = 1;
    CHECK(judged(log) == "AUDIT_LOG_TRUNCATED");
  }
}

TEST_CASE("domainID: the key identifier of what is pinned", "[protocol][brski]") {
  const auto& certificate = brski_world().owner_ca.certificate;
  CHECK(domain_id(certificate) == base64_encode(*certificate.subject_key_id()));
}
