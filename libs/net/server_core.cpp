#include "libs/net/server_core.h"

#include "libs/net/farewell.h"
#include "libs/net/listener.h"

namespace pratique::net {

ServerCore::ServerCore(HttpsServerConfig config, Executor& executor, HttpHandler handler)
    : config_(std::move(config)),
      limits_{config_.max_header_bytes, [this](auto method, auto path) { return body_limit(method, path); }},
      book_({config_.max_connections, config_.max_connections_per_source}, tally_,
            &HttpsServerStats::open_connections),
      acceptor_(io_),
      serving_{config_, limits_, std::make_shared<const HttpHandler>(std::move(handler)), executor, tally_, io_,
               stopping_} {}

Result<std::unique_ptr<ServerCore>> ServerCore::start(HttpsServerConfig config, const TlsIdentity* identity,
                                                      Executor& executor, HttpHandler handler) {
  std::unique_ptr<ServerCore> core(new ServerCore(std::move(config), executor, std::move(handler)));
  if (identity != nullptr) {
    core->tls_.emplace(core->config_, core->tally_);
    TRY_VOID(core->use_identity(*identity));
  }
  TRY_VOID(core->listen());
  return core;
}

Result<void> ServerCore::listen() {
  if (config_.max_connections == 0 || config_.max_connections_per_source == 0 || config_.max_header_bytes < 256 ||
      config_.max_requests_per_connection == 0 || *serving_.handler == nullptr)
    return invalid("SERVER_CONFIG_INVALID", "limits must not be 0, the header limit at least 256, a handler given");
  TRY_VOID(listen_on(acceptor_, config_.listen, "SERVER_CONFIG_INVALID"));
  port_ = acceptor_.local_endpoint().port();
  const auto admitted = [this](tcp::socket socket, const tcp::endpoint& remote, Place place) {
    PeerInfo peer;
    peer.remote = endpoint_text(remote);
    peer.remote_address = address_text(remote.address());
    const auto entry = connections_.insert(connections_.end(), Connection{.place = std::move(place)});
    asio::co_spawn(io_, serve(std::move(socket), std::move(peer), entry), asio::detached);
  };
  asio::co_spawn(io_, accept_loop(acceptor_, book_, admitted), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

std::size_t ServerCore::body_limit(std::string_view method, std::string_view path) const {
  if (config_.body_limit)
    if (const auto limit = config_.body_limit(method, path)) return *limit;
  return config_.max_body_bytes;
}

// On the I/O thread.
asio::awaitable<void> ServerCore::serve(tcp::socket socket, PeerInfo peer,
                                        std::list<Connection>::iterator entry) {
  TlsNotes notes;  // outlives the channel
  Channel channel(std::move(socket));
  if (tls_) tls_->put_on(channel);
  Deadline deadline(channel.socket());
  entry->socket = &channel.socket();
  const auto known = co_await meet(channel, deadline, notes, std::move(peer));
  if (known != nullptr) {
    RequestLoop loop(serving_, channel, deadline, entry->occupation, known);
    co_await loop.run();
  }
  connections_.erase(entry);
}

// What is known of the peer, after the handshake where there is one; nullptr where that failed.
asio::awaitable<std::shared_ptr<const PeerInfo>> ServerCore::meet(Channel& channel, Deadline& deadline, TlsNotes& notes,
                                                                  PeerInfo peer) {
  if (!tls_) co_return std::make_shared<const PeerInfo>(std::move(peer));
  auto known = co_await tls_->shake_hands(channel, deadline, notes, std::move(peer));
  if (known == nullptr) co_await drain(channel.socket(), deadline, stopping_);
  co_return known;
}

bool ServerCore::stop(std::chrono::milliseconds grace) {
  const std::lock_guard once(stop_mutex_);
  if (!thread_.joinable() || stop_result_) return stop_result_.value_or(true);
  asio::post(io_, [this] {
    error_code ignored;
    stopping_ = true;
    acceptor_.close(ignored);
    for (auto& connection : connections_) {
      if (connection.socket == nullptr) continue;
      if (connection.occupation == Occupation::disposable) connection.socket->close(ignored);
      if (connection.occupation == Occupation::idle)
        connection.socket->shutdown(tcp::socket::shutdown_receive, ignored);
    }
    tally_.count([this](auto&) { stopped_accepting_ = true; });
  });
  const auto ended = [this](const HttpsServerStats& stats) {
    return stopped_accepting_ && stats.open_connections == 0 && stats.running_handlers == 0;
  };
  stop_result_ = tally_.wait_until(grace, ended);
  if (!*stop_result_)
    asio::post(io_, [this] {
      error_code ignored;
      for (auto& connection : connections_)
        if (connection.socket != nullptr) connection.socket->close(ignored);
    });
  return *stop_result_;
}

ServerCore::~ServerCore() {
  stop(std::chrono::milliseconds(0));
  if (thread_.joinable()) thread_.join();  // returns when the last connection has ended, its handler with it
  tally_.wait([](const HttpsServerStats& stats) { return stats.running_handlers == 0; });
}

}  // namespace pratique::net
