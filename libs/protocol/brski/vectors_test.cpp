// Other people's BRSKI artefacts, judged one by one: RFC 8995 appendix C, the RFC 8366bis session, Minerva's and
// Siemens' requests, JWS and COSE samples. The expected answers follow from the RFCs, not from what upstream did:
// Minerva's MASA does not ask for cmcRA, ours does.
#include "tests/support/vectors.h"

#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/protocol/brski/masa.h"
#include "libs/protocol/brski/masa_url.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/registrar.h"
#include "libs/protocol/brski/status.h"
#include "libs/protocol/brski/telemetry.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "tests/support/brski_world.h"

using namespace pratique;
using namespace pratique::brski;
using namespace pratique::voucher;
using pratique::test::must;
using pratique::test::Vectors;

namespace {

constexpr auto kStrict = WireProfile::strict;
constexpr auto kLenient = WireProfile::lenient;
using Certificates = std::vector<crypto::Certificate>;

/// Counts what was judged and how much of it came out as expected.
class Tally {
 public:
  ~Tally() { WARN("third-party items judged as expected: " << good_ << " of " << all_); }
  void expect(const std::string& item, const std::string& found, const std::string& expected) {
    ++all_;
    if (found == expected) ++good_;
    INFO(item);
    CHECK(found == expected);
  }
  void expect(const std::string& item, bool holds) { expect(item, holds ? "holds" : "does not hold", "holds"); }

 private:
  int good_ = 0, all_ = 0;
};

/// The codes of all findings, each once.
std::string codes(const Verdict& verdict) {
  std::string out;
  for (const auto& finding : verdict.findings())
    if (out.find(finding.code) == std::string::npos) out += (out.empty() ? "" : " ") + finding.code;
  return out.empty() ? "accepted" : out;
}

Timestamp at(std::string_view text) { return must(parse_rfc3339(text)); }

crypto::Certificate certificate(const Vectors& vectors, const std::string& path) {
  return must(crypto::Certificate::parse_pem(vectors.text("brski/" + path)));
}

/// "RVR_UNSIGNED 406" or "accepted", with what the request said.
struct MasaAnswer {
  std::string text;
  std::optional<RegistrarRequestFacts> facts = {};
  RegistrarRequestJudgement judged = {};
};
MasaAnswer ask_masa(ByteView body, const RegisteredDevice& device, WireProfile profile, Timestamp now) {
  auto opened = open_registrar_request(body, profile);
  if (!opened.facts) return {codes(opened.verdict) + " " + std::to_string(masa_status(opened.verdict.first().code))};
  const MasaPolicy policy{.profile = profile, .max_request_age = std::chrono::hours(24 * 365)};
  auto judged = judge_registrar_request(*opened.facts, &device, policy, now);
  auto text = codes(judged.verdict);
  if (!judged.verdict.accepted()) text += " " + std::to_string(masa_status(judged.verdict.first().code));
  return {std::move(text), std::move(opened.facts), std::move(judged)};
}

}  // namespace

TEST_CASE("vectors: the session of RFC 8995 appendix C", "[protocol][brski][vectors]") {
  const auto vectors = Vectors::find();
  if (!vectors) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  Tally tally;
  const auto now = at("2021-04-13T21:43:30Z");
  const std::string folder = "rfc8995-appc/";
  const auto idevid = certificate(*vectors, folder + "idevid_00-D0-E5-F2-00-02.crt");
  const auto embedded = certificate(*vectors, folder + "idevid-embedded-in-vr.crt");
  const auto vendor = certificate(*vectors, folder + "vendor.crt");
  const auto jrc = certificate(*vectors, folder + "jrc_prime256v1.crt");
  const auto owner_ca = certificate(*vectors, folder + "ownerca_secp384r1.crt");
  const auto other_jrc = certificate(*vectors, "minerva-masa/jrc_prime256v1-bad.crt");
  const auto wrong_vendor = certificate(*vectors, "rfc8366bis/wrong-vendor.crt");
  const auto pvr = vectors->base64("brski/" + folder + "vr_00-D0-E5-F2-00-02.b64");
  const auto rvr = vectors->base64("brski/" + folder + "parboiled_vr_00-D0-E5-F2-00-02.b64");
  const auto voucher = vectors->base64("brski/" + folder + "voucher_00-D0-E5-F2-00-02.b64");

  const auto at_registrar = [&](const crypto::Certificate& client, const crypto::Certificate& ours,
                                WireProfile profile) {
    return judge_pledge_request(pvr, Certificates{client}, Certificates{ours}, profile, now);
  };
  const auto judged = at_registrar(idevid, jrc, kLenient);
  tally.expect("PVR, lenient", codes(judged.verdict), "accepted");
  tally.expect("PVR, strict: id-data and version 1", codes(at_registrar(idevid, jrc, kStrict).verdict),
               "PVR_PROFILE_VIOLATION");
  tally.expect("PVR, at another registrar", codes(at_registrar(idevid, other_jrc, kLenient).verdict),
               "PVR_PROXIMITY_MISMATCH");
  tally.expect("PVR, over another client's connection", codes(at_registrar(jrc, jrc, kLenient).verdict),
               "PVR_SIGNER_NOT_IDEVID IDEVID_SERIAL_MISSING");
  REQUIRE(judged.facts);
  tally.expect("PVR: signer's certificate is another one of the same key",
               idevid.der() != embedded.der() && idevid.public_key() == embedded.public_key());
  tally.expect("PVR: serial number", judged.facts->serial_number, "00-D0-E5-F2-00-02");
  tally.expect("PVR: nonce as written", judged.facts->nonce->text(), "-_XE9zK9q8Ll1qylMtLKeg");
  tally.expect("PVR: nonce of 16 bytes", judged.facts->nonce->bytes()->size() == 16);
  tally.expect("PVR: created-on", format_rfc3339(*judged.facts->created_on), "2021-04-13T21:43:23.747Z");
  tally.expect("IDevID: MASA address", parse_masa_url(judged.facts->masa_url_extension.value_or("")).value_or(""),
               "https://highway-test.example.com:9443/.well-known/brski");
  tally.expect("IDevID: leads to its vendor", codes(judge_idevid(Certificates{embedded}, Certificates{vendor}, now)),
               "accepted");
  tally.expect("IDevID: not to a vendor of the same name",
               codes(judge_idevid(Certificates{embedded}, Certificates{wrong_vendor}, at("2021-05-01T00:00:00Z"))),
               "IDEVID_UNTRUSTED");
  tally.expect("IDevID: idevid-issuer unknown without its issuer", !make_idevid_issuer(idevid));
  tally.expect("IDevID: idevid-issuer generated",
               hex_encode(*make_idevid_issuer(idevid, Certificates{wrong_vendor, vendor})),
               "041830168014" + hex_encode(*vendor.subject_key_id()));

  const RegisteredDevice device{
      .serial_number = "00-D0-E5-F2-00-02", .issuers = {vendor}, .idevid_key = idevid.public_key()};
  const auto masa = ask_masa(rvr, device, kLenient, now);
  tally.expect("RVR, lenient", masa.text, "accepted");
  tally.expect("RVR, strict", ask_masa(rvr, device, kStrict, now).text, "RVR_PROFILE_VIOLATION 403");
  REQUIRE(masa.facts);
  tally.expect("RVR: holds the PVR byte for byte", masa.facts->request.prior_signed_voucher_request == pvr);
  tally.expect("RVR: no idevid-issuer", !masa.facts->request.idevid_issuer);
  tally.expect("RVR: proximity may be asserted", std::string(to_string(masa.judged.assertion)), "proximity");
  tally.expect("RVR: its anchor is the owner's CA", masa.judged.registrar_chain.back() == owner_ca);
  tally.expect("RVR: of an owner gone by", ask_masa(rvr, device, kLenient, at("2022-03-13T21:43:30Z")).text,
               "RVR_CHAIN_INVALID 403");
  auto cloned = device;
  cloned.idevid_key = jrc.public_key();
  tally.expect("RVR: for a device of another key", ask_masa(rvr, cloned, kLenient, now).text,
               "IDEVID_KEY_UNREGISTERED 403");
  auto foreign = device;
  foreign.issuers = {wrong_vendor};
  tally.expect("RVR: for a device of another vendor", ask_masa(rvr, foreign, kLenient, now).text,
               "IDEVID_UNTRUSTED 403");
  tally.expect("domainID of a registrar without key identifier", domain_id(jrc),
               "Oy6w2vS8ar8m/FtEHuzs7sl7LSD3pW9yTCgCecoIL3M=");

  const auto at_pledge = [&](const Certificates& anchors, std::string_view nonce, const Certificates& server,
                             WireProfile profile, std::optional<Timestamp> clock) {
    return judge_voucher_as_pledge(voucher, anchors, idevid, must(Nonce::parse(nonce)), server, clock,
                                   {.profile = profile});
  };
  const std::string nonce = "-_XE9zK9q8Ll1qylMtLKeg";
  const auto believed = at_pledge({vendor}, nonce, {jrc, owner_ca}, kLenient, now);
  tally.expect("voucher, lenient", codes(believed.verdict), "accepted");
  tally.expect("voucher, without a clock", codes(at_pledge({vendor}, nonce, {jrc}, kLenient, std::nullopt).verdict),
               "accepted");
  tally.expect("voucher: pins the registrar itself", believed.pin == PinMatch::server_key && believed.pinned == jrc);
  tally.expect("voucher: asserts", std::string(to_string(believed.voucher->assertion)), "logged");
  tally.expect("voucher, strict", codes(at_pledge({vendor}, nonce, {jrc}, kStrict, now).verdict),
               "VOUCHER_PROFILE_VIOLATION");
  tally.expect("voucher, under another vendor", codes(at_pledge({wrong_vendor}, nonce, {jrc}, kLenient, {}).verdict),
               "VOUCHER_SIGNER_UNKNOWN");
  tally.expect("voucher, for another request",
               codes(at_pledge({vendor}, "4vTsppS2CeqBzhEdoifM2g", {jrc}, kLenient, now).verdict),
               "VOUCHER_NONCE_MISMATCH");
  tally.expect("voucher, at another network", codes(at_pledge({vendor}, nonce, {other_jrc}, kLenient, now).verdict),
               "VOUCHER_PINNED_CERT_MISMATCH");
  tally.expect("voucher, seen by its registrar",
               codes(judge_masa_voucher(voucher, Certificates{vendor},
                                        expectation_of(*judged.facts, Certificates{jrc, owner_ca}, kLenient, now))
                         .verdict),
               "accepted");

  // Our registrar in the place of theirs, with their keys.
  const auto jrc_key =
      must(crypto::SoftwareKey::parse_plaintext(vectors->bytes("brski/" + folder + "jrc_prime256v1.key")));
  const auto masa_key = must(crypto::SoftwareKey::parse_plaintext(vectors->bytes("brski/" + folder + "masa.key")));
  const auto unknown_issuer =
      build_registrar_request(*judged.facts, {jrc, jrc_key}, Certificates{owner_ca}, {}, kStrict, now);
  tally.expect("our RVR, issuer unknown", unknown_issuer ? "made" : unknown_issuer.error().reason,
               "RVR_IDEVID_ISSUER_MISSING");
  const auto ours = must(build_registrar_request(*judged.facts, {jrc, jrc_key}, Certificates{owner_ca},
                                                 Certificates{vendor}, kLenient, now));
  const auto answer = ask_masa(ours, device, kLenient, now);
  tally.expect("our RVR around their PVR", answer.text, "accepted");
  const auto made =
      must(build_voucher(*answer.facts, answer.judged, {certificate(*vectors, folder + "masa.crt"), masa_key}, {},
                         {.profile = kStrict}, now));
  const auto strict = judge_voucher_as_pledge(made.body, Certificates{vendor}, idevid, must(Nonce::parse(nonce)),
                                              Certificates{jrc, owner_ca}, now);
  tally.expect("our voucher by their MASA's key, strict", codes(strict.verdict), "accepted");
  tally.expect("our voucher pins the owner's CA", strict.pin == PinMatch::issuing_ca && strict.pinned == owner_ca);

  const auto log = parse_audit_log(vectors->bytes("brski/" + folder + "example-auditlog.json"));
  REQUIRE(log);
  tally.expect("audit log: numbers in quotes", log->version == 1 && log->nonced_duplicates == 0 &&
                                                   log->nonceless_duplicates == 1 && log->arbitrary == 2);
  tally.expect("audit log: nonces of both alphabets", log->events.size() == 2 &&
                                                          log->events[0].nonce == "VOUFT-WwrEv0NuAQEHoV7Q" &&
                                                          log->events[1].nonce == "f4G6Vi1t8nKo/FieCVgpBg==");
  tally.expect("audit log: a date with an offset", format_rfc3339(log->events[0].date), "2019-05-15T21:25:55.644Z");
  const std::vector<std::string> domain = {"BduJhdHPpfhQLyponf48JzXSGZ8="};
  const auto newest = must(Nonce::parse("VOUFT+WwrEv0NuAQEHoV7Q=="));
  tally.expect("audit log: entries left out", codes(judge_audit_log(*log, domain, newest, {})), "AUDIT_LOG_TRUNCATED");
  tally.expect("audit log: seen by another owner",
               codes(judge_audit_log(*log, std::vector{domain_id(jrc)}, newest, {})),
               "AUDIT_LOG_OTHER_OWNER AUDIT_LOG_TRUNCATED AUDIT_LOG_OURS_MISSING");
  for (const auto* name : {"example-telemetry.json", "example-enrollstatus.json"}) {
    const auto report = parse_status_report(vectors->bytes("brski/" + folder + name));
    REQUIRE(report);
    tally.expect(name, report->version == 1 && report->reason == "Informative human readable message" &&
                           report->reason_context.find("additional") != nullptr);
  }
}

TEST_CASE("vectors: the session of RFC 8366bis", "[protocol][brski][vectors]") {
  const auto vectors = Vectors::find();
  if (!vectors) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  Tally tally;
  const auto now = at("2022-07-10T21:08:30Z");
  const auto vendor = certificate(*vectors, "rfc8995-appc/vendor.crt");
  const auto wrong_vendor = certificate(*vectors, "rfc8366bis/wrong-vendor.crt");
  const auto idevid = certificate(*vectors, "rfc8366bis/idevid.crt");
  const auto pvr = vectors->base64("brski/rfc8366bis/vr_00-D0-E5-F2-00-02.b64");
  const auto voucher = vectors->base64("brski/rfc8366bis/voucher_00-D0-E5-F2-00-02.b64");
  const auto nonce = must(Nonce::parse("4vTsppS2CeqBzhEdoifM2g"));

  // The registrar's certificate of that day is known from the voucher alone.
  const auto opened = open_signed(voucher, Artifact::voucher, kLenient);
  REQUIRE(opened.artifact);
  const auto content = must(parse_voucher(opened.artifact->content, kLenient));
  const auto jrc = must(crypto::Certificate::parse_der(*content.pinned_domain_cert));
  const auto earlier_jrc = certificate(*vectors, "rfc8995-appc/jrc_prime256v1.crt");
  tally.expect("registrar: renewed under the same key",
               jrc.der() != earlier_jrc.der() && jrc.public_key() == earlier_jrc.public_key());

  const auto judged = judge_pledge_request(pvr, Certificates{idevid}, Certificates{jrc}, kLenient, now);
  tally.expect("PVR, lenient", codes(judged.verdict), "accepted");
  tally.expect("PVR, registrar known by its earlier certificate",
               codes(judge_pledge_request(pvr, Certificates{idevid}, Certificates{earlier_jrc}, kLenient, now).verdict),
               "accepted");
  tally.expect("PVR, strict",
               codes(judge_pledge_request(pvr, Certificates{idevid}, Certificates{jrc}, kStrict, now).verdict),
               "PVR_PROFILE_VIOLATION");
  tally.expect("PVR: nonce", judged.facts->nonce->text(), nonce.text());

  const auto at_pledge = [&](const crypto::Certificate& anchor, std::optional<Timestamp> clock) {
    return codes(judge_voucher_as_pledge(voucher, Certificates{anchor}, idevid, nonce, Certificates{jrc}, clock,
                                         {.profile = kLenient})
                     .verdict);
  };
  tally.expect("voucher", at_pledge(vendor, now), "accepted");
  tally.expect("voucher, without a clock", at_pledge(vendor, std::nullopt), "accepted");
  tally.expect("voucher, wrong vendor of the same name", at_pledge(wrong_vendor, std::nullopt),
               "VOUCHER_SIGNER_UNKNOWN");
  tally.expect("voucher, after the vendor's certificate ended", at_pledge(vendor, at("2023-07-10T00:00:00Z")),
               "VOUCHER_SIGNER_UNKNOWN");

  // Shapes alone: "base64encodedvalue==" has bits behind its end that must be zero.
  for (const auto* name : {"ephemeral", "long-lived"}) {
    const auto json = vectors->bytes("brski/rfc8366bis/ex-file-voucher-" + std::string(name) + ".json");
    const auto strict = parse_voucher(json, kStrict);
    tally.expect(std::string(name) + ", strict", strict ? "read" : strict.error().reason, "VOUCHER_CONTENT_INVALID");
  }
}

TEST_CASE("vectors: requests of other registrars to a MASA", "[protocol][brski][vectors]") {
  const auto vectors = Vectors::find();
  if (!vectors) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  Tally tally;
  const std::string folder = "brski/minerva-masa/";
  const auto device = [&](const std::string& serial) {
    return RegisteredDevice{.serial_number = serial,
                            .issuers = {certificate(*vectors, "minerva-masa/vendor_secp384r1.crt")}};
  };
  const auto ask = [&](const std::string& file, WireProfile profile, std::string_view when,
                       const std::string& serial = "00-D0-E5-F2-00-02") {
    return ask_masa(vectors->bytes(folder + file), device(serial), profile, at(when));
  };

  const auto first = ask("parboiled_vr-00-D0-E5-F2-00-02.b64", kLenient, "2017-10-12T18:00:00Z");
  tally.expect("Minerva RVR: no cmcRA; an IDevID of before X.520 serial numbers", first.text,
               "RVR_SIGNER_NOT_RA IDEVID_UNTRUSTED RVR_SERIAL_MISMATCH 403");
  tally.expect("Minerva RVR: serial number", first.facts && first.facts->serial_number == "00-D0-E5-F2-00-02");
  tally.expect("Minerva RVR, strict: base64 in place of DER",
               ask("parboiled_vr-00-D0-E5-F2-00-02.b64", kStrict, "2017-10-12T18:00:00Z").text, "RVR_MALFORMED 406");

  const auto misnamed =
      ask("parboiled_vr_00-12-34-56-78-9A.vrq", kLenient, "2017-11-09T00:00:00Z", "00-D0-E5-E0-00-0F");
  tally.expect("Minerva RVR around unsigned JSON", misnamed.text, "RVR_SIGNER_NOT_RA PVR_UNSIGNED 403");
  tally.expect("Minerva RVR: the name of its file lies",
               misnamed.facts && misnamed.facts->serial_number == "00-D0-E5-E0-00-0F");

  tally.expect("Minerva RVR: looked up by the name of its file",
               ask("parboiled_vr_00-12-34-56-78-9A.vrq", kLenient, "2017-11-09T00:00:00Z", "00-12-34-56-78-9A").text,
               "RVR_SIGNER_NOT_RA RVR_DEVICE_UNKNOWN PVR_UNSIGNED 403");

  const auto siemens = ask("parboiled_vr-9730-siemens-bt.pkcs", kLenient, "2018-12-14T06:00:00Z", "0123456789");
  tally.expect("Siemens RVR: nothing of the device inside", siemens.text, "accepted");
  tally.expect("Siemens RVR: no more than logged", std::string(to_string(siemens.judged.assertion)), "logged");
  REQUIRE(siemens.facts);
  tally.expect("Siemens RVR: the signer is not the first certificate",
               siemens.facts->artifact.signer.common_name() == "Registrar Voucher Request Signing Key" &&
                   siemens.facts->artifact.certificates.front().common_name() == "TestCA");
  tally.expect("Siemens RVR: serial number and nonce", siemens.facts->serial_number == "0123456789" &&
                                                           siemens.facts->request.nonce->text() == "9730977110184206");
  const auto siemens_der = vectors->base64(folder + "parboiled_vr-9730-siemens-bt.pkcs");
  tally.expect("Siemens RVR, strict",
               ask_masa(siemens_der, device("0123456789"), kStrict, at("2018-12-14T06:00:00Z")).text,
               "RVR_PROFILE_VIOLATION 403");

  const auto jada = ask("vr_JADA123456789.pkcs", kLenient, "2017-10-12T00:00:00Z", "JADA123456789");
  tally.expect("JADA: SHA-256 with NULL parameters is read",
               jada.facts && jada.facts->serial_number == "JADA123456789");
  tally.expect("JADA: a nonce of 6 bytes", jada.facts && !jada.facts->request.nonce->conforms());
  tally.expect("JADA: another device's request inside", jada.text,
               "RVR_SIGNER_NOT_RA IDEVID_UNTRUSTED RVR_SERIAL_MISMATCH RVR_NONCE_MISMATCH 403");
  tally.expect("JADA, strict",
               ask_masa(vectors->base64(folder + "vr_JADA123456789.pkcs"), device("JADA123456789"), kStrict,
                        at("2017-10-12T00:00:00Z"))
                   .text,
               "RVR_PROFILE_VIOLATION 403");

  for (const auto profile : {kStrict, kLenient}) {
    const auto broken = vectors->base64(folder + "parboiled_vr_broken-00-D0-E5-F2-00-02.b64");
    tally.expect("broken DER", ask_masa(broken, device("00-D0-E5-F2-00-02"), profile, at("2017-10-12T18:00:00Z")).text,
                 "RVR_MALFORMED 406");
    tally.expect("broken DER in base64",
                 ask("parboiled_vr_broken-00-D0-E5-F2-00-02.b64", profile, "2017-10-12T18:00:00Z").text,
                 "RVR_MALFORMED 406");
    tally.expect("unsigned JSON", ask("raw_unsigned_vr-00-12-34-56-78-9A.json", profile, "2018-11-15T07:00:00Z").text,
                 "RVR_UNSIGNED 406");
    for (const auto* name : {"parboiled_vr_00-D0-E5-F2-00-02.vrq", "parboiled_vr_00-D0-E5-F2-00-03.vrq"})
      tally.expect(std::string("COSE of before the RFC: ") + name, ask(name, profile, "2022-06-03T02:00:00Z").text,
                   "RVR_FORMAT_UNSUPPORTED 406");
    tally.expect(
        "COSE voucher of before the RFC",
        codes(
            open_signed(vectors->bytes(folder + "voucher_00-d0-e5-f2-00-02.vch"), Artifact::voucher, profile).verdict),
        "VOUCHER_FORMAT_UNSUPPORTED");
  }
}

TEST_CASE("vectors: JWS and COSE samples are told apart and never misread", "[protocol][brski][vectors]") {
  const auto vectors = Vectors::find();
  if (!vectors) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  Tally tally;
  const std::pair<std::string, Artifact> kinds[] = {
      {"pvr", Artifact::pledge_request}, {"rvr", Artifact::registrar_request}, {"voucher", Artifact::voucher}};
  for (const auto& [name, kind] : kinds) {
    const std::string prefix = kind == Artifact::pledge_request ? "PVR" : kind == Artifact::voucher ? "VOUCHER" : "RVR";
    for (const auto profile : {kStrict, kLenient}) {
      const auto jws = vectors->bytes("brski/jws-voucher-16/" + name + ".jws.json");
      tally.expect("JWS " + name, codes(open_signed(jws, kind, profile).verdict), prefix + "_FORMAT_UNSUPPORTED");
      auto hex = vectors->text("brski/cbrski-31/" + name + ".hex");
      std::erase_if(hex, [](unsigned char c) { return std::isspace(c); });
      tally.expect("COSE " + name, codes(open_signed(must(hex_decode(hex)), kind, profile).verdict),
                   prefix + "_FORMAT_UNSUPPORTED");
    }
  }
  // Their contents have the same JSON as ours.
  const auto payload = [&](const std::string& name) {
    const auto document = must(json::parse(vectors->bytes("brski/jws-voucher-16/" + name + ".jws.json")));
    return must(base64_decode_lenient(must(json::Reader(document).string_at("payload"))));
  };
  const auto pvr = must(parse_voucher_request(payload("pvr"), kStrict));
  tally.expect("JWS PVR: no assertion, though it names a registrar", !pvr.assertion && pvr.proximity_registrar_cert);
  const auto rvr = must(parse_voucher_request(payload("rvr"), kStrict));
  tally.expect("JWS RVR: idevid-issuer with its OCTET STRING header", hex_encode(ByteView(*rvr.idevid_issuer).first(6)),
               "041830168014");
  tally.expect("JWS RVR: the PVR's text inside",
               as_text(*rvr.prior_signed_voucher_request).find("\"signatures\"") != std::string_view::npos);
  const auto voucher = must(parse_voucher(payload("voucher"), kStrict));
  tally.expect("JWS voucher: the request's nonce",
               voucher.nonce->matches(*pvr.nonce) && rvr.nonce->matches(*pvr.nonce));
  tally.expect("JWS voucher: asserts", std::string(to_string(voucher.assertion)), "logged");

  const auto domain_ca = certificate(*vectors, "cbrski-31/domain_ca.pem");
  const auto registrar = certificate(*vectors, "cbrski-31/registrar.pem");
  Voucher pinned;
  pinned.pinned_domain_cert = domain_ca.der();
  tally.expect("cBRSKI registrar descends from its domain CA",
               match_pin(pinned, Certificates{registrar}, std::nullopt) == PinMatch::issuing_ca);
}
