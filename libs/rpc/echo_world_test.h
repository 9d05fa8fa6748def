// An Echo server and clients of it over real mutual TLS, for the tests of this room.
#pragma once

#include <pratique/echo/v1/echo.grpc.pb.h>

#include <atomic>
#include <functional>
#include <latch>

#include "libs/rpc/feed.h"
#include "libs/rpc/mtls_world_test.h"

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

class EchoWorld : public MtlsWorld {
 public:
  EchoWorld() : MtlsWorld("echo", "pratique.echo.v1.Echo") {
    config.feed_poll = std::chrono::hours(1);  // feeds move when woken, so that nothing waits for a clock
    config.workers = {.threads = 2, .queue_limit = 8};
  }
  ~EchoWorld() { server.reset(); }  // before what its handlers do

  void start(Access access = {{"/pratique.echo.v1.Echo/GetEcho", {operators(Role::viewer), service("registrar")}},
                              {"/pratique.echo.v1.Echo/ChangeEcho", {operators(Role::operator_)}},
                              {"/pratique.echo.v1.Echo/WatchEchoes", {any_service()}}}) {
    prepare(std::move(access)).add<api::Echo>(std::make_unique<EchoApi>(*server, behaviour));
    open();
  }
  Result<api::EchoResponse> get(const Peer& peer, const std::string& text = "hello", CallOptions options = {}) {
    api::EchoRequest request;
    request.set_text(text);
    return peer.call(*api::Echo::NewStub(peer.channel()), &api::Echo::Stub::GetEcho, request, options);
  }
  Result<api::EchoResponse> change(const Peer& peer) {
    return peer.call(*api::Echo::NewStub(peer.channel()), &api::Echo::Stub::ChangeEcho, api::EchoRequest());
  }

  Behaviour behaviour;
};

}  // namespace pratique::rpc
