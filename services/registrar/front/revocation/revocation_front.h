// Lists of revocations and answers about single certificates over plain HTTP (RFC 5280 section 4.2.1.13, RFC 6960
// appendix A, RFC 5019 section 6). Both are signed in themselves.
//
//   GET  /crl/<issuer key id>.crl    application/pkix-crl
//   POST /ocsp                       application/ocsp-request -> application/ocsp-response
//   GET  /ocsp/<base64 of a request> the same, for HTTP caches
//
// A question that cannot be answered gets an unsigned OCSP answer with status 200, as RFC 6960 has it; 4xx are for what is no
// question.
#pragma once

#include <optional>
#include <string_view>

#include "libs/base/clock.h"
#include "libs/net/http_server.h"
#include "libs/obs/metrics.h"
#include "services/registrar/app/crl_publisher.h"
#include "services/registrar/app/ocsp_responder.h"

namespace pratique::registrar {

/// Each download of a list holds a copy of it until it is through.
inline constexpr std::size_t kRevocationConnections = 256;
inline constexpr std::size_t kRevocationConnectionsPerSource = 32;

class RevocationFront {
 public:
  /// All outlive it.
  RevocationFront(const CrlPublisher& lists, OcspResponder& responder, const Clock& clock, obs::Metrics& metrics)
      : lists_(lists), responder_(responder), clock_(clock), metrics_(metrics) {}

  /// For net::HttpServer. Thread-safe.
  net::http::Response handle(const net::http::Request& request);
  /// A server's limits that fit it, without an address.
  static net::HttpServerConfig limits();

 private:
  net::http::Response crl(const net::http::Request& request) const;
  net::http::Response ocsp_by_post(const net::http::Request& request);
  net::http::Response ocsp_by_get(const net::http::Request& request);
  net::http::Response answer(const net::http::Request& request, ByteView question);

  const CrlPublisher& lists_;
  OcspResponder& responder_;
  const Clock& clock_;
  obs::Metrics& metrics_;
};

}  // namespace pratique::registrar
