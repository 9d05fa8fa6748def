// Internal to this room: what HttpServer and HttpsServer both are: a listening socket, its connections and their end.
// With an identity it speaks TLS on every connection, without one on none.
#pragma once

#include <list>
#include <optional>
#include <thread>

#include "libs/net/connection_book.h"
#include "libs/net/request_loop.h"
#include "libs/net/server_tls.h"

namespace pratique::net {

class ServerCore {
 public:
  static Result<std::unique_ptr<ServerCore>> start(HttpsServerConfig config, const TlsIdentity* identity,
                                                   Executor& executor, HttpHandler handler);
  ~ServerCore();

  std::uint16_t port() const { return port_; }
  HttpsServerStats stats() const { return tally_.stats(); }
  Result<void> use_identity(const TlsIdentity& identity) { return tls_->use_identity(identity); }
  bool stop(std::chrono::milliseconds grace);

 private:
  using Place = ConnectionBook<HttpsServerStats>::Place;
  // A connection, as the I/O thread keeps it for stop().
  struct Connection {
    Place place;
    tcp::socket* socket = nullptr;
    Occupation occupation = Occupation::disposable;
  };

  ServerCore(HttpsServerConfig config, Executor& executor, HttpHandler handler);
  Result<void> listen();
  std::size_t body_limit(std::string_view method, std::string_view path) const;
  asio::awaitable<void> serve(tcp::socket socket, PeerInfo peer, std::list<Connection>::iterator entry);

  asio::awaitable<std::shared_ptr<const PeerInfo>> meet(Channel& channel, Deadline& deadline, TlsNotes& notes,
                                                        PeerInfo peer);

  const HttpsServerConfig config_;
  const RequestLimits limits_;
  std::uint16_t port_ = 0;
  Tally<HttpsServerStats> tally_;
  std::optional<ServerTls> tls_;  // none: plain HTTP
  std::mutex stop_mutex_;
  std::optional<bool> stop_result_;
  bool stopped_accepting_ = false;  // under the tally's lock
  // The I/O thread's own:
  ConnectionBook<HttpsServerStats> book_;
  std::list<Connection> connections_;
  bool stopping_ = false;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  const Serving serving_;
  std::thread thread_;
};

}  // namespace pratique::net
