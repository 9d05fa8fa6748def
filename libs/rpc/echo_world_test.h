// An Echo server and clients of it over real mutual TLS, for the tests of this room.
#pragma once

#include <pratique/echo/v1/echo.grpc.pb.h>

#include <atomic>
#include <functional>
#include <latch>
#include <mutex>

#include "libs/obs/health.h"
#include "libs/rpc/catalogue.h"
#include "libs/rpc/client.h"
#include "libs/rpc/feed.h"
#include "libs/rpc/identities_test.h"
#include "libs/rpc/server.h"
#include "libs/runtime/catalogue.h"
#include "tests/support/scratch_folder.h"
#include "libs/runtime/service_main.h"

namespace pratique::rpc {

namespace api = pratique::echo::v1;

/// What the handlers do is set by each test.
struct Behaviour {
  std::function<Result<api::EchoResponse>(const CallContext&, const api::EchoRequest&)> answer =
      [](const CallContext& call, const api::EchoRequest& request) -> Result<api::EchoResponse> {
    api::EchoResponse out;
    out.set_text(request.text());
    out.set_caller(call.caller.text());
    out.set_trace(call.trace_id);
    return out;
  };
  std::function<Result<std::vector<api::EchoResponse>>(std::int64_t& cursor)> pull =
      [](std::int64_t&) -> Result<std::vector<api::EchoResponse>> { return std::vector<api::EchoResponse>(); };
};

class EchoApi final : public api::Echo::CallbackService {
 public:
  EchoApi(Server& server, Behaviour& behaviour) : server_(server), behaviour_(behaviour) {}
  grpc::ServerUnaryReactor* GetEcho(grpc::CallbackServerContext* context, const api::EchoRequest* request,
                                    api::EchoResponse* response) override {
    return serve(server_, context, request, response, std::bind_front(&EchoApi::answer, this));
  }
  grpc::ServerUnaryReactor* ChangeEcho(grpc::CallbackServerContext* context, const api::EchoRequest* request,
                                       api::EchoResponse* response) override {
    return serve(server_, context, request, response, std::bind_front(&EchoApi::answer, this));
  }
  grpc::ServerWriteReactor<api::EchoResponse>* WatchEchoes(grpc::CallbackServerContext* context,
                                                            const api::WatchEchoesRequest* request) override {
    return serve_feed<api::EchoResponse>(server_, context, request, std::bind_front(&EchoApi::watch, this));
  }

 private:
  Result<api::EchoResponse> answer(const CallContext& call, const api::EchoRequest& request) {
    return behaviour_.answer(call, request);
  }
  Result<Pull<api::EchoResponse>> watch(const CallContext&, const api::WatchEchoesRequest& request) {
    if (request.cursor() < 0) return invalid("CURSOR_INVALID", "the cursor is negative");
    return Pull<api::EchoResponse>([this, cursor = request.cursor()]() mutable { return behaviour_.pull(cursor); });
  }
  Server& server_;
  Behaviour& behaviour_;
};

inline constexpr std::string_view kTrustDomain = "example.com";

class EchoWorld {
 public:
  EchoWorld() {
    config.listen = {"127.0.0.1", 0};
    config.trust.trust_domain = kTrustDomain;
    config.trust.operators = {{"vera", Role::viewer}, {"otto", Role::operator_}, {"ada", Role::admin}};
    config.feed_poll = std::chrono::hours(1);  // feeds move when woken, so that nothing waits for a clock
    config.workers = {.threads = 2, .queue_limit = 8};
  }

  static obs::Catalogue catalogue() {
    obs::Catalogue out("echo");
    describe(out);
    runtime::describe(out);
    return out;
  }
  std::string uri(std::string_view path) const {
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
    for (char& c : path)
      if (c == '/') c = '-';
    return scratch.path() / path;
  }

  void start(Access access = {{"/pratique.echo.v1.Echo/GetEcho", {operators(Role::viewer), service("registrar")}},
                              {"/pratique.echo.v1.Echo/ChangeEcho", {operators(Role::operator_)}},
                              {"/pratique.echo.v1.Echo/WatchEchoes", {any_service()}}}) {
    server = std::make_unique<Server>(config, "echo", std::move(access), identity("service/echo").tls,
                                      Server::Surroundings{log, metrics, health});
    server->add<api::Echo>(std::make_unique<EchoApi>(*server, behaviour));
    if (auto started = server->start(); !started) throw std::runtime_error(started.error().message);
    health.set_serving(true);
  }
  std::unique_ptr<Peer> connect(Identity& as, std::string expected = "echo") {
    return must(Peer::connect({.service = std::move(expected), .addresses = {{"127.0.0.1", server->port()}}},
                              {"pratique.echo.v1.Echo"}, *as.tls, kTrustDomain, metrics));
  }
  Result<api::EchoResponse> get(const Peer& peer, const std::string& text = "hello", CallOptions options = {}) {
    api::EchoRequest request;
    request.set_text(text);
    return peer.call(*api::Echo::NewStub(peer.channel()), &api::Echo::Stub::GetEcho, request, options);
  }
  Result<api::EchoResponse> change(const Peer& peer) {
    return peer.call(*api::Echo::NewStub(peer.channel()), &api::Echo::Stub::ChangeEcho, api::EchoRequest());
  }
  int logged(std::string_view text) {
    const std::scoped_lock lock(lines_mutex);
    return static_cast<int>(std::ranges::count_if(lines, [&](const auto& line) { return line.contains(text); }));
  }

  ScratchFolder scratch;
  SystemClock clock;
  std::mutex lines_mutex;
  std::vector<std::string> lines;
  obs::Log log{catalogue(), obs::Level::info, clock, [this](std::string_view line) {
                 const std::scoped_lock lock(lines_mutex);
                 lines.emplace_back(line);
               }};
  obs::Metrics metrics{catalogue()};
  obs::Health health;
  Authority authority{"Example Authority"};
  RpcConfig config;
  Behaviour behaviour;

 private:
  std::map<std::string, std::unique_ptr<Identity>> identities_;

 public:
  std::unique_ptr<Server> server;  // goes first
};

}  // namespace pratique::rpc
