// Internal to this room: what a Server is made of.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/server.h>

#include "libs/rpc/feed.h"
#include "libs/rpc/library_log.h"
#include "libs/rpc/server.h"

namespace pratique::rpc {

/// Turns the feeds: one thread, which asks each in its turn for what is new.
class FeedTurner {
 public:
  FeedTurner(std::size_t limit, std::chrono::milliseconds poll, obs::Gauge open);
  ~FeedTurner() { stop(); }

  /// false when there are too many, or when it stops.
  bool admit(const std::shared_ptr<detail::Feed>& feed);
  void ready(const std::shared_ptr<detail::Feed>& feed);
  void idle(const std::shared_ptr<detail::Feed>& feed);
  void done(const detail::Feed* feed);
  void wake();
  /// Ends every feed with `why` and admits no more.
  void end_all(const Error& why);
  /// end_all() first.
  void stop();

 private:
  void run();

  const std::size_t limit_;
  const std::chrono::milliseconds poll_;
  const obs::Gauge open_gauge_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const detail::Feed*, std::weak_ptr<detail::Feed>> open_;
  std::deque<std::shared_ptr<detail::Feed>> ready_;
  std::vector<std::shared_ptr<detail::Feed>> idle_;
  bool woken_ = false, ending_ = false, stopping_ = false;
  std::jthread thread_;
};

struct Server::Inside {
  RpcConfig config;
  std::string domain;  // of ErrorInfo
  Access access;
  std::shared_ptr<TlsIdentity> tls;
  Surroundings around;
  LibraryLog library_log;
  obs::Gauge queue_gauge;
  runtime::WorkerPool workers;
  FeedTurner feeds;
  std::vector<std::pair<std::string, std::unique_ptr<grpc::Service>>> apis;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
  bool stopped = false;

  /// What the health listener holds; the server leaves it when it goes.
  struct HealthLink {
    std::mutex mutex;
    grpc::Server* server = nullptr;
  };
  std::shared_ptr<HealthLink> health_link = std::make_shared<HealthLink>();

  Inside(RpcConfig config, std::string service_name, Access access, std::shared_ptr<TlsIdentity> tls,
         Surroundings around);

  /// Who calls what, until when; `cap` limits the deadline.
  CallContext describe(grpc::CallbackServerContext& context, std::chrono::milliseconds unset,
                       std::chrono::milliseconds cap) const;
  /// Metrics and access log of a call's end.
  void record(const CallContext& call, std::string_view code, std::string_view reason,
              std::chrono::steady_clock::time_point begun, bool unary) const;
};

}  // namespace pratique::rpc
