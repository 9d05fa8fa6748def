// The operator's command line against a registrar that runs, and the devices that feel what it does.
#include <chrono>

#include "libs/base/id.h"
#include "libs/codec/json/parse.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/issue.h"
#include "libs/runtime/build_version.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"
#include "tests/integration/registrar/running_registrar_test.h"
#include "tests/support/plain_http.h"

using namespace pratique;
using namespace std::chrono_literals;
namespace v1 = pratique::registrar::v1;

namespace {

struct Answer {
  int code = 0;
  std::string text;

  /// The line of stdout; where something failed, one of stderr follows.
  json::Value data() const {
    const auto parsed = json::parse(text.substr(0, text.find('\n')));
    if (!parsed) FAIL(text);
    return *parsed;
  }
  std::string field(std::string_view name) const {
    const auto whole = data();
    const auto* found = whole.find(name);
    const auto* value = found == nullptr ? nullptr : found->as_string();
    return value == nullptr ? std::string() : *value;
  }
};

/// Who makes devices: one CA for all purposes.
struct Maker {
  explicit Maker(const std::string& name, Timestamp now, Random& r) : random(r), from(now - 1h) {
    certificate = *crypto::issue_self_signed(
        crypto::CertificateProfile::root_ca({.common_name = name}, from, crypto::kNoExpiry), key, random);
  }
  crypto::Certificate idevid(const std::string& serial) {
    return *crypto::issue_certificate(
        crypto::CertificateProfile::idevid({.common_name = "Camera 3", .serial_number = serial}, from,
                                           "masa.example.com:9443"),
        crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)->public_key(), *certificate, key, random);
  }
  Random& random;
  Timestamp from;
  crypto::SoftwareKey key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  std::optional<crypto::Certificate> certificate;
};

struct Site : RunningRegistrar {
  Site() { begin(); }
  explicit Site(const support::TestCluster& cluster) : RunningRegistrar(cluster) { begin(); }

  /// `pratique` as this operator, in scripts' form.
  Answer by(const std::string& who, std::vector<std::string> words) const {
    words.insert(words.end(), {"--output", "json"});
    return run_cli(who, std::move(words));
  }
  Answer for_people(const std::string& who, std::vector<std::string> words) const {
    return run_cli(who, std::move(words));
  }
  Answer done(const std::string& who, const std::vector<std::string>& words) const {
    auto answer = by(who, words);
    if (answer.code != 0) FAIL(answer.text);
    return answer;
  }
  std::string state_of(const std::string& device) const {
    return done("vic", {"devices", "show", device}).field("state");
  }

  std::string file(const std::string& name, const std::string& text) const {
    const auto path = folder.path() / name;
    std::ofstream(path) << text;
    return path.string();
  }
  void register_maker() {
    const auto ca = file("maker.pem", maker.certificate->pem());
    done("ada", {"manufacturers", "add", "Example Cameras", "--idevid-anchor", ca, "--voucher-anchor", ca,
                 "--masa-anchor", ca});
  }

  v1::JudgeDeviceResponse knock(const crypto::Certificate& idevid, std::string session = "") {
    v1::JudgeDeviceRequest request;
    request.set_protocol("brski");
    request.set_session(session.empty() ? new_session() : std::move(session));
    request.set_location("hall 1");
    request.add_idevid_chain(idevid.der().data(), idevid.der().size());
    return admission(&v1::Admission::Stub::JudgeDevice, request);
  }
  std::string new_session() { return "sessions/" + make_uuid7(clock, random); }
  /// As far as a device comes that is let in: its certificate, DER.
  std::string enrol(const crypto::Certificate& idevid, const std::string& serial) {
    const auto session = new_session();
    const auto judged = knock(idevid, session);
    REQUIRE(judged.outcome() == v1::JudgeDeviceResponse::OUTCOME_ALLOW);
    v1::RecordVoucherRequest voucher;
    voucher.set_device(judged.device());
    voucher.set_session(session);
    voucher.set_voucher("as the MASA sent it");
    voucher.set_serial_number(serial);
    voucher.set_assertion("proximity");
    voucher.set_nonce("abc");
    voucher.set_signer("CN=MASA");
    admission(&v1::Admission::Stub::RecordVoucher, voucher);
    v1::GetCredentialTemplateRequest wanted;
    wanted.set_device(judged.device());
    const auto form = admission(&v1::Admission::Stub::GetCredentialTemplate, wanted);
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    const auto csr =
        crypto::make_csr({.subject = {.common_name = form.common_name(), .serial_number = form.serial_number()}}, key)
            ->der();
    v1::IssueCredentialRequest issue;
    issue.set_device(judged.device());
    issue.set_session(session);
    issue.set_csr(csr.data(), csr.size());
    const auto issued = admission(&v1::Admission::Stub::IssueCredential, issue);
    REQUIRE_FALSE(issued.certificate().empty());
    return issued.certificate();
  }
  /// The codes of what speaks against a certificate of ours; none where it counts.
  std::string against(const std::string& certificate) {
    v1::IdentifyCredentialRequest request;
    request.set_certificate(certificate);
    const auto seen = admission(&v1::Admission::Stub::IdentifyCredential, request);
    std::string out;
    for (const auto& finding : seen.findings()) out += (out.empty() ? "" : " ") + finding.code();
    return out;
  }

  Maker maker{"Example Camera CA", std::chrono::floor<std::chrono::seconds>(clock.now()), random};

 private:
  void begin() {
    start();
    for (const auto* who : {"ada", "olga", "vic"})
      file(std::string(who) + ".yaml", "registrar: ['127.0.0.1:" + std::to_string(port) +
                                           "']\nidentity: keys/operators/" + who + "\nca: keys/service-ca/ca.crt\n");
  }
  Answer run_cli(const std::string& who, std::vector<std::string> words) const {
    words.insert(words.begin(), {"--config", (folder.path() / (who + ".yaml")).string()});
    Program cli(PRATIQUE_PROGRAM, words);
    const int code = cli.exit_code();
    return {code, cli.heard};
  }
  template <typename Request, typename Response>
  Response admission(grpc::Status (v1::Admission::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                     const Request& request) {
    const auto& onboarding = as("services/onboarding-1");
    const auto stub = v1::Admission::NewStub(onboarding.channel());
    auto answer = onboarding.call(*stub, method, request);
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *std::move(answer);
  }
};

using Judged = v1::JudgeDeviceResponse;

}  // namespace

TEST_CASE("a device is put into quarantine, let out, and reset, and its certificate follows") {
  Site site;
  site.register_maker();
  CHECK(site.done("olga", {"devices", "add", "CAM-1", "--manufacturer", "Example Cameras"}).field("state") ==
        "DEVICE_STATE_EXPECTED");
  const auto idevid = site.maker.idevid("CAM-1");
  const auto certificate = site.enrol(idevid, "CAM-1");
  CHECK(site.state_of("CAM-1") == "DEVICE_STATE_ADMITTED");
  CHECK(site.against(certificate).empty());

  for (const auto* verb : {"quarantine", "release", "reset", "retire"}) {
    CAPTURE(verb);
    std::vector<std::string> words{"devices", verb, "CAM-1", "--reason", "curious"};
    if (std::string_view(verb).starts_with("re") && std::string_view(verb) != "release") words.emplace_back("--yes");
    CHECK(site.by("vic", words).code == 3);
    CHECK(site.by("olga", {"devices", verb, "CAM-1"}).code == 2);  // no reason
  }
  const auto nothing_to_end = site.by("olga", {"devices", "release", "CAM-1", "--reason", "it is in no quarantine"});
  CHECK(nothing_to_end.code == 1);
  CHECK(nothing_to_end.text.contains("DEVICE_STATE_CONFLICT"));

  const auto quarantined = site.for_people("olga", {"devices", "quarantine", "CAM-1", "--reason", "scans the network"});
  CHECK(quarantined.code == 0);
  CHECK(quarantined.text.contains("device CAM-1 is quarantined, it was admitted"));
  CHECK(quarantined.text.contains("next: pratique release CAM-1"));
  CHECK_FALSE(site.against(certificate).empty());
  CHECK(site.knock(idevid).outcome() == Judged::OUTCOME_DENY);

  CHECK(site.done("olga", {"devices", "release", "CAM-1", "--reason", "was the scanner's test"}).field("state") ==
        "DEVICE_STATE_ADMITTED");
  CHECK(site.against(certificate).empty());

  CHECK(site.by("olga", {"devices", "reset", "CAM-1", "--reason", "wiped"}).code == 2);  // nobody is there to say yes
  CHECK(site.state_of("CAM-1") == "DEVICE_STATE_ADMITTED");
  CHECK(site.done("olga", {"devices", "reset", "CAM-1", "--reason", "wiped", "--yes"}).field("state") ==
        "DEVICE_STATE_EXPECTED");
  CHECK(site.against(certificate).starts_with("CREDENTIAL_REVOKED"));
  const auto again = site.enrol(site.maker.idevid("CAM-1"), "CAM-1");  // with another IDevID, as after a repair
  CHECK(site.against(again).empty());

  CHECK(site.done("olga", {"devices", "retire", "CAM-1", "--reason", "broken", "--yes"}).field("state") ==
        "DEVICE_STATE_RETIRED");
  CHECK_FALSE(site.against(again).empty());
  const auto story = site.for_people("vic", {"devices", "explain", "CAM-1"});
  for (const auto* said : {"scans the network", "was the scanner's test", "wiped", "broken", "operator/olga"}) {
    CAPTURE(said, story.text);
    CHECK(story.text.contains(said));
  }
  const auto proof = site.done("vic", {"audit", "verify"});
  CHECK(proof.code == 0);
  const auto behind = [&](const std::string& hash) {
    return site.by("vic", {"audit", "verify", "--after-sequence", proof.field("entries"), "--after-hash", hash});
  };
  CHECK(behind(proof.field("headHash")).field("entries") == proof.field("entries"));
  CHECK(behind(std::string(64, '0')).code == 1);
  CHECK(site.by("vic", {"audit", "verify", "--after-sequence", "1"}).code == 2);
}

TEST_CASE("people say no to a device that waits, and yes to another") {
  Site site;
  site.register_maker();
  site.done("ada", {"policies", "add", "--name", "ask for cameras", "--priority", "10", "--effect", "ask",
                    "--approvals", "1"});
  const auto first = site.maker.idevid("CAM-1"), second = site.maker.idevid("CAM-2");
  CHECK(site.knock(first).outcome() == Judged::OUTCOME_WAIT);
  CHECK(site.knock(second).outcome() == Judged::OUTCOME_WAIT);

  CHECK(site.by("vic", {"approvals", "deny", "CAM-1", "--reason", "curious"}).code == 3);
  CHECK(site.by("olga", {"approvals", "deny", "CAM-1"}).code == 2);
  CHECK(site.by("olga", {"approvals", "deny", "CAM-7", "--reason", "who is that"}).code == 4);
  const auto denied = site.done("olga", {"approvals", "deny", "CAM-1", "--reason", "not ordered"});
  CHECK(denied.field("state") == "APPROVAL_STATE_DENIED");
  CHECK(site.by("olga", {"approvals", "approve", "CAM-1", "--reason", "after all"}).code == 4);  // waits no more
  CHECK(site.by("olga", {"approvals", "approve", denied.field("name"), "--reason", "after all"}).code == 1);
  CHECK(site.knock(first).outcome() == Judged::OUTCOME_DENY);
  CHECK(site.for_people("vic", {"devices", "explain", "CAM-1"}).text.contains("not ordered"));

  CHECK(site.done("olga", {"approvals", "approve", "CAM-2", "--reason", "ordered in May"}).field("state") ==
        "APPROVAL_STATE_GRANTED");
  CHECK(site.knock(second).outcome() == Judged::OUTCOME_ALLOW);
}

TEST_CASE("a rule is changed, and the next device is judged by it") {
  Site site;
  site.register_maker();
  site.done("ada", {"policies", "add", "--name", "cameras", "--priority", "10", "--effect", "deny", "--model",
                    "Camera*", "--until", "2126-01-01"});
  CHECK(site.knock(site.maker.idevid("CAM-1")).outcome() == Judged::OUTCOME_DENY);

  CHECK(site.by("olga", {"policies", "update", "cameras", "--effect", "allow"}).code == 3);  // rules are an admin's
  CHECK(site.by("ada", {"policies", "update", "cameras"}).code == 2);
  CHECK(site.by("ada", {"policies", "update", "cameras", "--effect", "perhaps"}).code == 2);
  CHECK(site.by("ada", {"policies", "update", "doors", "--effect", "allow"}).code == 4);
  CHECK(site.by("ada", {"policies", "update", "cameras", "--protocol", "carrier pigeon"}).code == 2);
  const auto changed = site.done("ada", {"policies", "update", "cameras", "--effect", "allow", "--segment", "cameras",
                                         "--priority", "20", "--until", "", "--name", "all cameras"});
  CHECK(changed.field("effect") == "POLICY_EFFECT_ALLOW");
  CHECK(changed.field("segment") == "cameras");
  CHECK(changed.field("modelPattern") == "Camera*");  // not named, not changed
  CHECK(changed.data().find("endTime") == nullptr);
  CHECK(site.knock(site.maker.idevid("CAM-2")).segment() == "cameras");

  site.done("ada", {"policies", "update", "all cameras", "--disable"});
  CHECK(site.knock(site.maker.idevid("CAM-3")).outcome() == Judged::OUTCOME_DENY);
  site.done("ada", {"policies", "update", "all cameras", "--enable", "--serial", "CAM-4"});
  CHECK(site.knock(site.maker.idevid("CAM-3")).outcome() == Judged::OUTCOME_DENY);
  CHECK(site.knock(site.maker.idevid("CAM-4")).outcome() == Judged::OUTCOME_ALLOW);
  CHECK(site.done("vic",
                  {"policies", "test", "--serial", "CAM-4", "--model", "Camera 3", "--manufacturer", "Example Cameras"})
            .field("effect") == "POLICY_EFFECT_ALLOW");
  site.done("ada", {"policies", "delete", "all cameras", "--yes"});
  CHECK(site.knock(site.maker.idevid("CAM-4")).outcome() == Judged::OUTCOME_DENY);
}

TEST_CASE("a manufacturer is changed, and its anchors come and go") {
  Site site;
  site.register_maker();
  site.done("ada", {"policies", "add", "--name", "all", "--priority", "10", "--effect", "allow"});
  const auto idevid = site.maker.idevid("CAM-1");
  const auto before = site.knock(idevid);
  CHECK(before.outcome() == Judged::OUTCOME_ALLOW);
  CHECK(before.manufacturer().masa_url() == "masa.example.com:9443");

  CHECK(site.by("olga", {"manufacturers", "update", "Example Cameras", "--wire-profile", "lenient"}).code == 3);
  CHECK(site.by("ada", {"manufacturers", "update", "Example Cameras"}).code == 2);
  CHECK(site.by("ada", {"manufacturers", "update", "Example Cameras", "--masa-url", "http://masa.example.com"}).code ==
        2);
  CHECK(site.by("ada", {"manufacturers", "update", "Example Doors", "--wire-profile", "lenient"}).code == 4);
  const auto changed = site.done("ada", {"manufacturers", "update", "Example Cameras", "--wire-profile", "lenient",
                                         "--masa-url", "https://masa.example.net", "--display-name", "Example Optics"});
  CHECK(changed.field("displayName") == "Example Optics");
  CHECK(changed.field("wireProfile") == "WIRE_PROFILE_LENIENT");
  const auto after = site.knock(idevid);
  CHECK(after.manufacturer().masa_url() == "https://masa.example.net");
  CHECK(after.manufacturer().display_name() == "Example Optics");
  site.done("ada", {"manufacturers", "disable", "Example Optics"});
  CHECK(site.knock(idevid).outcome() == Judged::OUTCOME_DENY);
  site.done("ada", {"manufacturers", "enable", "Example Optics"});
  CHECK(site.knock(idevid).outcome() == Judged::OUTCOME_ALLOW);

  // Another CA of the same maker.
  Maker second("Example Camera CA 2", site.maker.from + 1h, site.random);
  const auto stranger = second.idevid("CAM-2");
  CHECK(site.knock(stranger).outcome() == Judged::OUTCOME_DENY);
  const auto ca = site.file("second.pem", second.certificate->pem());
  const std::vector<std::string> add{"manufacturers", "anchors", "add", "Example Optics", ca, "--purpose", "idevid"};
  CHECK(site.by("olga", add).code == 3);
  CHECK(site.by("ada", {"manufacturers", "anchors", "add", "Example Optics", ca, "--purpose", "everything"}).code == 2);
  CHECK(site.by("ada", {"manufacturers", "anchors", "add", "Example Optics", ca + ".absent", "--purpose", "idevid"})
            .code == 2);
  const auto with_both = site.done("ada", add).data();
  std::string anchor;
  for (const auto& one : *with_both.find("trustAnchors")->as_array())
    if (*one.find("subject")->as_string() == "CN=Example Camera CA 2") anchor = *one.find("name")->as_string();
  REQUIRE_FALSE(anchor.empty());
  CHECK(site.knock(stranger).outcome() == Judged::OUTCOME_ALLOW);
  CHECK(site.knock(idevid).outcome() == Judged::OUTCOME_ALLOW);

  CHECK(site.by("ada", {"manufacturers", "anchors", "remove", anchor, "--reason", "retired"}).code ==
        2);  // nobody says yes
  CHECK(site.by("olga", {"manufacturers", "anchors", "remove", anchor, "--reason", "retired", "--yes"}).code == 3);
  CHECK_FALSE(site.done("ada", {"manufacturers", "anchors", "remove", anchor, "--reason", "retired", "--yes"})
                  .field("removeTime")
                  .empty());
  CHECK(site.knock(stranger).outcome() == Judged::OUTCOME_DENY);
  CHECK(site.knock(idevid).outcome() == Judged::OUTCOME_ALLOW);
}

TEST_CASE("status says the version and the health of each replica, and follows the database") {
  support::TestCluster cluster;
  Site site(cluster);
  const std::string version(runtime::build_version());
  const auto replica = [&](const Answer& answer) {
    const auto whole = answer.data();
    const auto& one = whole.find("replicas")->as_array()->front();
    CHECK(*one.find("service")->as_string() == "registrar");
    CHECK(*one.find("version")->as_string() == version);
    return *one.find("health")->as_string();
  };
  // Health is looked at every second; nothing tells this test when.
  const auto becomes = [&](std::string_view health) {
    const auto patience = std::chrono::steady_clock::now() + 30s;
    Answer answer;
    do answer = site.by("vic", {"status"});
    while (replica(answer) != health && std::chrono::steady_clock::now() < patience);
    CHECK(replica(answer) == health);
    return answer;
  };
  const auto well = becomes("serving");
  CHECK(well.code == 0);
  CHECK(well.field("clientVersion") == version);
  const auto table = site.for_people("vic", {"status"}).text;
  CHECK(table.contains("VERSION"));
  CHECK(table.contains(version));

  CHECK(plain_get(site.metrics_port, "/metrics")
            .contains("pratique_build_info{service=\"registrar\",version=\"" + version));
  CHECK(plain_get(site.metrics_port, "/readyz").starts_with("HTTP/1.1 200"));

  cluster.kill_server();
  auto away = site.for_people("vic", {"status"});
  const auto patience = std::chrono::steady_clock::now() + 30s;
  while (!away.text.contains("not serving") && std::chrono::steady_clock::now() < patience)
    away = site.for_people("vic", {"status"});
  CHECK(away.code == 5);
  CHECK(away.text.contains("not serving"));
  CHECK(away.text.contains(version));  // the version is said by whoever answers
  CHECK(away.text.contains("SERVICE_NOT_SERVING"));

  CHECK(plain_get(site.metrics_port, "/readyz").contains("database: "));

  cluster.start_server();
  CHECK(becomes("serving").code == 0);
}
