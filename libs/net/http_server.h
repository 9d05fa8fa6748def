// A plain HTTP server: for what is signed in itself and must be had without TLS, as CRLs and OCSP are (RFC 5280
// section 4.2.2.1, RFC 6960 appendix A). It proves nothing to the client, hides nothing, and knows of the client only
// its address. For all else take https_server.h, which is this server over TLS: what is said here holds there too.
//
//   net::HttpServerConfig config;
//   config.listen = {"::", 8080};
//   TRY(auto server, net::HttpServer::start(config, executor, [&](const net::http::Request& request,
//                                                                 const net::PeerInfo& peer) {
//     if (request.path == "/ocsp" && request.method == "POST") return responder.answer(request.body);
//     return net::http::respond_text(404, "no such resource");
//   }));
//   …  server->stop(10s);
//
// Bounded in every direction, its handlers on an Executor. What the server answers itself: 400 malformed, 408 request
// too slow, 413 body over the limit, 417 unknown Expect, 431 header over the limit, 500 where the handler throws or
// answers with a malformed header, 503 with Retry-After where the executor refuses, 505 unknown version. Routes and
// methods are the handler's business.
//
// One thread of the server's own moves the bytes. The handler may block; it is called from the executor's threads, many
// at once. References it captured must live until stop() returned true or the server is destroyed: the destructor waits
// for handlers that still run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "libs/base/result.h"
#include "libs/net/endpoint.h"
#include "libs/net/executor.h"
#include "libs/net/http.h"
#include "libs/net/tls.h"

namespace pratique::net {

struct HttpServerConfig {
  Endpoint listen;  // a literal address; port 0: any (see port())

  std::size_t max_header_bytes = 16 << 10;  // request line and fields together
  std::size_t max_body_bytes = 1 << 20;
  /// Another body limit for a request, by method and path (no query); nothing: max_body_bytes. Must not block;
  /// called on the server's own threads.
  std::function<std::optional<std::size_t>(std::string_view method, std::string_view path)> body_limit;

  // Each is for the whole step, not for the next byte: a peer that drips bytes gains nothing.
  std::chrono::milliseconds idle_timeout{30000};   // between requests, until the first byte
  std::chrono::milliseconds header_timeout{10000};
  std::chrono::milliseconds body_timeout{30000};
  std::chrono::milliseconds write_timeout{30000};
  std::chrono::seconds retry_after{5};             // told with 503

  std::size_t max_connections = 1024;            // beyond: closed at once
  std::size_t max_connections_per_source = 64;   // by source address; all devices of a join proxy share one
  std::size_t max_requests_per_connection = 1000;
  bool keep_alive = true;
};

/// Counts since the start.
struct HttpServerStats {
  std::uint64_t accepted = 0;
  std::uint64_t refused_total_limit = 0;
  std::uint64_t refused_source_limit = 0;
  std::uint64_t requests = 0;             // read completely and given to the handler
  std::map<int, std::uint64_t> refused;   // answered by the server itself, by status
  std::uint64_t timeouts = 0;             // of header, body and writing
  std::size_t open_connections = 0;
  std::size_t running_handlers = 0;       // queued ones included
};

using HttpHandler = std::function<http::Response(const http::Request&, const PeerInfo&)>;

class ServerCore;
struct HttpsServerConfig;

class HttpServer {
 public:
  using Handler = HttpHandler;

  /// INVALID_ARGUMENT SERVER_CONFIG_INVALID, or UNAVAILABLE LISTEN_FAILED. `executor` must outlive the server.
  /// PeerInfo has only the remote address.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerConfig config, Executor& executor, Handler handler);
  /// A configuration for TLS is not one to be served without.
  static void start(const HttpsServerConfig& config, Executor& executor, Handler handler) = delete;
  ~HttpServer();

  std::uint16_t port() const;
  HttpServerStats stats() const;
  /// Stops accepting, closes idle connections, lets requests in flight finish (their responses say "close")
  /// until `grace` is over, then cuts what is left. True where nothing had to be cut. Further calls do nothing.
  bool stop(std::chrono::milliseconds grace);

 private:
  explicit HttpServer(std::unique_ptr<ServerCore> core);
  std::unique_ptr<ServerCore> core_;
};

}  // namespace pratique::net
