// Two replicas that tell of revocations, and who asks them: openssl and curl, as RADIUS servers would.
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/revocation/crl.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/crypto/revocation/ocsp_response.h"
#include "libs/crypto/x509/issue.h"
#include "tests/integration/registrar/devices_of_registrar_test.h"
#include "tests/support/plain_http.h"

using namespace pratique;
using namespace std::chrono_literals;
namespace ocsp = pratique::crypto::ocsp;

namespace {

constexpr auto kRevocation =
    "revocation: {listen: '127.0.0.1:0', public_url: 'http://pki.plant.example.com:8080/', crl: {lifetime: 24h, "
    "overlap: 6h}, ocsp: {lifetime: 1h}}\n";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The domain's CAs as pratique-pki keeps them.
struct DomainCa {
  explicit DomainCa(const RunningRegistrar& site) : folder(site.keys() / "domain-ca") {}
  Secret passphrase(const std::string& name) const {
    auto text = text_of(folder / (name + ".pass"));
    while (text.ends_with('\n')) text.pop_back();
    return Secret(to_bytes(text));
  }
  crypto::SoftwareKey key(const std::string& name) const {
    auto key = crypto::SoftwareKey::load_encrypted(text_of(folder / (name + ".key")), passphrase(name));
    REQUIRE(key);
    return *key;
  }
  crypto::Certificate certificate(const std::string& name) const {
    return crypto::Certificate::parse_pem_bundle(text_of(folder / (name + ".crt")))->front();
  }
  std::filesystem::path folder;
};

struct Site : DevicesOfRegistrar {
  struct Replica {
    std::optional<Program> program;
    std::uint16_t rpc = 0, http = 0;
  };
  explicit Site(std::string_view more = kRevocation) {
    write_config(more);
    for (auto& replica : replicas) begin(replica);
    use(0);
    issuer = DomainCa(*this).certificate("issuing");
    issuer_file = file("issuer.pem", issuer->pem());
  }

  void begin(Replica& replica) {
    replica.program.emplace(REGISTRAR_PROGRAM, std::vector<std::string>{"--config", config_file()});
    if (!replica.program->says("service_ready")) FAIL(replica.program->heard);
    REQUIRE(replica.program->says("metrics_port"));
    REQUIRE(replica.program->says("}\n"));
    replica.rpc = number_in(*replica.program, "rpc_listening");
    if (replica.program->heard.contains("revocation_listening"))
      replica.http = number_in(*replica.program, "revocation_listening");
  }
  /// Calls go to this replica from now on.
  void use(std::size_t replica) { port = replicas[replica].rpc; }
  static std::uint16_t number_in(const Program& from, std::string_view event, std::string_view field = "port") {
    const auto key = "\"" + std::string(field) + "\":";
    const auto at = from.heard.find(key, from.heard.find(event)) + key.size();
    return static_cast<std::uint16_t>(std::stoi(from.heard.substr(at)));
  }
  std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(folder.path() / name, std::ios::binary) << text;
    return path(name);
  }
  std::string path(const std::string& name) const { return (folder.path() / name).string(); }
  std::string url(std::size_t replica) const { return "http://127.0.0.1:" + std::to_string(replicas[replica].http); }

  /// Its certificate, PEM.
  std::string file_of(const Onboarded& who) const { return file(who.serial_number + ".pem", who.x509().pem()); }

  std::string said_by(const std::string& tool, std::vector<std::string> arguments) const {
    Program once(tool, std::move(arguments));
    const int code = once.exit_code();
    return once.heard + "exit " + std::to_string(code);
  }
  std::string openssl(std::vector<std::string> arguments) const {
    return said_by("/usr/bin/openssl", std::move(arguments));
  }
  std::string curl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-sS", "--max-time", "10"});
    return said_by("/usr/bin/curl", std::move(arguments));
  }
  std::string anchors() const { return (keys() / "domain-ca/issuing.crt").string(); }  // up to the root
  /// openssl's question by POST, and what it thinks of the answer.
  std::string ask(std::size_t replica, const Onboarded& who, const std::string& hash = "-sha1",
                  const std::string& nonce = "-nonce") const {
    return openssl({"ocsp", nonce, hash, "-issuer", issuer_file, "-cert", file_of(who), "-url", url(replica) + "/ocsp",
                    "-CAfile", anchors()});
  }
  /// As the certificates have it, less the site's public address.
  std::string crl_path() const { return crl_url.substr(crl_url.find("/crl/")); }
  /// The body of a GET.
  Bytes get(std::size_t replica, const std::string& what) const {
    const auto answer = plain_get(replicas[replica].http, what);
    REQUIRE(answer.starts_with("HTTP/1.1 200"));
    return to_bytes(std::string_view(answer).substr(answer.find("\r\n\r\n") + 4));
  }
  crypto::Crl crl(std::size_t replica) const { return *crypto::Crl::parse_der(get(replica, crl_path())); }
  ocsp::CertificateState state(std::size_t replica, const Onboarded& who) const {
    const auto id = ocsp::CertId::of(who.x509(), *issuer);
    const auto question = ocsp::encode_get_path(*ocsp::encode_request(std::vector{id}));
    return ocsp::parse_response(get(replica, "/ocsp/" + question))->basic->singles.front().state;
  }

  std::array<Replica, 2> replicas;
  std::optional<crypto::Certificate> issuer;
  std::string issuer_file, crl_url;
};

}  // namespace

TEST_CASE("what one replica revokes, openssl and curl hear from the other") {
  Site site;
  const auto lamp = site.onboard("LAMP-1"), stolen = site.onboard("LAMP-2");
  // The certificates say where to ask.
  REQUIRE(lamp.x509().crl_urls().size() == 1);
  site.crl_url = lamp.x509().crl_urls().front();
  CHECK(site.crl_url.starts_with("http://pki.plant.example.com:8080/crl/"));
  CHECK(lamp.x509().ocsp_urls() == std::vector<std::string>{"http://pki.plant.example.com:8080/ocsp"});

  for (const std::size_t replica : {0, 1}) {
    const auto said = site.ask(replica, stolen);  // with a nonce
    INFO(said);
    CHECK(said.contains("Response verify OK"));
    CHECK(said.contains("LAMP-2.pem: good"));
    CHECK_FALSE(said.contains("no nonce"));
    CHECK(site.ask(replica, stolen, "-sha256", "-no_nonce").contains("LAMP-2.pem: good"));
    CHECK(site.state(replica, stolen) == ocsp::CertificateState::good);  // and is kept from now on
  }
  const auto before = site.crl(1);
  CHECK_FALSE(before.find(stolen.x509().serial_hex()));

  site.use(0);
  site.revoke(stolen);
  const auto heard_from = [&](std::size_t replica) {
    return site.state(replica, stolen) == ocsp::CertificateState::revoked &&
           site.crl(replica).find(stolen.x509().serial_hex());
  };
  CHECK(until([&] { return heard_from(1) && heard_from(0); }));

  for (const std::size_t replica : {0, 1}) {
    CHECK(site.ask(replica, stolen).contains("LAMP-2.pem: revoked"));
    CHECK(site.ask(replica, lamp).contains("LAMP-1.pem: good"));
    const auto list = site.path("list.crl");
    CHECK(site.curl({"-f", "-o", list, site.url(replica) + site.crl_path()}) == "exit 0");
    const auto judged = site.openssl({"crl", "-inform", "DER", "-in", list, "-CAfile", site.anchors(), "-crlnumber",
                                      "-noout", "-text"});
    CHECK(judged.contains("verify OK"));
    CHECK(judged.contains("crlNumber="));
    const auto pem = site.path("list.pem");
    CHECK(site.openssl({"crl", "-inform", "DER", "-in", list, "-out", pem}) == "exit 0");
    const auto verify = [&](const Onboarded& who) {
      return site.openssl({"verify", "-crl_check", "-CAfile", site.anchors(), "-CRLfile", pem, site.file_of(who)});
    };
    CHECK(verify(lamp).contains("OK"));
    CHECK(verify(stolen).contains("certificate revoked"));
  }

  // GET, as HTTP caches and RFC 5019 want it; openssl judges what curl fetched.
  const auto question = site.path("question.der"), answer = site.path("answer.der");
  const auto of_stolen = [&](const std::string& what, const std::string& file) {
    return site.openssl({"ocsp", "-issuer", site.issuer_file, "-cert", site.file_of(stolen), "-no_nonce", what, file,
                         "-CAfile", site.anchors()});
  };
  CHECK(of_stolen("-reqout", question) == "exit 0");
  const auto asked = site.url(1) + "/ocsp/" + ocsp::encode_get_path(to_bytes(text_of(question)));
  CHECK(site.curl({"-f", "-o", answer, asked}) == "exit 0");
  const auto judged = of_stolen("-respin", answer);
  CHECK(judged.contains("Response verify OK"));
  CHECK(judged.contains("LAMP-2.pem: revoked"));
  // 304 for who has it, and who never was issued is not known.
  const auto head = site.curl({"-I", asked});
  const auto at = head.find("ETag: ") + 6;
  REQUIRE(at > 6);
  CHECK(site.curl({"-o", "/dev/null", "-w", "%{http_code}", "-H",
                   "If-None-Match: " + head.substr(at, head.find("\r", at) - at), asked}) == "304exit 0");
  const auto unknown = site.openssl({"ocsp", "-issuer", site.issuer_file, "-serial", "0x4242", "-url",
                                     site.url(0) + "/ocsp", "-CAfile", site.anchors()});
  CHECK(unknown.contains("0x4242: unknown"));
  const auto metrics_port = Site::number_in(*site.replicas[0].program, "service_ready", "metrics_port");
  const auto metrics = plain_get(metrics_port, "/metrics");
  CHECK(metrics.contains("pratique_registrar_crl_number "));
}

TEST_CASE("replicas that revoke at the same time publish one row of lists") {
  Site site;
  constexpr int kDevices = 12;
  std::vector<Onboarded> devices;
  for (int i = 0; i < kDevices; ++i) devices.push_back(site.onboard("LAMP-" + std::to_string(i)));
  site.crl_url = devices.front().x509().crl_urls().front();

  std::atomic<bool> over = false;
  std::mutex mutex;
  std::map<std::string, Bytes> by_number;
  std::vector<std::string> problems;
  const auto watch = [&](std::size_t replica) {
    std::string last;
    while (!over) {
      const auto answer = plain_get(site.replicas[replica].http, site.crl_path());
      const auto body = to_bytes(std::string_view(answer).substr(answer.find("\r\n\r\n") + 4));
      const auto crl = crypto::Crl::parse_der(body);
      const std::lock_guard lock(mutex);
      if (!crl) return problems.push_back("no list: " + answer.substr(0, 40));
      const auto number = *crl->number_hex();
      if (number < last) problems.push_back("went back from " + last + " to " + number);
      last = number;
      const auto [known, fresh] = by_number.emplace(number, body);
      if (!fresh && known->second != body) problems.push_back("two lists have number " + number);
    }
  };
  std::vector<std::jthread> watchers;
  for (const std::size_t replica : {0, 1}) watchers.emplace_back(watch, replica);
  for (int i = 0; i < kDevices; ++i) {
    site.use(static_cast<std::size_t>(i % 2));
    site.revoke(devices[static_cast<std::size_t>(i)]);
  }
  const auto whole = [&](std::size_t replica) { return site.crl(replica).size() == kDevices; };
  CHECK(until([&] { return whole(0) && whole(1) && site.crl(0).der() == site.crl(1).der(); }));
  over = true;
  watchers.clear();
  CHECK(problems == std::vector<std::string>{});
  CHECK(site.database.query("SELECT count(*) FROM registrar.crl") == "1");

  // After the death of both the row goes on.
  const auto last = *site.crl(0).number_hex();
  for (auto& replica : site.replicas) {
    replica.program->signal(SIGKILL);
    (void)replica.program->exit_code();
  }
  for (auto& replica : site.replicas) site.begin(replica);
  site.use(1);
  const auto another = site.onboard("LAMP-X");
  site.revoke(another);
  CHECK(until([&] { return site.crl(0).find(another.x509().serial_hex()).has_value(); }));
  CHECK(site.crl(0).size() == kDevices + 1);
  CHECK(*site.crl(0).number_hex() > last);
}

TEST_CASE("what else knocks at the door is answered within limits") {
  Site site;
  const auto url = site.url(0);
  const auto status = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-o", "/dev/null", "-w", "%{http_code}"});
    return site.curl(std::move(arguments)).substr(0, 3);
  };
  const auto large = site.file("large", std::string(20'000, 'x'));
  CHECK(status({url + "/"}) == "404");
  CHECK(status({url + "/crl/00.crl"}) == "404");
  CHECK(status({"-X", "DELETE", url + "/ocsp"}) == "405");
  CHECK(status({"-d", "x", url + "/ocsp"}) == "415");
  CHECK(status({"-H", "Content-Type: application/ocsp-request", "--data-binary", "@" + large, url + "/ocsp"}) == "413");
  CHECK(status({"-H", "Content-Type: application/ocsp-request", "--data-binary", "x", url + "/ocsp"}) == "200");
  CHECK(site.curl({url + "/nothing"}).starts_with("NO_SUCH_RESOURCE: "));
  site.replicas[0].program->signal(SIGTERM);
  CHECK(site.replicas[0].program->exit_code() == 0);
}

TEST_CASE("where nothing is published nothing listens, and certificates name no place") {
  Site site("");
  const auto lamp = site.onboard("LAMP-1");
  CHECK(lamp.x509().crl_urls().empty());
  CHECK(lamp.x509().ocsp_urls().empty());
  site.revoke(lamp);
  for (const auto& replica : site.replicas) CHECK_FALSE(replica.program->heard.contains("revocation_listening"));
  CHECK(site.database.query("SELECT count(*) FROM registrar.crl") == "0");
}

TEST_CASE("a CA that was replaced goes on telling of what it issued") {
  Site site;
  const DomainCa ca(site);
  const auto lamp = site.onboard("LAMP-1"), stolen = site.onboard("LAMP-2");
  for (auto& replica : site.replicas) {
    replica.program->signal(SIGTERM);
    CHECK(replica.program->exit_code() == 0);
  }
  for (const std::string suffix : {".crt", ".key", ".pass"})
    std::filesystem::copy_file(ca.folder / ("issuing" + suffix), ca.folder / ("former" + suffix));
  const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto next = *crypto::issue_certificate(
      crypto::CertificateProfile::sub_ca({.common_name = "Next CA"}, site.clock.now() - 1h,
                                         site.clock.now() + 24h * 30),
      key.public_key(), ca.certificate("root"), ca.key("root"), site.random);
  std::ofstream(ca.folder / "issuing.crt") << next.pem() << ca.certificate("root").pem();
  std::ofstream(ca.folder / "issuing.key") << *key.save_encrypted(ca.passphrase("issuing"));
  site.write_config(
      "revocation: {listen: '127.0.0.1:0', public_url: 'http://pki.plant.example.com', former_issuers: [{certificates: "
      "keys/domain-ca/former.crt, key: keys/domain-ca/former.key, key_passphrase: keys/domain-ca/former.pass}]}\n");
  for (auto& replica : site.replicas) site.begin(replica);
  site.use(0);
  site.revoke(stolen);
  const auto door = site.onboard("DOOR-1");
  CHECK(door.x509().crl_urls() != lamp.x509().crl_urls());
  CHECK(site.ask(1, lamp).contains("LAMP-1.pem: good"));
  CHECK(site.ask(1, stolen).contains("LAMP-2.pem: revoked"));
  site.crl_url = lamp.x509().crl_urls().front();
  CHECK(until([&] { return site.crl(1).find(stolen.x509().serial_hex()).has_value(); }));
  site.crl_url = door.x509().crl_urls().front();
  CHECK(site.crl(1).size() == 0);
  site.issuer = next;
  site.issuer_file = site.file("next.pem", next.pem());
  CHECK(site.ask(0, door).contains("DOOR-1.pem: good"));
}

TEST_CASE("what cannot be published is said before anything starts") {
  RunningRegistrar registrar;
  std::string heard;
  const auto refused = [&](const std::string& section, std::string_view why) {
    registrar.write_config("revocation: {" + section + "}\n");
    CHECK(registrar.run({"--check-config"}, heard) == 1);
    INFO(heard);
    CHECK(heard.contains(why));
  };
  refused("listen: '127.0.0.1:0'", "public_url");
  refused("public_url: 'https://pki.example.com'", "http://host");
  refused("public_url: 'http://pki.example.com/?x'", "http://host");
  refused("public_url: pki.example.com", "public_url");
  refused("public_url: 'http://pki.example.com', crl: {lifetime: 8d}", "lifetime");
  refused("public_url: 'http://pki.example.com', crl: {lifetime: 2h, overlap: 2h}", "overlap");
  refused("public_url: 'http://pki.example.com', ocsp: {lifetime: 30s}", "lifetime");
  refused("public_url: 'http://pki.example.com', ocsp: {colour: red}", "colour");
  registrar.write_config("revocation: {public_url: 'http://pki.example.com'}\n");
  CHECK(registrar.run({"--check-config"}, heard) == 0);

  // A CA that may not sign lists.
  const DomainCa ca(registrar);
  auto profile = crypto::CertificateProfile::sub_ca({.common_name = "Mute CA"}, registrar.clock.now() - 1h,
                                                    registrar.clock.now() + 24h);
  profile.key_usage = crypto::key_usage::kKeyCertSign;
  const auto mute = crypto::issue_certificate(profile, ca.key("issuing").public_key(), ca.certificate("root"),
                                              ca.key("root"), registrar.random);
  REQUIRE(mute);
  std::ofstream(ca.folder / "issuing.crt") << mute->pem() << ca.certificate("root").pem();
  CHECK(registrar.run({"--check-config"}, heard) == 1);
  INFO(heard);
  CHECK(heard.contains("may not sign CRLs"));
  registrar.write_config();
  CHECK(registrar.run({"--check-config"}, heard) == 0);
}
