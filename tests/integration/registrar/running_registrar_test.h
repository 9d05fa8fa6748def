// A registrar in a process of its own, and callers of it.
#pragma once

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "libs/crypto/primitives/system_random.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server.h"
#include "libs/runtime/service_main.h"
#include "tests/support/postgres/test_database.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"
#include "tools/pki/installation.h"

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

class RunningRegistrar {
 public:
  RunningRegistrar() { prepare(); }
  /// On a cluster that the test kills; it outlives this.
  explicit RunningRegistrar(const support::TestCluster& cluster) : database(cluster) { prepare(); }

  std::filesystem::path keys() const { return folder.path() / "keys"; }
  std::string config_file() const { return (folder.path() / "registrar.yaml").string(); }
  void write_config(std::string_view more = "") {
    std::ofstream(config_file())
        << "process: {metrics: '127.0.0.1:0', pseudonym_key: keys/secrets/pseudonym.key, stop_grace: 0s}\n"
        << "database: {conninfo: \"" << database.conninfo() << "\", pool_size: 4}\n"
        << R"(master_keys: keys/secrets/master.keys
page_token_key: keys/secrets/page-tokens.key
rpc:
  listen: )" << listen.text() << R"(
  tls: {certificate: keys/services/registrar-1/tls.crt, key: keys/services/registrar-1/tls.key,
        key_passphrase: keys/services/registrar-1/tls.pass, trust_anchors: keys/service-ca/ca.crt}
  trust: {trust_domain: plant.example.com, operators: {ada: admin, olga: operator, vic: viewer}}
  feed_poll: 1h
authority:
  certificates: keys/domain-ca/issuing.crt
  key: keys/domain-ca/issuing.key
  key_passphrase: keys/domain-ca/issuing.pass
)" << more;
  }

  /// Runs it with flags besides --config, to its end; its exit code.
  int run(std::vector<std::string> flags, std::string& heard) const {
    flags.insert(flags.begin(), {"--config", config_file()});
    Program once(REGISTRAR_PROGRAM, flags);
    const int code = once.exit_code();
    heard = once.heard;
    return code;
  }
  void start() {
    callers_.clear();  // their connections were to its former life
    program.emplace(REGISTRAR_PROGRAM, std::vector<std::string>{"--config", config_file()});
    if (!program->says("service_ready")) FAIL(program->heard);
    port = number_of("rpc_listening", "\"port\":");
    REQUIRE(program->says("metrics_port"));
    REQUIRE(program->says("}\n"));
    metrics_port = number_of("service_ready", "\"metrics_port\":");
  }
  /// A client with this identity: "operators/ada", "services/onboarding-1".
  const rpc::Peer& as(const std::string& who) {
    if (program) program->hear();
    auto& caller = callers_[who];
    if (!caller || caller->port != port) {
      caller = std::make_unique<Caller>();
      caller->port = port;
      const auto place = keys() / who;
      auto files = runtime::CertificateFiles::open(
          {place / "tls.crt", {place / "tls.key"}, {place / "tls.pass"}, keys() / "service-ca/ca.crt"}, clock, log_);
      REQUIRE(files);
      caller->files = *std::move(files);
      auto tls = rpc::TlsIdentity::make(*caller->files, log_);
      REQUIRE(tls);
      caller->tls = *std::move(tls);
      rpc::PeerConfig config;
      config.service = "registrar";
      config.addresses = {{listen.host, port}};
      auto peer = rpc::Peer::connect(config, {}, *caller->tls, "plant.example.com", metrics_);
      REQUIRE(peer);
      caller->peer = *std::move(peer);
    }
    return *caller->peer;
  }

  /// Where it is to listen; port 0: where there is room. Counts for the next write_config().
  runtime::Address listen{"127.0.0.1", 0};
  ScratchFolder folder;
  support::TestDatabase database;
  SystemClock clock;
  crypto::SystemRandom random;
  std::optional<Program> program;
  std::uint16_t port = 0, metrics_port = 0;

 private:
  std::uint16_t number_of(std::string_view event, std::string_view key) const {
    const auto digits = program->heard.find(key, program->heard.find(event)) + key.size();
    return static_cast<std::uint16_t>(std::stoi(program->heard.substr(digits)));
  }
  void prepare() {
    auto made = pki::Installation::init(
        {.folder = keys(), .trust_domain = "plant.example.com", .organization = "Plant"}, clock, random);
    REQUIRE(made);
    REQUIRE(made->service("registrar-1", {}));
    for (const auto* name : {"onboarding-1", "network-1", "stranger-1"}) REQUIRE(made->service(name, {}));
    for (const auto* name : {"ada", "vic", "olga", "nobody"}) REQUIRE(made->operator_(name));
    write_config();
  }

  struct Caller {
    std::uint16_t port = 0;
    std::unique_ptr<runtime::CertificateFiles> files;
    std::shared_ptr<rpc::TlsIdentity> tls;
    std::unique_ptr<rpc::Peer> peer;
  };
  static obs::Catalogue catalogue() {
    obs::Catalogue out("test");
    rpc::describe(out);
    runtime::describe(out);
    return out;
  }

  obs::Log log_{catalogue(), obs::Level::error, clock};
  obs::Metrics metrics_{catalogue()};
  std::map<std::string, std::unique_ptr<Caller>> callers_;
};

}  // namespace pratique
