// A registrar and network services in processes of their own, on one database, and what devices and RADIUS servers do.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/hex.h"
#include "libs/base/id.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/issue.h"
#include "pratique/network/v1/segment.grpc.pb.h"
#include "pratique/network/v1/session.grpc.pb.h"
#include "pratique/network/v1/switch.grpc.pb.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"
#include "pratique/registrar/v1/device.grpc.pb.h"
#include "pratique/registrar/v1/manufacturer.grpc.pb.h"
#include "tests/integration/registrar/running_registrar_test.h"

namespace pratique {

/// Waits for a state, with a limit that is never reached where all is well.
inline bool until(const std::function<bool()>& state) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (!state()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

/// An address of this process's own: a port there is free again for whoever had it before.
inline std::string own_address() {
  const auto pid = static_cast<unsigned>(getpid());
  return "127.88." + std::to_string((pid >> 8) & 0xff) + "." + std::to_string(pid & 0xff);
}

/// A device with the credential that the registrar gave it.
struct Onboarded {
  std::string device;      // "devices/<uuid>"
  std::string credential;  // "credentials/<uuid>"
  std::string serial, authority_key_id;  // of its certificate, hex
};

/// One of the replicas of the network service. What it is called is its place among them: 1, 2.
struct NetworkReplica {
  std::optional<Program> program;
  std::uint16_t port = 0;
};

class NetworkSite : public RunningRegistrar {
 public:
  NetworkSite() { prepare_site(); }
  explicit NetworkSite(const support::TestCluster& cluster) : RunningRegistrar(cluster) { prepare_site(); }

  std::string network_config(int replica) const {
    return (folder.path() / ("network-" + std::to_string(replica) + ".yaml")).string();
  }
  void write_network_config(int replica, std::string_view more = "") const {
    const auto name = "network-" + std::to_string(replica);
    const auto tls = "keys/services/" + name + "/tls";
    std::ofstream(network_config(replica))
        << "process: {metrics: '127.0.0.1:0', pseudonym_key: keys/secrets/pseudonym.key, stop_grace: 0s}\n"
        << "replica: " << name << "\ndatabase: {conninfo: \"" << database.conninfo() << "\", pool_size: 12}\n"
        << "master_keys: keys/secrets/master.keys\nradius_keys: keys/secrets/radius.keys\n"
        << "page_token_key: keys/secrets/page-tokens.key\nrpc:\n  listen: " << own_address() << ":0\n"
        << "  tls: {certificate: " << tls << ".crt, key: " << tls << ".key, key_passphrase: " << tls
        << ".pass, trust_anchors: keys/service-ca/ca.crt}\n"
        << "  trust: {trust_domain: plant.example.com, operators: {ada: admin, olga: operator, vic: viewer}}\n"
        << "registrar: {addresses: ['" << listen.text() << "']}\nwork: {takeover: 2s, longest_pause: 1s}\n"
        << more;
  }
  int run_network(std::vector<std::string> flags, std::string& heard) const {
    flags.insert(flags.begin(), {"--config", network_config(1)});
    Program once(NETWORK_PROGRAM, flags);
    const int code = once.exit_code();
    heard = once.heard;
    return code;
  }
  void start_network(int replica = 1) {
    auto& one = replicas[replica];
    one.program.emplace(NETWORK_PROGRAM, std::vector<std::string>{"--config", network_config(replica)});
    if (!one.program->says("service_ready")) FAIL(one.program->heard);
    REQUIRE(one.program->says("metrics_port"));
    const auto key = one.program->heard.find("\"port\":", one.program->heard.find("rpc_listening"));
    one.port = static_cast<std::uint16_t>(std::stoi(one.program->heard.substr(key + 7)));
    peers_.erase(replica);
  }
  void kill_network(int replica = 1) {
    replicas[replica].program->signal(SIGKILL);
    CHECK(replicas[replica].program->exit_code() == -SIGKILL);
  }
  void kill_registrar() {
    program->signal(SIGKILL);
    CHECK(program->exit_code() == -SIGKILL);
  }

  /// Of the registrar, by whom is named; or of a replica of the network service, by an administrator.
  template <typename Service, typename Request, typename Response>
  Response ask(const std::string& who,
               grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) {
    return answer_of<Service>(as(who), method, request);
  }
  template <typename Service, typename Request, typename Response>
  Response of_network(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, int replica = 1) {
    return answer_of<Service>(network(replica), method, request);
  }
  const rpc::Peer& network(int replica = 1) {
    if (replicas[replica].program) replicas[replica].program->hear();
    auto& peer = peers_[replica];
    if (!peer) {
      rpc::PeerConfig config;
      config.service = "network";
      config.addresses = {{own_address(), replicas[replica].port}};
      config.deadline = std::chrono::seconds(30);
      auto made = rpc::Peer::connect(config, {}, *tls_, "plant.example.com", metrics_);
      REQUIRE(made);
      peer = *std::move(made);
    }
    return *peer;
  }

  /// Announced, judged, and given a certificate, as the onboarding service has it done.
  Onboarded onboard(const std::string& serial, const std::string& segment) {
    namespace v1 = registrar::v1;
    v1::CreateDeviceRequest device;
    device.mutable_device()->set_manufacturer(manufacturer_);
    device.mutable_device()->set_serial_number(serial);
    device.mutable_device()->set_segment(segment);
    ask<v1::Devices>("operators/ada", &v1::Devices::Stub::CreateDevice, device);
    const auto idevid = *crypto::issue_certificate(
        crypto::CertificateProfile::idevid({.serial_number = serial}, clock.now() - std::chrono::hours(1),
                                           "masa.example.com"),
        crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)->public_key(), maker_ca_, maker_key_, random);
    v1::JudgeDeviceRequest knock;
    knock.set_protocol("brski");
    knock.set_session("sessions/" + make_uuid7(clock, random));
    knock.add_idevid_chain(idevid.der().data(), idevid.der().size());
    const auto judged = ask<v1::Admission>("services/onboarding-1", &v1::Admission::Stub::JudgeDevice, knock);
    REQUIRE(judged.outcome() == v1::JudgeDeviceResponse::OUTCOME_ALLOW);
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    const auto csr = crypto::make_csr({.subject = {.common_name = serial}}, key)->der();
    v1::IssueCredentialRequest issue;
    issue.set_device(judged.device());
    issue.set_session(knock.session());
    issue.set_csr(csr.data(), csr.size());
    const auto issued = ask<v1::Admission>("services/onboarding-1", &v1::Admission::Stub::IssueCredential, issue);
    const auto certificate = crypto::Certificate::parse_der(as_bytes(issued.certificate()));
    REQUIRE(certificate);
    return {judged.device(), issued.credential(), certificate->serial_hex(),
            hex_encode(*certificate->authority_key_id())};
  }
  void revoke(const Onboarded& who) {
    registrar::v1::RevokeCredentialRequest request;
    request.set_name(who.credential);
    request.set_reason("stolen");
    ask<registrar::v1::Credentials>("operators/ada", &registrar::v1::Credentials::Stub::RevokeCredential, request);
  }

  /// What a RADIUS server is told when it asks: "accept", or the code of the refusal.
  std::string radius_says(const Onboarded& who, const std::string& nas = kNas) const {
    return database.query("SET search_path TO network; SELECT CASE WHEN verdict = 'accept' THEN verdict ELSE code END "
                          "FROM radius_decide('" + who.serial + "', '" + who.authority_key_id + "', '" + nas +
                          "', '', 'p1', '')");
  }
  /// A logon as a RADIUS server reports it: the Access-Accept, then that accounting began.
  void log_on(const Onboarded& who, const std::string& at, const std::string& mac, const std::string& vlan) const {
    const auto place = std::string("'") + kNas + "', '', '" + at + "', '" + mac + "', '" + who.device + "'";
    database.query("SET search_path TO network; SELECT radius_post_auth('accept', '', '', '" +
                   who.device.substr(who.device.find('/') + 1) + "', '" + vlan + "', " + place + ", '" + who.serial +
                   "', '" + who.authority_key_id + "')");
    database.query("SET search_path TO network; SELECT radius_accounting('Start', '" + at + mac + "', " + place +
                   ", '', '', '', '', '', '')");
  }

  static constexpr auto kNas = "192.0.2.9";  // from where the switch speaks RADIUS
  std::map<int, NetworkReplica> replicas;

 private:
  template <typename Service, typename Request, typename Response>
  static Response answer_of(const rpc::Peer& peer,
                            grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                            const Request& request) {
    const auto stub = Service::NewStub(peer.channel());
    auto answer = peer.call(*stub, method, request);
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *std::move(answer);
  }
  void prepare_site() {
    listen = {own_address(), 7443};
    write_config();
    const auto line = crypto::MasterKeys::make_line("first", random);
    const auto file = keys() / "secrets/radius.keys";
    std::ofstream(file) << as_text(line->reveal());
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    auto pki = pki::Installation::open(keys(), clock, random);
    REQUIRE(pki);
    REQUIRE(pki->service("network-2", {}));
    for (const int replica : {1, 2}) write_network_config(replica);
    const auto ada = keys() / "operators/ada";
    auto files = runtime::CertificateFiles::open(
        {ada / "tls.crt", {ada / "tls.key"}, {ada / "tls.pass"}, keys() / "service-ca/ca.crt"}, clock, log_);
    REQUIRE(files);
    files_ = *std::move(files);
    auto tls = rpc::TlsIdentity::make(*files_, log_);
    REQUIRE(tls);
    tls_ = *std::move(tls);

    start();
    namespace v1 = registrar::v1;
    v1::CreateManufacturerRequest maker;
    maker.mutable_manufacturer()->set_display_name("Example Lamps");
    maker.mutable_manufacturer()->set_wire_profile(v1::WIRE_PROFILE_STRICT);
    auto& anchor = *maker.mutable_manufacturer()->add_trust_anchors();
    anchor.set_certificate(maker_ca_.der().data(), maker_ca_.der().size());
    anchor.add_purposes(v1::ANCHOR_PURPOSE_IDEVID);
    manufacturer_ =
        ask<v1::Manufacturers>("operators/ada", &v1::Manufacturers::Stub::CreateManufacturer, maker).name();
  }
  static obs::Catalogue catalogue() {
    obs::Catalogue out("test");
    rpc::describe(out);
    runtime::describe(out);
    return out;
  }

  obs::Log log_{catalogue(), obs::Level::error, clock};
  obs::Metrics metrics_{catalogue()};
  std::unique_ptr<runtime::CertificateFiles> files_;
  std::shared_ptr<rpc::TlsIdentity> tls_;
  std::map<int, std::unique_ptr<rpc::Peer>> peers_;
  std::string manufacturer_;
  crypto::SoftwareKey maker_key_ = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  crypto::Certificate maker_ca_ = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Example Lamps"}, clock.now() - std::chrono::hours(1),
                                          crypto::kNoExpiry),
      maker_key_, random);
};

}  // namespace pratique
