// A blocking HTTPS (or plain HTTP) client on one persistent connection.
//
//   net::HttpsClientOptions options;
//   options.server = url;                                       // scheme, host and port
//   options.verification = net::ServerVerification::record_only;  // provisional TLS (RFC 8995 section 5.1)
//   options.identity = idevid;
//   net::HttpsClient client(options);
//   TRY_VOID(client.connect());
//   client.peer().leaf(), client.peer().channel_binding
//   net::HttpCall call;
//   call.method = "POST";
//   call.target = "/.well-known/brski/requestvoucher";
//   call.headers = {{"Content-Type", "application/voucher-cms+json"}};
//   call.body = voucher_request;
//   call.accepted_types = {"application/voucher-cms+json"};
//   TRY(auto response, client.send(call));
//
// A response of any status is a success of send(); redirects are returned, never followed.
//
// Errors (reason): DNS_FAILED, CONNECT_REFUSED, CONNECT_TIMEOUT, CONNECT_FAILED, TLS_HANDSHAKE_FAILED (evidence
// "alert" where the peer sent one), TLS_HANDSHAKE_TIMEOUT, TLS_SERVER_UNTRUSTED (evidence "verdict", "depth",
// "subject"), TLS_ALERT_RECEIVED (after the handshake: under TLS 1.3 a server refuses our certificate that late),
// CONNECTION_CLOSED, NOT_CONNECTED, REQUEST_INVALID, RESPONSE_MALFORMED, RESPONSE_TOO_LARGE, RESPONSE_TYPE_REFUSED,
// EXCHANGE_TIMEOUT. After any of them but REQUEST_INVALID and RESPONSE_TYPE_REFUSED the connection is closed.
//
// One thread at a time. Name look-ups that outlast the deadline are abandoned to a thread of their own.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/net/endpoint.h"
#include "libs/net/http.h"
#include "libs/net/tls.h"
#include "libs/net/url.h"

namespace pratique::net {

enum class ServerVerification {
  /// The chain must lead to an anchor, be valid now, be meant for TLS servers and carry the URL's host (RFC 9525); SNI
  /// is sent where the host is a name.
  verify_with_anchors,
  /// Any chain is accepted and recorded; no SNI. Nothing sent over it may be secret, and nothing received be trusted,
  /// before the caller judged peer() by other means (a voucher). send() never connects by itself in this mode:
  /// trust found for one connection does not hold for another.
  record_only,
};

struct HttpsClientOptions {
  Url server;                            // path and query are not used
  std::optional<Endpoint> connect_to;    // connect there instead, as through a join proxy; names stay the URL's
  ServerVerification verification = ServerVerification::verify_with_anchors;
  std::vector<crypto::Certificate> anchors;       // need not be self-signed
  bool system_anchors = false;                    // the machine's own trust store besides
  std::optional<std::string> verify_name;         // instead of the URL's host: a DNS name or an IP literal; SNI too
  std::optional<Timestamp> verification_time;     // instead of the machine's clock
  std::optional<TlsIdentity> identity;            // shown when the server asks
  TlsVersions versions = TlsVersions::tls12_and_tls13;

  std::chrono::milliseconds connect_timeout{5000};     // look-up and TCP, all addresses together
  std::chrono::milliseconds handshake_timeout{10000};
  std::chrono::milliseconds exchange_timeout{30000};   // one request and its response, whole
  std::size_t max_response_header_bytes = 16 << 10;
  std::size_t max_response_bytes = 1 << 20;            // of a body
};

/// One request. Host, Content-Length and Connection are added.
struct HttpCall {
  std::string method = "GET";
  std::string target = "/";
  http::Headers headers;
  Bytes body;
  std::vector<std::string> accepted_types;  // of a 2xx response with a body; empty: any. Sent as Accept if none is set
  std::optional<std::chrono::milliseconds> timeout;     // instead of exchange_timeout
  std::optional<std::size_t> max_response_bytes;        // instead of the option
};

class HttpsClient {
 public:
  explicit HttpsClient(HttpsClientOptions options);
  HttpsClient(HttpsClient&&) noexcept;
  HttpsClient& operator=(HttpsClient&&) noexcept;
  ~HttpsClient();

  /// Connects and shakes hands; does nothing where connected.
  Result<void> connect();
  bool connected() const;
  /// The other side of the present or last connection; empty before the first handshake. After TLS_SERVER_UNTRUSTED it
  /// holds the chain that was refused.
  const PeerInfo& peer() const;
  /// Sends and waits for the response. Connects first where the connection is new or was closed between exchanges
  /// (not in mode record_only: FAILED_PRECONDITION NOT_CONNECTED).
  Result<http::Response> send(const HttpCall& call);
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One GET on a connection of its own.
Result<http::Response> http_get(const Url& url, HttpsClientOptions options,
                                std::vector<std::string> accepted_types = {});

}  // namespace pratique::net
