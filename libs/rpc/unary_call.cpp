#include "libs/rpc/catalogue.h"
#include "libs/rpc/server_inside.h"
#include "libs/rpc/status.h"

namespace pratique::rpc::detail {

// Each call deletes itself in OnDone, which gRPC calls last and exactly once, after Finish.
UnaryCall::UnaryCall(Server& server, CallContext call, std::shared_ptr<std::atomic<bool>> cancelled, Handler handler)
    : server_(server), call_(std::move(call)), cancelled_(std::move(cancelled)), handler_(std::move(handler)) {}

grpc::ServerUnaryReactor* UnaryCall::begin(Server& server, grpc::CallbackServerContext* context, Handler handler) {
  auto& in = server.inside();
  auto cancelled = std::make_shared<std::atomic<bool>>(false);
  auto described = in.describe(*context, in.config.default_deadline, in.config.max_deadline);
  described.cancel_flag = cancelled;
  auto* call = new UnaryCall(server, std::move(described), std::move(cancelled), std::move(handler));
  if (auto allowed = in.access.check(call->call_.method, call->call_.caller); !allowed) call->finish(allowed);
  else if (!in.workers.try_post([call] { call->run(); }))
    call->finish(kServerBusy.error("all workers are busy and the queue is full"));
  return call;
}

void UnaryCall::run() {
  if (call_.cancelled()) return finish(kCallCancelled.error("the client went away"));
  if (call_.left().count() <= 0) return finish(kDeadlinePassed.error("the deadline passed while the call was queued"));
  finish(guarded(server_, call_, [this] { return handler_(call_); }));
}

void UnaryCall::finish(const Result<void>& outcome) {
  auto& in = server_.inside();
  in.record(call_, outcome ? "OK" : to_string(outcome.error().code),
            outcome ? std::string_view() : outcome.error().reason, begun_, true);
  Finish(outcome ? grpc::Status::OK : to_grpc_status(outcome.error(), in.domain));  // `this` may be gone after it
}

}  // namespace pratique::rpc::detail
