// A gRPC server of one service and its callers over real mutual TLS, in a trust domain of their own: what tests of APIs
// start from. Operators are vera (viewer), otto (operator) and ada (admin); any service may call that a test names.
//
//   MtlsWorld world{"registrar", "pratique.registrar.v1.Devices"};
//   auto& server = world.prepare(access());
//   server.add<v1::Devices>(…);
//   world.open();
//   world.call<v1::Devices>("operator/vera", &v1::Devices::Stub::GetDevice, request);
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "libs/obs/health.h"
#include "libs/rpc/catalogue.h"
#include "libs/rpc/client.h"
#include "libs/rpc/identities_test.h"
#include "libs/rpc/server.h"
#include "libs/runtime/catalogue.h"
#include "libs/runtime/service_main.h"
#include "tests/support/scratch_folder.h"

namespace pratique::rpc {

inline constexpr std::string_view kTrustDomain = "example.com";

class MtlsWorld {
 public:
  /// `api`: one of the service's, by its full name.
  MtlsWorld(std::string service, std::string api) : service_(std::move(service)), api_(std::move(api)) {
    config.listen = {"127.0.0.1", 0};
    config.trust.trust_domain = kTrustDomain;
    config.trust.operators = {{"vera", Role::viewer}, {"otto", Role::operator_}, {"ada", Role::admin}};
  }

  /// To which APIs are added. `config` counts as it is now.
  Server& prepare(Access access) {
    server = std::make_unique<Server>(config, service_, std::move(access), identity("service/" + service_).tls,
                                      Server::Surroundings{log, metrics, health});
    return *server;
  }
  void open() {
    if (auto started = server->start(); !started) throw std::runtime_error(started.error().message);
    health.set_serving(true);
  }

  std::unique_ptr<Peer> connect(Identity& as, std::string expected) {
    return must(Peer::connect({.service = std::move(expected), .addresses = {{"127.0.0.1", server->port()}}}, {api_},
                              *as.tls, kTrustDomain, metrics));
  }
  std::unique_ptr<Peer> connect(Identity& as) { return connect(as, service_); }
  /// A client that stays: "operator/ada", "service/onboarding".
  Peer& as(const std::string& path) {
    auto& peer = peers_[path];
    if (!peer) peer = connect(identity(path));
    return *peer;
  }
  template <typename Service, typename Method, typename Request>
  auto call(const std::string& who, Method method, const Request& request) {
    auto& peer = as(who);
    return peer.call(*Service::NewStub(peer.channel()), method, request);
  }

  static std::string uri(std::string_view path) {
    return "spiffe://" + std::string(kTrustDomain) + "/" + std::string(path);
  }
  Identity& identity(const std::string& path, Authority* issuer = nullptr) {
    auto& slot = identities_[path];
    if (!slot)
      slot = std::make_unique<Identity>(
          (issuer != nullptr ? *issuer : authority).issue(folder_of(path), {uri(path)}, path, authority), clock, log);
    return *slot;
  }
  std::filesystem::path folder_of(std::string path) const {
    std::ranges::replace(path, '/', '-');
    return scratch.path() / path;
  }
  int logged(std::string_view text) {
    const std::scoped_lock lock(lines_mutex);
    return static_cast<int>(std::ranges::count_if(lines, [&](const auto& line) { return line.contains(text); }));
  }
  static obs::Catalogue catalogue_of(const std::string& service) {
    obs::Catalogue out(service);
    describe(out);
    runtime::describe(out);
    return out;
  }

 private:
  std::string service_, api_;

 public:
  ScratchFolder scratch;
  SystemClock clock;
  std::mutex lines_mutex;
  std::vector<std::string> lines;
  obs::Log log{catalogue_of(service_), obs::Level::info, clock, [this](std::string_view line) {
                 const std::scoped_lock lock(lines_mutex);
                 lines.emplace_back(line);
               }};
  obs::Metrics metrics{catalogue_of(service_)};
  obs::Health health;
  Authority authority{"Example Authority"};
  RpcConfig config;

 private:
  std::map<std::string, std::unique_ptr<Identity>> identities_;
  std::map<std::string, std::unique_ptr<Peer>> peers_;

 public:
  std::unique_ptr<Server> server;  // goes first
};

}  // namespace pratique::rpc
