// A registrar and network services in processes of their own, on one database, and what devices and RADIUS servers do.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/crypto/primitives/envelope.h"
#include "pratique/network/v1/segment.grpc.pb.h"
#include "pratique/network/v1/session.grpc.pb.h"
#include "pratique/network/v1/switch.grpc.pb.h"
#include "tests/integration/registrar/devices_of_registrar_test.h"

namespace pratique {

/// An address of this process's own: a port there is free again for whoever had it before.
inline std::string own_address() {
  const auto pid = static_cast<unsigned>(getpid());
  return "127.88." + std::to_string((pid >> 8) & 0xff) + "." + std::to_string(pid & 0xff);
}

/// One of the replicas of the network service. What it is called is its place among them: 1, 2.
struct NetworkReplica {
  std::optional<Program> program;
  std::uint16_t port = 0;
};

class NetworkSite : public DevicesOfRegistrar {
 public:
  NetworkSite() { prepare_site(); }
  explicit NetworkSite(const support::TestCluster& cluster) : DevicesOfRegistrar(cluster) { prepare_site(); }

  std::string network_config(int replica) const {
    return (folder.path() / ("network-" + std::to_string(replica) + ".yaml")).string();
  }
  void write_network_config(int replica, std::string_view more = "", std::string_view takeover = "2s") const {
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
        << "registrar: {addresses: ['" << listen.text() << "']}\nwork: {takeover: " << takeover
        << ", longest_pause: 1s}\n"
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

  /// Of a replica of the network service, by an administrator.
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

  /// What a RADIUS server is told when it asks: "accept", or the code of the refusal.
  std::string radius_says(const Onboarded& who, const std::string& nas = kNas) const {
    // An accept is written down with the answer: this one is taken back.
    return database.query("SET search_path TO network; DO $$ BEGIN RAISE '%', radius_logon('" + who.serial + "', '" +
                          who.authority_key_id + "', '" + nas + "', '', 'p1', '', '', 600); EXCEPTION "
                          "WHEN raise_exception THEN PERFORM set_config('test.says', SQLERRM, false); END $$; "
                          "SELECT CASE WHEN says[1] = 'accept' THEN says[1] ELSE says[2] END "
                          "FROM string_to_array(current_setting('test.says'), '|') AS says");
  }
  /// A logon as a RADIUS server reports it: the Access-Accept, then that accounting began.
  void log_on(const Onboarded& who, const std::string& at, const std::string& mac, const std::string& vlan) const {
    const auto place = std::string("'") + kNas + "', '', '" + at + "', '" + mac + "', '" + who.device + "'";
    database.query("INSERT INTO network.radius_report (kind, nas_address, nas_identifier, nas_port_id, "
                   "calling_station_id, user_name, given_vlan, certificate_serial, authority_key_id) "
                   "VALUES ('accept', " + place + ", " + vlan + ", '" + who.serial + "', '" + who.authority_key_id + "')");
    database.query("SET search_path TO network; SELECT radius_accounting('Start', '" + at + mac + "', " + place +
                   ", '', '', '', '', '', '')");
  }

  static constexpr auto kNas = "192.0.2.9";  // from where the switch speaks RADIUS
  std::map<int, NetworkReplica> replicas;

 private:
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
};

}  // namespace pratique
