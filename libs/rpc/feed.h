// Server streams of events (WatchEvents), which use no worker: one thread of the server's turns all of them.
//
//   grpc::ServerWriteReactor<v1::Event>* WatchEvents(grpc::CallbackServerContext* context,
//                                                    const v1::WatchEventsRequest* request) override {
//     return rpc::serve_feed<v1::Event>(server_, context, request,
//         [this](const rpc::CallContext&, const v1::WatchEventsRequest& r) -> Result<rpc::Pull<v1::Event>> {
//           TRY(auto cursor, parse_cursor(r.cursor()));
//           return [this, cursor]() mutable -> Result<std::vector<v1::Event>> { …read on, at most a page… };
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
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "libs/rpc/server.h"

namespace pratique::rpc {

template <typename Message>
using Pull = std::move_only_function<Result<std::vector<Message>>()>;

namespace detail {

/// One stream, apart from its message type: what the turning thread and the server see.
class Feed {
 public:
  virtual ~Feed() = default;
  /// On the turning thread: opens on the first turn, then pulls; starts a write if there is something.
  virtual void turn() = 0;
  /// Finish the stream with this as soon as nothing of it is under way.
  virtual void end(const Error& why) = 0;
};

CallContext feed_context(Server& server, grpc::CallbackServerContext* context);
/// Checks access and admits the stream, or tells the Error that it must finish with.
Result<void> admit_feed(Server& server, const CallContext& call, const std::shared_ptr<Feed>& feed);
void feed_ready(Server& server, const std::shared_ptr<Feed>& feed);  // wants a turn now
void feed_idle(Server& server, const std::shared_ptr<Feed>& feed);   // wants a turn when woken or after the poll
void feed_done(Server& server, const Feed* feed, const CallContext& call, const Error& why,
               std::chrono::steady_clock::time_point begun);
grpc::Status feed_status(Server& server, const Error& error);

template <typename Message, typename Request, typename Open>
class FeedStream final : public grpc::ServerWriteReactor<Message>,
                         public Feed,
                         public std::enable_shared_from_this<FeedStream<Message, Request, Open>> {
 public:
  FeedStream(Server& server, grpc::CallbackServerContext* context, const Request* request, Open open)
      : server_(server), request_(request), open_(std::move(open)), call_(feed_context(server, context)) {}

  grpc::ServerWriteReactor<Message>* begin() {
    self_ = this->shared_from_this();
    if (const auto admitted = admit_feed(server_, call_, self_); !admitted) finish(admitted.error());
    else feed_ready(server_, self_);
    return this;
  }

  void turn() override {
    {
      const std::scoped_lock lock(mutex_);
      if (finished_) return;
      busy_ = true;
    }
    std::vector<Message> batch;
    const auto pulled = guarded(server_, call_, [&]() -> Result<void> {
      if (!pull_) {
        TRY(pull_, open_(call_, *request_));
      }
      TRY(batch, pull_());
      return {};
    });
    if (!pulled) return finish(pulled.error());
    batch_ = std::move(batch);
    next_ = 0;
    proceed();
  }

  void end(const Error& why) override {
    {
      const std::scoped_lock lock(mutex_);
      if (finished_) return;
      if (!end_) end_ = why;
      if (busy_) return;  // whoever is busy looks at end_ next
    }
    finish(why);
  }

 private:
  // After a pull or a write: what comes next.
  void proceed() {
    std::optional<Error> end;
    bool write = false;
    {
      const std::scoped_lock lock(mutex_);
      end = end_;
      write = !end && next_ < batch_.size();
      if (!end && !write) busy_ = false;
    }
    if (end) return finish(*end);
    if (write) return this->StartWrite(&batch_[next_]);
    if (batch_.empty()) feed_idle(server_, this->shared_from_this());
    else feed_ready(server_, this->shared_from_this());
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return finish(gone());
    ++next_;
    proceed();
  }
  void OnCancel() override { end(gone()); }
  void OnDone() override { const auto last = std::move(self_); }
  void finish(const Error& why) {
    const auto keep = this->shared_from_this();  // OnDone may run within Finish
    {
      const std::scoped_lock lock(mutex_);
      if (finished_) return;
      finished_ = true;
    }
    feed_done(server_, this, call_, why, begun_);  // its place is free before the client hears of the end
    this->Finish(feed_status(server_, why));
  }
  static Error gone() { return Error{ErrorCode::cancelled, "CALL_CANCELLED", "the client went away"}; }

  Server& server_;
  const Request* request_;
  Open open_;
  CallContext call_;
  Pull<Message> pull_;
  std::vector<Message> batch_;  // touched by the one that is busy
  std::size_t next_ = 0;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::mutex mutex_;  // guards the three below
  bool busy_ = false;  // a pull or a write is under way
  bool finished_ = false;
  std::optional<Error> end_;
  std::shared_ptr<FeedStream> self_;  // until gRPC is done with it
};

}  // namespace detail

/// Answers a server-streaming call; `open`: Result<Pull<Message>>(const CallContext&, const Request&).
template <typename Message, typename Request, typename Open>
grpc::ServerWriteReactor<Message>* serve_feed(Server& server, grpc::CallbackServerContext* context,
                                              const Request* request, Open open) {
  using Stream = detail::FeedStream<Message, Request, Open>;
  return std::make_shared<Stream>(server, context, request, std::move(open))->begin();
}

}  // namespace pratique::rpc
