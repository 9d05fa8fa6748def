// Internal to this room: one connection of a server, from its first request to the farewell; plain or over TLS.
#pragma once

#include <memory>

#include "libs/net/channel.h"
#include "libs/net/deadline.h"
#include "libs/net/handler_call.h"
#include "libs/net/http_writer.h"
#include "libs/net/request_reader.h"

namespace pratique::net {

/// What all connections of a server share; outlives them.
struct Serving {
  const HttpServerConfig& config;
  const RequestLimits& limits;
  std::shared_ptr<const HttpHandler> handler;
  Executor& executor;
  Tally<HttpsServerStats>& tally;
  asio::io_context& io;
  const bool& stopping;  // the I/O thread's: no further requests
};

/// How far a connection is, for stop(). disposable: nothing is lost by closing it (handshaking, taking leave).
enum class Occupation { disposable, idle, busy };

class RequestLoop {
 public:
  /// All must outlive it. `deadline` is of the channel's socket; `occupation` is kept up to date.
  RequestLoop(const Serving& serving, Channel& channel, Deadline& deadline, Occupation& occupation,
              std::shared_ptr<const PeerInfo> peer);
  asio::awaitable<void> run();

 private:
  asio::awaitable<bool> wait_for_bytes();
  asio::awaitable<bool> serve_one(bool may_keep);
  asio::awaitable<int> read_request(RequestReader& reader);
  asio::awaitable<int> read_while(RequestReader& reader, RequestReader::Step step);
  asio::awaitable<http::Response> ask_handler(http::Request request);
  asio::awaitable<bool> write(const http::Response& response, const ResponseFraming& framing);

  const Serving& serving_;
  Channel& channel_;
  Deadline& deadline_;
  Occupation& occupation_;
  std::shared_ptr<const PeerInfo> peer_;
  ReceiveBuffer buffer_;
};

}  // namespace pratique::net
