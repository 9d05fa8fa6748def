#include "libs/crypto/revocation/ocsp_build.h"

#include <string>
#include <utility>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/ocsp_nonce.h"
#include "libs/crypto/revocation/ocsp_responder.h"
#include "libs/crypto/revocation/signed_form.h"

namespace pratique::crypto::ocsp {
namespace {

Error answer_invalid(const std::string& what) { return invalid("OCSP_ANSWER_INVALID", what); }

Result<void> check_key(const Responder& responder) {
  if (responder.key != nullptr && responder.certificate.public_key() == responder.key->public_key()) return {};
  return failed_precondition("OCSP_SIGNER_MISMATCH",
                             "the signer's key is not that of '" + responder.certificate.subject() + "'");
}

Result<Bytes> encode_state(const SingleResponse& single) {
  switch (single.state) {
    case CertificateState::good: return der::element(0x80, {});
    case CertificateState::unknown: return der::element(0x82, {});
    case CertificateState::revoked: break;
  }
  if (single.revocation.reason == RevocationReason::remove_from_crl)
    return answer_invalid("removeFromCRL is for delta CRLs");
  TRY(Bytes time, encode_generalized_time(single.revocation.at));
  std::vector<Bytes> parts{std::move(time)};
  if (single.revocation.reason != RevocationReason::unspecified)
    parts.push_back(der::element(der::context(0), encode_reason(single.revocation.reason)));
  return der::element_of(der::context(1), parts);
}

Result<Bytes> encode_single(const SingleResponse& single, const Certificate& issuer) {
  if (!single.id.is_issued_by(issuer))
    return not_found("OCSP_ISSUER_UNKNOWN", "the certificate is of another issuer than '" + issuer.subject() + "'");
  if (single.next_update && *single.next_update < single.this_update)
    return answer_invalid("next_update is before this_update");
  TRY(Bytes id, encode_cert_id(single.id));
  TRY(Bytes state, encode_state(single));
  TRY(Bytes from, encode_generalized_time(single.this_update));
  std::vector<Bytes> parts{std::move(id), std::move(state), std::move(from)};
  if (single.next_update) {
    TRY(const Bytes until, encode_generalized_time(*single.next_update));
    parts.push_back(der::element(der::context(0), until));
  }
  return der::element_of(der::kSequence, parts);
}

Result<Bytes> encode_data(const Responder& responder, std::span<const SingleResponse> singles, Timestamp produced_at,
                          std::optional<ByteView> nonce) {
  if (singles.empty() || singles.size() > kMaxSingleResponses)
    return answer_invalid("a response is about 1 to 64 certificates");
  std::vector<Bytes> list;
  for (const auto& single : singles) {
    TRY(Bytes encoded, encode_single(single, responder.issuer).with_context("serial " + single.id.serial_hex));
    list.push_back(std::move(encoded));
  }
  TRY(Bytes produced, encode_generalized_time(produced_at));
  const auto key_hash = der::element(der::kOctetString, responder.certificate.public_key().key_id_sha1());
  std::vector<Bytes> parts{der::element(der::context(2), key_hash), std::move(produced),
                           der::element_of(der::kSequence, list)};
  if (nonce) {
    TRY(const Bytes extensions, encode_nonce(*nonce));
    parts.push_back(der::element(der::context(1), extensions));
  }
  return der::element_of(der::kSequence, parts);
}

}  // namespace

Result<void> check_responder(const Responder& responder, Timestamp now) {
  TRY_VOID(check_key(responder));
  const auto verdict = judge_responder(responder.certificate, responder.issuer, now);
  if (!verdict.accepted()) return verdict.as_error(ErrorCode::failed_precondition);
  return {};
}

Result<Bytes> build_response(const Responder& responder, std::span<const SingleResponse> singles, Timestamp produced_at,
                             std::optional<ByteView> nonce) {
  TRY_VOID(check_key(responder));
  const auto verdict = judge_delegation(responder.certificate, responder.issuer, produced_at);
  if (!verdict.accepted()) return verdict.as_error(ErrorCode::failed_precondition);
  auto data = encode_data(responder, singles, produced_at, nonce);
  if (!data && data.error().reason == "DER_INVALID") return answer_invalid(data.error().message);
  TRY(const Bytes tbs, std::move(data));
  std::vector<Bytes> certificates;
  if (!(responder.certificate == responder.issuer)) {
    const auto list = der::element(der::kSequence, responder.certificate.der());
    certificates.push_back(der::element(der::context(0), list));
  }
  TRY(const Bytes basic, encode_signed_form(tbs, *responder.key, certificates));
  TRY(Bytes type, der::oid("1.3.6.1.5.5.7.48.1.1"));  // id-pkix-ocsp-basic
  const auto body = der::element_of(der::kSequence, {std::move(type), der::element(der::kOctetString, basic)});
  return der::element_of(der::kSequence, {der::element(kEnumerated, Bytes{0}), der::element(der::context(0), body)});
}

Bytes encode_error_response(ResponseStatus status) {
  if (status == ResponseStatus::successful) status = ResponseStatus::internal_error;
  return der::element(der::kSequence, der::element(kEnumerated, Bytes{static_cast<std::uint8_t>(status)}));
}

ResponseStatus error_response_for(const Error& error) {
  // RFC 5019 section 2.2.3: of such certificates we have no records to answer from.
  if (error.reason == "OCSP_HASH_UNSUPPORTED") return ResponseStatus::unauthorized;
  if (error.reason == "OCSP_ANSWER_INVALID") return ResponseStatus::internal_error;  // our own mistake
  switch (error.code) {
    case ErrorCode::invalid_argument: return ResponseStatus::malformed_request;
    case ErrorCode::not_found:
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied: return ResponseStatus::unauthorized;
    case ErrorCode::unavailable:
    case ErrorCode::resource_exhausted:
    case ErrorCode::deadline_exceeded:
    case ErrorCode::aborted:
    case ErrorCode::cancelled: return ResponseStatus::try_later;
    default: return ResponseStatus::internal_error;
  }
}

}  // namespace pratique::crypto::ocsp
