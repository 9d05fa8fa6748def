// Follows another service's WatchEvents from a cursor that we keep ourselves, for as long as we live.
//
//   rpc::Follower<v1::Event> follower(
//       "registrar events", *peer, log,
//       [&](grpc::ClientContext& context) -> Result<rpc::Stream<v1::Event>> {
//         TRY(auto cursor, store.cursor());           // read anew at each connection
//         v1::WatchEventsRequest request; request.set_cursor(cursor);
//         return stub->WatchEvents(&context, request);
//       },
//       [&](const v1::Event& event) { return app.on_event(event); });   // stores effect and cursor in one transaction
//
// One thread. A stream that ends, or a handler that fails, is begun again from the stored cursor after a pause that
// grows and falls back with the first event handled (FollowPauses); so handling must be idempotent. `ended` is told why
// a connection ended, before the next is begun: OUT_OF_RANGE asks for a full listing.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <grpcpp/support/sync_stream.h>

#include "libs/obs/log.h"
#include "libs/rpc/client.h"

namespace pratique::rpc {

struct FollowPauses {
  std::chrono::milliseconds first{100}, longest{15'000};  // doubled with each failure
};

template <typename Event>
using Stream = std::unique_ptr<grpc::ClientReader<Event>>;

namespace detail {

/// The loop, apart from the event's type.
class FollowLoop {
 public:
  /// Runs one connection to its end; sets `progress` when an event was handled.
  using Once = std::move_only_function<Result<void>(grpc::ClientContext&, bool& progress)>;
  FollowLoop(std::string name, const Peer& peer, const obs::Log& log, Once once, FollowPauses pauses);
  ~FollowLoop();
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace detail

template <typename Event>
class Follower {
 public:
  using Open = std::move_only_function<Result<Stream<Event>>(grpc::ClientContext&)>;
  using Handle = std::move_only_function<Result<void>(const Event&)>;
  using Ended = std::move_only_function<void(const Error&)>;

  Follower(std::string name, const Peer& peer, const obs::Log& log, Open open, Handle handle,
           Ended ended = [](const Error&) {}, FollowPauses pauses = {})
      : loop_(
            std::move(name), peer, log,
            [&peer, open = std::move(open), handle = std::move(handle), ended = std::move(ended)](
                grpc::ClientContext& context, bool& progress) mutable -> Result<void> {
              auto outcome = follow(peer, open, handle, context, progress);
              if (!outcome) ended(outcome.error());
              return outcome;
            },
            pauses) {}
  /// stop().
  ~Follower() = default;
  /// Cancels the stream and joins. Idempotent.
  void stop() { loop_.stop(); }

 private:
  static Result<void> follow(const Peer& peer, Open& open, Handle& handle, grpc::ClientContext& context,
                             bool& progress) {
    TRY(auto stream, open(context));
    Event event;
    while (stream->Read(&event)) {
      if (auto handled = handle(event); !handled) {
        context.TryCancel();
        while (stream->Read(&event)) continue;
        (void)stream->Finish();
        return std::move(handled).error();
      }
      progress = true;
    }
    return peer.judge(stream->Finish());
  }

  detail::FollowLoop loop_;
};

}  // namespace pratique::rpc
