#include "libs/rpc/feed.h"

#include "libs/rpc/catalogue.h"
#include "libs/rpc/server_inside.h"
#include "libs/rpc/status.h"

namespace pratique::rpc {

FeedTurner::FeedTurner(std::size_t limit, std::chrono::milliseconds poll, obs::Gauge open)
    : limit_(limit), poll_(poll), open_gauge_(open), thread_([this] { run(); }) {}

bool FeedTurner::admit(const std::shared_ptr<detail::Feed>& feed) {
  const std::scoped_lock lock(mutex_);
  if (ending_ || open_.size() >= limit_) return false;
  open_.emplace(feed.get(), feed);
  open_gauge_.set(static_cast<double>(open_.size()));
  return true;
}

void FeedTurner::ready(const std::shared_ptr<detail::Feed>& feed) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    ready_.push_back(feed);
  }
  changed_.notify_one();
}

void FeedTurner::idle(const std::shared_ptr<detail::Feed>& feed) {
  const std::scoped_lock lock(mutex_);
  if (!stopping_) idle_.push_back(feed);
}

void FeedTurner::done(const detail::Feed* feed) {
  const std::scoped_lock lock(mutex_);
  if (open_.erase(feed) != 0) open_gauge_.set(static_cast<double>(open_.size()));
}

void FeedTurner::wake() {
  {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void FeedTurner::end_all(const Error& why) {
  std::vector<std::shared_ptr<detail::Feed>> all;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    for (const auto& [key, feed] : open_)
      if (auto alive = feed.lock()) all.push_back(std::move(alive));
  }
  for (const auto& feed : all) feed->end(why);
}

void FeedTurner::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::scoped_lock lock(mutex_);
  ready_.clear();
  idle_.clear();
}

void FeedTurner::run() {
  std::unique_lock lock(mutex_);
  auto next_poll = std::chrono::steady_clock::now() + poll_;
  while (!stopping_) {
    if (ready_.empty() && !woken_)
      changed_.wait_until(lock, next_poll, [&] { return stopping_ || woken_ || !ready_.empty(); });
    const auto now = std::chrono::steady_clock::now();
    if (woken_ || now >= next_poll) {
      woken_ = false;
      next_poll = now + poll_;
      ready_.insert(ready_.end(), idle_.begin(), idle_.end());
      idle_.clear();
    }
    if (stopping_ || ready_.empty()) continue;
    auto feed = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    feed->turn();
    feed.reset();
    lock.lock();
  }
}

namespace detail {

CallContext feed_context(Server& server, grpc::CallbackServerContext* context) {
  // A feed may last; gRPC itself ends it at the client's deadline, if there is one.
  constexpr auto kNoLimit = std::chrono::hours(24 * 365);
  return server.inside().describe(*context, kNoLimit, kNoLimit);
}

Result<void> admit_feed(Server& server, const CallContext& call, const std::shared_ptr<Feed>& feed) {
  auto& in = server.inside();
  TRY_VOID(in.access.check(call.method, call.caller));
  if (!in.feeds.admit(feed)) return kServerBusy.error("too many event streams are open");
  return {};
}

void feed_ready(Server& server, const std::shared_ptr<Feed>& feed) { server.inside().feeds.ready(feed); }
void feed_idle(Server& server, const std::shared_ptr<Feed>& feed) { server.inside().feeds.idle(feed); }

void feed_done(Server& server, const Feed* feed, const CallContext& call, const Error& why,
               std::chrono::steady_clock::time_point begun) {
  auto& in = server.inside();
  in.record(call, to_string(why.code), why.reason, begun, false);
  in.feeds.done(feed);
}

grpc::Status feed_status(Server& server, const Error& error) { return to_grpc_status(error, server.inside().domain); }

}  // namespace detail
}  // namespace pratique::rpc
