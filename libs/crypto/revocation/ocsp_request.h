// OCSP requests (RFC 6960 section 4.1, profile RFC 5019 section 2.1), by POST and by GET.
//
//   const auto request = method == "GET" ? ocsp::parse_get_path(rest_of_path).and_then(ocsp::parse_request)
//                                        : ocsp::parse_request(body);
//   if (!request) return ocsp::encode_error_response(ocsp::error_response_for(request.error()));
//
// POST: Content-Type application/ocsp-request; the answer's is application/ocsp-response.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/revocation/ocsp_cert_id.h"

namespace pratique::crypto::ocsp {

inline constexpr std::string_view kRequestMediaType = "application/ocsp-request";
inline constexpr std::string_view kResponseMediaType = "application/ocsp-response";

inline constexpr std::size_t kMaxRequestSize = 8 << 10;      // bytes of DER
inline constexpr std::size_t kMaxGetPath = 12 << 10;         // characters; three for some of each four base64 digits
inline constexpr std::size_t kMaxGetUrl = 255;               // characters of a URL that a client may GET (RFC 5019 5)
/// RFC 5019 allows one; others send several.
inline constexpr std::size_t kMaxRequestCertificates = 16;
inline constexpr std::size_t kMaxRequestExtensions = 8;      // of the request, and of each certificate in it
inline constexpr std::size_t kMaxNonceSize = 32;             // octets (RFC 8954 section 2.1)

/// A signature on a request is not looked at: the answer is the same for everybody.
struct Request {
  std::vector<CertId> certificates;
  std::optional<Bytes> nonce = {};
  bool is_signed = false;
};

/// INVALID_ARGUMENT:
///   OCSP_REQUEST_INVALID, OCSP_REQUEST_TOO_LARGE, OCSP_REQUEST_TOO_MANY (certificates),
///   OCSP_NONCE_INVALID (none or more than 32 octets), OCSP_EXTENSION_UNKNOWN (a critical one),
///   OCSP_HASH_UNSUPPORTED (other than SHA-1 and SHA-256).
Result<Request> parse_request(ByteView der);

/// Unsigned, without requestorName. INVALID_ARGUMENT OCSP_REQUEST_TOO_MANY, OCSP_NONCE_INVALID, OCSP_ID_INVALID.
Result<Bytes> encode_request(std::span<const CertId> certificates, std::optional<ByteView> nonce = {});

/// The DER in what follows the responder's own path, as it came (RFC 6960 appendix A.1): base64, percent-encoded, or
/// (as proxies and careless clients leave it) with its "/", "+" and "=" bare. INVALID_ARGUMENT OCSP_REQUEST_INVALID,
/// OCSP_REQUEST_TOO_LARGE.
Result<Bytes> parse_get_path(std::string_view rest_of_path);
/// The same, to be put behind the responder's URL and a "/". GET is for URLs of kMaxGetUrl characters at most.
std::string encode_get_path(ByteView request);

}  // namespace pratique::crypto::ocsp
