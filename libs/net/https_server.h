// An HTTPS (or plain HTTP) server for devices: bounded in every direction, its handlers on an Executor.
//
//   net::HttpsServerConfig config;
//   config.listen = {"::", 8443};
//   config.client_certificate = net::ClientCertificate::required;      // BRSKI: in the first handshake
//   TRY(auto server, net::HttpsServer::start(config, identity, executor, [&](const net::http::Request& request,
//                                                                            const net::PeerInfo& peer) {
//     if (request.path == "/.well-known/brski/requestvoucher") return front.request_voucher(request, peer);
//     return net::http::respond_text(404, "no such resource");
//   }));
//   … server->replace_identity(renewed);  …  server->stop(10s);
//
// What the server answers itself: 400 malformed, 408 request too slow, 413 body over the limit, 417 unknown
// Expect, 431 header over the limit, 500 where the handler throws or answers with a malformed header, 503 with
// Retry-After where the executor refuses, 505 unknown version. Routes and methods are the handler's business.
// A failed handshake is counted, reported through on_handshake_failed, and closed.
//
// One thread of the server's own moves the bytes and does the handshakes (thousands a second); more by more replicas.
// The handler may block; it is called from the executor's threads, many at once. References it captured must live
// until stop() returned true or the server is destroyed: the destructor waits for handlers that still run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/net/endpoint.h"
#include "libs/net/executor.h"
#include "libs/net/http.h"
#include "libs/net/tls.h"

namespace pratique::net {

enum class ClientCertificate {
  none,       // not asked for
  requested,  // asked for; PeerInfo::chain may be empty
  required,   // a handshake without one fails
};

struct HttpsServerConfig {
  Endpoint listen;  // a literal address; port 0: any (see HttpsServer::port)
  ClientCertificate client_certificate = ClientCertificate::requested;
  TlsVersions versions = TlsVersions::tls12_and_tls13;

  std::size_t max_header_bytes = 16 << 10;  // request line and fields together
  std::size_t max_body_bytes = 1 << 20;
  /// Another body limit for a request, by method and path (no query); nothing: max_body_bytes. Must not block;
  /// called on the server's own threads.
  std::function<std::optional<std::size_t>(std::string_view method, std::string_view path)> body_limit;

  // Each is for the whole step, not for the next byte: a peer that drips bytes gains nothing.
  std::chrono::milliseconds handshake_timeout{10000};
  std::chrono::milliseconds idle_timeout{30000};   // between requests, until the first byte
  std::chrono::milliseconds header_timeout{10000};
  std::chrono::milliseconds body_timeout{30000};
  std::chrono::milliseconds write_timeout{30000};
  std::chrono::seconds retry_after{5};             // told with 503

  std::size_t max_connections = 1024;            // beyond: closed at once
  std::size_t max_connections_per_source = 64;   // by source address; all devices of a join proxy share one
  std::size_t max_requests_per_connection = 1000;
  bool keep_alive = true;

  /// Told of each failed handshake, on a server's thread; must not block. `reason` as in the stats.
  std::function<void(const std::string& remote, const std::string& reason)> on_handshake_failed;
};

/// Counts since the start.
struct HttpsServerStats {
  std::uint64_t accepted = 0;
  std::uint64_t refused_total_limit = 0;
  std::uint64_t refused_source_limit = 0;
  std::uint64_t handshakes = 0;                             // that succeeded
  std::map<std::string, std::uint64_t> handshakes_failed;   // by reason: "timeout", "closed", "no client certificate",
                                                            // "alert: unknown CA", else OpenSSL's words
  std::uint64_t requests = 0;                               // read completely and given to the handler
  std::map<int, std::uint64_t> refused;                     // answered by the server itself, by status
  std::uint64_t timeouts = 0;                               // of header, body and writing
  std::size_t open_connections = 0;
  std::size_t running_handlers = 0;                         // queued ones included
};

class HttpsServer {
 public:
  using Handler = std::function<http::Response(const http::Request&, const PeerInfo&)>;

  /// INVALID_ARGUMENT SERVER_CONFIG_INVALID, or UNAVAILABLE LISTEN_FAILED. `executor` must outlive the server.
  static Result<std::unique_ptr<HttpsServer>> start(HttpsServerConfig config, TlsIdentity identity, Executor& executor,
                                                    Handler handler);
  /// Without TLS: for CRLs, OCSP and health probes. PeerInfo has only the remote address.
  static Result<std::unique_ptr<HttpsServer>> start_plain(HttpsServerConfig config, Executor& executor,
                                                          Handler handler);
  ~HttpsServer();

  std::uint16_t port() const;
  HttpsServerStats stats() const;
  /// For handshakes that begin from now on; open connections stay as they are. INVALID_ARGUMENT
  /// TLS_IDENTITY_INVALID leaves the old one in place.
  Result<void> replace_identity(TlsIdentity identity);
  /// Stops accepting, closes idle connections, lets requests in flight finish (their responses say "close")
  /// until `grace` is over, then cuts what is left. True where nothing had to be cut. Further calls do nothing.
  bool stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  explicit HttpsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pratique::net
