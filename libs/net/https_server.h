// An HTTPS server for devices: http_server.h over TLS, which also says what both answer, limit and count.
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
// A failed handshake is counted, reported through on_handshake_failed, and closed. The server's one thread does the
// handshakes too (thousands a second); more by more replicas.
#pragma once

#include <string>

#include "libs/net/http_server.h"

namespace pratique::net {

enum class ClientCertificate {
  none,       // not asked for
  requested,  // asked for; PeerInfo::chain may be empty
  required,   // a handshake without one fails
};

struct HttpsServerConfig : HttpServerConfig {
  ClientCertificate client_certificate = ClientCertificate::requested;
  TlsVersions versions = TlsVersions::tls12_and_tls13;
  std::chrono::milliseconds handshake_timeout{10000};
  /// Told of each failed handshake, on a server's thread; must not block. `reason` as in the stats.
  std::function<void(const std::string& remote, const std::string& reason)> on_handshake_failed;
};

struct HttpsServerStats : HttpServerStats {
  std::uint64_t handshakes = 0;                             // that succeeded
  std::map<std::string, std::uint64_t> handshakes_failed;   // by reason: "timeout", "closed", "no client certificate",
                                                            // "alert: unknown CA", else OpenSSL's words
};

class HttpsServer {
 public:
  using Handler = HttpHandler;

  /// INVALID_ARGUMENT SERVER_CONFIG_INVALID, or UNAVAILABLE LISTEN_FAILED. `executor` must outlive the server.
  static Result<std::unique_ptr<HttpsServer>> start(HttpsServerConfig config, TlsIdentity identity, Executor& executor,
                                                    Handler handler);
  ~HttpsServer();

  std::uint16_t port() const;
  HttpsServerStats stats() const;
  /// For handshakes that begin from now on; open connections stay as they are. INVALID_ARGUMENT
  /// TLS_IDENTITY_INVALID leaves the old one in place.
  Result<void> replace_identity(TlsIdentity identity);
  /// As HttpServer::stop.
  bool stop(std::chrono::milliseconds grace);

 private:
  explicit HttpsServer(std::unique_ptr<ServerCore> core);
  std::unique_ptr<ServerCore> core_;
};

}  // namespace pratique::net
