// OCSP responses (RFC 6960 section 4.2, profile RFC 5019 section 2.2) as values. Reading one says nothing about whether
// to believe it: see ocsp_verdict.h. Making one: ocsp_build.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/error.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/revocation/ocsp_cert_id.h"
#include "libs/crypto/revocation/revocation_reason.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto::ocsp {

inline constexpr std::size_t kMaxResponseSize = 64 << 10;      // bytes of DER
inline constexpr std::size_t kMaxSingleResponses = 64;
inline constexpr std::size_t kMaxResponseCertificates = 8;
inline constexpr std::size_t kMaxResponseExtensions = 16;      // of the response, and of each single one

/// The values are those of the standard. Everything but `successful` is an answer that nobody signs, and so nobody
/// may conclude anything from.
enum class ResponseStatus : std::uint8_t {
  successful = 0,
  malformed_request = 1,
  internal_error = 2,
  try_later = 3,
  sig_required = 5,
  unauthorized = 6,  // "not mine": no record of the certificate, or of its issuer (RFC 5019 section 2.2.3)
};
/// "malformedRequest", as RFC 6960 writes it.
std::string_view to_string(ResponseStatus status);

/// `unknown`: the responder does not know of the certificate.
enum class CertificateState : std::uint8_t { good, revoked, unknown };
std::string_view to_string(CertificateState state);

struct SingleResponse {
  CertId id;
  CertificateState state = CertificateState::unknown;
  Revocation revocation = {};  // where `state` is revoked
  Timestamp this_update = {};
  std::optional<Timestamp> next_update = {};  // none: newer facts are to be had at any time
  friend bool operator==(const SingleResponse&, const SingleResponse&) = default;
};

/// Either the DER of the responder's name, or the SHA-1 of its key.
struct ResponderId {
  Bytes name_der = {};
  Bytes key_hash = {};
  bool names(const Certificate& certificate) const;
  friend bool operator==(const ResponderId&, const ResponderId&) = default;
};

/// BasicOCSPResponse.
struct BasicResponse {
  ResponderId responder;
  Timestamp produced_at = {};
  std::vector<SingleResponse> singles;
  std::optional<Bytes> nonce = {};
  std::vector<Certificate> certificates = {};  // that came along
  std::vector<std::string> unknown_critical_extensions = {};  // OIDs, of the response or of a single one; each once

  const SingleResponse* find(const CertId& id) const;

  // Internal to this room: what is signed, by which algorithm (the content of the AlgorithmIdentifier), and how.
  Bytes signed_part = {}, signature_algorithm = {}, signature = {};
};

/// `basic` stands where `status` is successful, and only there.
struct Response {
  ResponseStatus status = ResponseStatus::internal_error;
  std::optional<BasicResponse> basic = {};
};

/// INVALID_ARGUMENT OCSP_RESPONSE_INVALID, OCSP_RESPONSE_TOO_LARGE (bytes, certificates, single responses),
/// OCSP_HASH_UNSUPPORTED; those of Certificate::parse_der for the certificates inside.
Result<Response> parse_response(ByteView der);

}  // namespace pratique::crypto::ocsp
