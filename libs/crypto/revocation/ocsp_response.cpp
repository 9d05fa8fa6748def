#include "libs/crypto/revocation/ocsp_response.h"

#include <algorithm>
#include <utility>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/ocsp_nonce.h"
#include "libs/crypto/revocation/signed_form.h"

namespace pratique::crypto::ocsp {
namespace {

constexpr std::string_view kBasic = "1.3.6.1.5.5.7.48.1.1";

/// What is inside [n] EXPLICIT.
Result<der::Element> untag(const der::Element& tagged, std::uint8_t tag, std::string_view what) {
  der::Reader inside(tagged.content);
  TRY(const auto element, inside.expect(tag, what));
  TRY_VOID(inside.finish(what));
  return element;
}

Result<Timestamp> read_time(const der::Element& element, std::string_view what) {
  if (element.tag != kGeneralizedTime) return invalid("DER_INVALID", std::string(what) + " is no GeneralizedTime");
  return decode_time(element).with_context(what);
}

Result<void> read_state(const der::Element& element, SingleResponse& out) {
  constexpr std::uint8_t kGood = 0x80, kRevoked = 0xa1, kUnknown = 0x82;
  if (element.tag == kGood || element.tag == kUnknown) {
    if (!element.content.empty()) return invalid("DER_INVALID", "certStatus is no NULL");
    out.state = element.tag == kGood ? CertificateState::good : CertificateState::unknown;
    return {};
  }
  if (element.tag != kRevoked) return invalid("DER_INVALID", "a certStatus that stands for nothing");
  out.state = CertificateState::revoked;
  der::Reader parts(element.content);
  TRY(const auto time, parts.next());
  TRY(out.revocation.at, read_time(time, "revocationTime"));
  if (parts.peek() == der::context(0)) {
    TRY(const auto tagged, parts.next());
    TRY(const auto reason, untag(tagged, kEnumerated, "revocationReason"));
    TRY(out.revocation.reason, decode_reason(reason));
  }
  return parts.finish("RevokedInfo");
}

Result<SingleResponse> read_single(ByteView content, std::vector<std::string>& unknown) {
  der::Reader parts(content);
  SingleResponse out;
  TRY(const auto id, parts.expect(der::kSequence, "certID"));
  TRY(out.id, parse_cert_id(id.content));
  TRY(const auto state, parts.next());
  TRY_VOID(read_state(state, out));
  TRY(const auto from, parts.next());
  TRY(out.this_update, read_time(from, "thisUpdate"));
  if (parts.peek() == der::context(0)) {
    TRY(const auto tagged, parts.next());
    TRY(const auto until, untag(tagged, kGeneralizedTime, "nextUpdate"));
    TRY(out.next_update, read_time(until, "nextUpdate"));
    if (*out.next_update < out.this_update) return invalid("DER_INVALID", "nextUpdate before thisUpdate");
  }
  if (parts.peek() == der::context(1)) {
    TRY(const auto tagged, parts.next());
    TRY(const auto extensions, read_message_extensions(tagged.content, kMaxResponseExtensions));
    for (const auto& oid : extensions.unknown_critical) remember_unknown(unknown, oid);
  }
  TRY_VOID(parts.finish("SingleResponse"));
  return out;
}

Result<ResponderId> read_responder(const der::Element& element) {
  ResponderId out;
  if (element.tag == der::context(1)) {
    TRY(const auto name, untag(element, der::kSequence, "byName"));
    out.name_der = to_bytes(name.whole);
    return out;
  }
  if (element.tag != der::context(2)) return invalid("DER_INVALID", "a responderID by neither name nor key");
  TRY(const auto hash, untag(element, der::kOctetString, "byKey"));
  if (hash.content.size() != 20) return invalid("DER_INVALID", "byKey is no SHA-1");
  out.key_hash = to_bytes(hash.content);
  return out;
}

Result<void> read_data(ByteView content, BasicResponse& out) {
  der::Reader parts(content);
  if (parts.peek() == der::context(0)) {
    TRY(const auto tagged, parts.next());
    TRY(const auto version, untag(tagged, der::kInteger, "version"));
    TRY(const auto number, der::decode_integer(version.content));
    if (number != 0) return invalid("DER_INVALID", "a version other than 1");
  }
  TRY(const auto responder, parts.next());
  TRY(out.responder, read_responder(responder));
  TRY(const auto produced, parts.next());
  TRY(out.produced_at, read_time(produced, "producedAt"));
  TRY(const auto list, parts.expect(der::kSequence, "responses"));
  for (der::Reader each(list.content); !each.at_end();) {
    if (out.singles.size() == kMaxSingleResponses)
      return invalid("OCSP_RESPONSE_TOO_LARGE", "a response is limited to 64 certificates");
    TRY(const auto one, each.expect(der::kSequence, "SingleResponse"));
    TRY(auto single, read_single(one.content, out.unknown_critical_extensions));
    out.singles.push_back(std::move(single));
  }
  if (parts.peek() == der::context(1)) {
    TRY(const auto tagged, parts.next());
    TRY(auto extensions, read_message_extensions(tagged.content, kMaxResponseExtensions));
    out.nonce = std::move(extensions.nonce);
    for (const auto& oid : extensions.unknown_critical) remember_unknown(out.unknown_critical_extensions, oid);
  }
  return parts.finish("ResponseData");
}

Result<BasicResponse> read_basic(ByteView der) {
  der::Reader outer(der);
  TRY(const auto basic, outer.expect(der::kSequence, "BasicOCSPResponse"));
  TRY_VOID(outer.finish("BasicOCSPResponse"));
  der::Reader parts(basic.content);
  TRY(const auto form, read_signed_form(parts, "tbsResponseData"));
  BasicResponse out;
  out.signed_part = to_bytes(form.part.whole);
  out.signature_algorithm = to_bytes(form.algorithm.content);
  out.signature = to_bytes(form.signature);
  TRY_VOID(read_data(form.part.content, out));
  if (parts.peek() == der::context(0)) {
    TRY(const auto tagged, parts.next());
    TRY(const auto list, untag(tagged, der::kSequence, "certs"));
    for (der::Reader each(list.content); !each.at_end();) {
      if (out.certificates.size() == kMaxResponseCertificates)
        return invalid("OCSP_RESPONSE_TOO_LARGE", "a response is limited to 8 certificates of responders");
      TRY(const auto one, each.expect(der::kSequence, "a certificate"));
      TRY(auto certificate, Certificate::parse_der(one.whole).with_context("responder's certificate"));
      out.certificates.push_back(std::move(certificate));
    }
  }
  TRY_VOID(parts.finish("certs"));
  return out;
}

Result<Response> read(ByteView der) {
  der::Reader outer(der);
  TRY(const auto message, outer.expect(der::kSequence, "OCSPResponse"));
  TRY_VOID(outer.finish("OCSPResponse"));
  der::Reader parts(message.content);
  TRY(const auto enumerated, parts.expect(kEnumerated, "responseStatus"));
  TRY(const auto number, der::decode_integer(enumerated.content));
  if (number < 0 || number > 6 || number == 4)
    return invalid("DER_INVALID", "a responseStatus that stands for nothing");
  Response out;
  out.status = static_cast<ResponseStatus>(number);
  if (out.status != ResponseStatus::successful) {
    TRY_VOID(parts.finish("responseStatus"));
    return out;
  }
  TRY(const auto tagged, parts.expect(der::context(0), "responseBytes"));
  TRY_VOID(parts.finish("responseBytes"));
  TRY(const auto body, untag(tagged, der::kSequence, "ResponseBytes"));
  der::Reader inside(body.content);
  TRY(const auto type, inside.expect(der::kOid, "responseType"));
  TRY(const auto oid, der::decode_oid(type.content));
  if (oid != kBasic) return invalid("DER_INVALID", "a responseType other than id-pkix-ocsp-basic");
  TRY(const auto bytes, inside.expect(der::kOctetString, "response"));
  TRY_VOID(inside.finish("ResponseBytes"));
  TRY(out.basic, read_basic(bytes.content));
  return out;
}

}  // namespace

std::string_view to_string(ResponseStatus status) {
  switch (status) {
    case ResponseStatus::successful: return "successful";
    case ResponseStatus::malformed_request: return "malformedRequest";
    case ResponseStatus::internal_error: return "internalError";
    case ResponseStatus::try_later: return "tryLater";
    case ResponseStatus::sig_required: return "sigRequired";
    case ResponseStatus::unauthorized: return "unauthorized";
  }
  return "internalError";
}

std::string_view to_string(CertificateState state) {
  switch (state) {
    case CertificateState::good: return "good";
    case CertificateState::revoked: return "revoked";
    case CertificateState::unknown: return "unknown";
  }
  return "unknown";
}

bool ResponderId::names(const Certificate& certificate) const {
  if (!key_hash.empty()) return key_hash == certificate.public_key().key_id_sha1();
  return equal(name_der, certificate.subject_der());
}

const SingleResponse* BasicResponse::find(const CertId& id) const {
  const auto found = std::ranges::find(singles, id, &SingleResponse::id);
  return found == singles.end() ? nullptr : &*found;
}

Result<Response> parse_response(ByteView der) {
  if (der.size() > kMaxResponseSize) return invalid("OCSP_RESPONSE_TOO_LARGE", "a response is limited to 64 KiB");
  auto out = read(der);
  if (out || (out.error().reason != "DER_INVALID" && out.error().reason != "OCSP_NONCE_INVALID")) return out;
  return invalid("OCSP_RESPONSE_INVALID", "not a DER OCSP response: " + out.error().message);
}

}  // namespace pratique::crypto::ocsp
