// Server streams of events (WatchEvents), which use no worker: one thread of the server's turns all of them.
//
//   grpc::ServerWriteReactor<v1::Event>* WatchEvents(grpc::CallbackServerContext* context,
//                                                    const v1::WatchEventsRequest* request) override {
//     return rpc::serve_feed<v1::Event>(server_, context, request,
//         [this](const rpc::CallContext&, const v1::WatchEventsRequest& r) -> Result<rpc::Pull<v1::Event>> {
//           TRY(auto cursor, parse_cursor(r.cursor()));
//           return [this, cursor]() mutable -> Result<std::vector<v1::Event>> { …read on from cursor, at most a page… };
//         });
//   }
//
// A pull returns what is there now, without waiting; empty means "nothing yet": it is asked again when
// Server::wake_feeds() is called or RpcConfig::feed_poll has passed. The next pull comes after everything of the
// last one was written, so a slow client holds back only itself. The stream ends when the pull fails (with its
// error), when the client goes, and when the server stops (UNAVAILABLE FEED_ENDED: connect again, same cursor).
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "libs/rpc/server.h"

namespace pratique::rpc {

template <typename Message>
using Pull = std::move_only_function<Result<std::vector<Message>>()>;

namespace detail {

/// One stream, apart from its message type: what the turning thread sees.
class Feed {
 public:
  virtual ~Feed() = default;
  /// On the turning thread: opens on the first turn, then pulls; starts a write if there is something.
  virtual void turn() = 0;
  /// Finish the stream with this as soon as no write is under way.
  virtual void end(const Error& why) = 0;
};

/// Checks access and admits the stream; fills `call`. On failure the Error that the stream must finish with.
Result<void> admit_feed(Server& server, grpc::CallbackServerContext* context, const std::shared_ptr<Feed>& feed,
                        CallContext& call);
void feed_ready(Server& server, const std::shared_ptr<Feed>& feed);  // wants a turn now
void feed_idle(Server& server, const std::shared_ptr<Feed>& feed);   // wants a turn when woken or after the poll
void feed_done(Server& server, const Feed* feed, const CallContext& call, grpc::StatusCode code);
grpc::Status feed_status(Server& server, const Error& error);

}  // namespace detail

template <typename Message, typename Request, typename Open>
grpc::ServerWriteReactor<Message>* serve_feed(Server& server, grpc::CallbackServerContext* context,
                                              const Request* request, Open open);

}  // namespace pratique::rpc
