// A gRPC server: the callback API in front, a bounded pool of blocking workers behind, access checked in one
// place, every call measured and logged. APIs are generated callback services whose methods are one line each:
//
//   class DevicesApi final : public v1::Devices::CallbackService {
//    public:
//     explicit DevicesApi(rpc::Server& server, app::Devices& devices) : server_(server), devices_(devices) {}
//     grpc::ServerUnaryReactor* GetDevice(grpc::CallbackServerContext* context, const v1::GetDeviceRequest* request,
//                                         v1::Device* response) override {
//       return rpc::serve(server_, context, request, response, std::bind_front(&DevicesApi::get_device, this));
//     }
//    private:
//     Result<v1::Device> get_device(const rpc::CallContext& call, const v1::GetDeviceRequest& request);
//   };
//   // in start():
//   auto server = std::make_unique<rpc::Server>(config.rpc, "registrar", kAccess, tls,
//       rpc::Server::Surroundings{process.log(), process.metrics(), process.health()});
//   server->add<v1::Devices>(std::make_unique<DevicesApi>(*server, devices));
//   TRY_VOID(server->start());
//   process.keep("gRPC server", std::move(server));
//
// Never implement a method without serve() or serve_feed(): the access list is checked there.
//
// Answers of its own: not allowed → PERMISSION_DENIED; queue full → RESOURCE_EXHAUSTED SERVER_BUSY; deadline passed
// while queued → DEADLINE_EXCEEDED; a handler that throws → INTERNAL HANDLER_FAILED, logged once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "libs/base/result.h"
#include "libs/obs/health.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/rpc/access.h"
#include "libs/rpc/call_context.h"
#include "libs/rpc/tls.h"
#include "libs/runtime/address.h"
#include "libs/runtime/certificate_files.h"
#include "libs/runtime/quantity.h"
#include "libs/runtime/worker_pool.h"

namespace grpc {
class Service;
}

namespace pratique::rpc {

struct RpcConfig {
  runtime::Address listen{"127.0.0.1", 8443};  // port 0: a free one
  runtime::CertificateFilesConfig tls;
  TrustConfig trust;
  runtime::WorkerPoolConfig workers;
  runtime::ByteSize max_message{4 * 1024 * 1024};
  std::chrono::milliseconds default_deadline{10'000};  // for a client that sets none
  std::chrono::milliseconds max_deadline{60'000};
  std::size_t max_feeds = 64;  // open WatchEvents streams
  std::chrono::milliseconds feed_poll{1000};  // how long a feed sleeps unless woken
  bool reflection = true;
};
void read(runtime::ConfigReader& in, RpcConfig& out);

/// Metrics, events and reasons of this room, for the service's catalogue.
void describe(obs::Catalogue& catalogue);

class Server {
 public:
  /// What it borrows; all outlive it.
  struct Surroundings {
    const obs::Log& log;
    obs::Metrics& metrics;
    obs::Health& health;  // what grpc.health.v1 says of "" and of each API, to Check and Watch alike
  };
  Server(RpcConfig config, std::string service_name, Access access, std::shared_ptr<TlsIdentity> tls,
         Surroundings surroundings);
  /// stop(config.default_deadline).
  ~Server();

  /// Before start(). Owns `api`, which implements the generated `Definition`: server.add<v1::Devices>(…).
  template <typename Definition>
  void add(std::unique_ptr<grpc::Service> api) {
    add(Definition::service_full_name(), std::move(api));
  }
  void add(std::string_view full_name, std::unique_ptr<grpc::Service> api);
  /// UNAVAILABLE RPC_ADDRESS_UNUSABLE; FAILED_PRECONDITION ACCESS_INCOMPLETE when an added API has a method that
  /// the access table does not list.
  Result<void> start();
  /// The port it listens on.
  std::uint16_t port() const;

  /// Ends feeds, refuses new calls, finishes those in flight (at most `patience`), stops the workers. Idempotent.
  void stop(std::chrono::milliseconds patience);
  /// Something was written that feeds may want to send: they look now instead of at the next poll. Any thread.
  void wake_feeds();

  struct Inside;
  Inside& inside() { return *inside_; }  // for serve() and serve_feed()

 private:
  std::unique_ptr<Inside> inside_;
};

namespace detail {

/// Runs `step` within the call's trace; what it throws becomes INTERNAL HANDLER_FAILED, logged.
Result<void> guarded(Server& server, const CallContext& call, const std::function<Result<void>()>& step);

/// One call, apart from its types. Not for use outside this room's templates.
class UnaryCall : public grpc::ServerUnaryReactor {
 public:
  /// Writes the response; run on a worker.
  using Handler = std::move_only_function<Result<void>(const CallContext&)>;
  static grpc::ServerUnaryReactor* begin(Server& server, grpc::CallbackServerContext* context, Handler handler);

 private:
  UnaryCall(Server& server, CallContext call, std::shared_ptr<std::atomic<bool>> cancelled, Handler handler);
  void run();
  void finish(const Result<void>& outcome);
  void OnCancel() override { cancelled_->store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

  Server& server_;
  CallContext call_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  Handler handler_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace detail

/// Answers a unary call by `handler`: Result<Response>(const CallContext&, const Request&), run on a worker.
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* serve(Server& server, grpc::CallbackServerContext* context, const Request* request,
                                Response* response, Handler handler) {
  return detail::UnaryCall::begin(
      server, context,
      [request, response, handler = std::move(handler)](const CallContext& call) mutable -> Result<void> {
        TRY(*response, handler(call, *request));
        return {};
      });
}

}  // namespace pratique::rpc
