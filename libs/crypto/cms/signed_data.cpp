#include "libs/crypto/cms/signed_data.h"

#include <algorithm>
#include <utility>

#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/cms/der_elements.h"
#include "libs/crypto/keys/key_policy.h"
#include "libs/crypto/primitives/openssl.h"
#include "libs/crypto/x509/asn1_text.h"
#include "libs/crypto/x509/certificate_handle.h"

namespace pratique::crypto::cms {
namespace {

Error cms_invalid(std::string_view what) { return openssl_error(ErrorCode::invalid_argument, "CMS_INVALID", what); }

Bytes octets(const ASN1_OCTET_STRING* string) {
  return to_bytes(ByteView(ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))));
}

CmsPtr decode(ByteView der) { return from_der<CmsPtr, d2i_CMS_ContentInfo>(der); }

CMS_SignerInfo* signer_info(CMS_ContentInfo* cms) {
  return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

std::optional<int> small_integer(const std::vector<DerElement>& elements) {
  if (elements.empty() || elements[0].tag != V_ASN1_INTEGER || elements[0].content.size() != 1) return std::nullopt;
  return elements[0].content[0];
}

struct Versions {
  int signed_data = 0, signer_info = 0;
};

// ContentInfo { contentType, [0] SignedData { version, …, signerInfos SET { SignerInfo { version, … } } } }
std::optional<Versions> versions_of(ByteView der) {
  const auto inside = [](const std::optional<std::vector<DerElement>>& elements,
                         std::size_t index) -> std::optional<std::vector<DerElement>> {
    if (!elements || index >= elements->size()) return std::nullopt;
    return der_elements((*elements)[index].content);
  };
  const auto content_info = inside(der_elements(der), 0);
  const auto signed_data = inside(inside(content_info, 1), 0);
  if (!signed_data || signed_data->empty()) return std::nullopt;
  const auto signer = inside(inside(signed_data, signed_data->size() - 1), 0);
  const auto outer = small_integer(*signed_data);
  const auto inner = signer ? small_integer(*signer) : std::nullopt;
  if (!outer || !inner) return std::nullopt;
  return Versions{*outer, *inner};
}

// SignedData parted in two: Certificate reads the certificates, OpenSSL all the rest. It would decode the certificates
// anew with every message and every check, each at twice the cost of a signature check.
struct Parts {
  std::vector<ByteView> certificates;  // views of the whole
  Bytes rest;                          // the same ContentInfo without them
};

// None where the outline is not that of SignedData.
std::optional<Parts> part(ByteView bytes) {
  constexpr std::size_t kCertificatesAt = 3;  // after version, digestAlgorithms, encapContentInfo
  const auto all_of = [](ByteView content) -> std::optional<std::vector<der::Element>> {
    std::vector<der::Element> out;
    for (der::Reader reader(content); !reader.at_end();) {
      auto element = reader.next();
      if (!element) return std::nullopt;
      out.push_back(*element);
    }
    return out;
  };
  const auto outer = all_of(bytes);
  if (!outer || outer->size() != 1 || outer->front().tag != der::kSequence) return std::nullopt;
  const auto content_info = all_of(outer->front().content);
  if (!content_info || content_info->size() != 2 || (*content_info)[1].tag != der::context(0)) return std::nullopt;
  const auto content = all_of((*content_info)[1].content);
  if (!content || content->size() != 1 || content->front().tag != der::kSequence) return std::nullopt;
  const auto signed_data = all_of(content->front().content);
  if (!signed_data || signed_data->size() <= kCertificatesAt) return std::nullopt;
  Parts out;
  std::vector<Bytes> kept;
  for (std::size_t i = 0; i < signed_data->size(); ++i) {
    const auto& element = (*signed_data)[i];
    if (i != kCertificatesAt || element.tag != der::context(0)) {
      kept.push_back(to_bytes(element.whole));
      continue;
    }
    const auto choices = all_of(element.content);
    if (!choices) return std::nullopt;
    std::vector<Bytes> others;  // attribute certificates and the like stay with the rest
    for (const auto& choice : *choices) {
      if (choice.tag == der::kSequence) out.certificates.push_back(choice.whole);
      else others.push_back(to_bytes(choice.whole));
    }
    if (!others.empty()) kept.push_back(der::element_of(der::context(0), others));
  }
  out.rest = der::element_of(
      der::kSequence, {to_bytes(content_info->front().whole),
                       der::element(der::context(0), der::element_of(der::kSequence, kept))});
  return out;
}

std::optional<Hash> digest_of(CMS_SignerInfo* info) {
  X509_ALGOR* algorithm = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, &algorithm, nullptr);
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  switch (OBJ_obj2nid(object)) {
    case NID_sha256: return Hash::sha256;
    case NID_sha384: return Hash::sha384;
    case NID_sha512: return Hash::sha512;
    default: return std::nullopt;
  }
}

// The value of a signed attribute that is there once, with one value of this type; null otherwise.
void* signed_attribute(CMS_SignerInfo* info, int nid, int type) {
  constexpr int kOnce = -3;
  void* value = CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(nid), kOnce, type);
  if (value == nullptr) take_openssl_error();
  return value;
}

std::optional<Timestamp> signing_time_of(CMS_SignerInfo* info) {
  for (const int type : {V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME})
    if (const auto* time = static_cast<const ASN1_TIME*>(signed_attribute(info, NID_pkcs9_signingTime, type)))
      return time_of(time);
  return std::nullopt;
}

SignerId signer_id_of(CMS_SignerInfo* info) {
  ASN1_OCTET_STRING* key_id = nullptr;
  X509_NAME* issuer = nullptr;
  ASN1_INTEGER* serial = nullptr;
  CMS_SignerInfo_get0_signer_id(info, &key_id, &issuer, &serial);
  SignerId out;
  if (key_id != nullptr) out.subject_key_id = octets(key_id);
  if (issuer != nullptr) out.issuer_der = to_der<i2d_X509_NAME>(issuer);
  if (serial != nullptr) out.serial_hex = integer_hex(serial);
  return out;
}

// contentType and messageDigest (RFC 5652 sections 5.6, 11.1, 11.2), so that a mismatch has its own name.
void judge_attributes(CMS_SignerInfo* info, const SignedData& data, Hash hash, Verdict& verdict) {
  const auto* type = static_cast<const ASN1_OBJECT*>(signed_attribute(info, NID_pkcs9_contentType, V_ASN1_OBJECT));
  const auto* digest_attribute = static_cast<const ASN1_OCTET_STRING*>(
      signed_attribute(info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING));
  if (type == nullptr || digest_attribute == nullptr) {
    verdict.refuse("CMS_SIGNED_ATTRIBUTES_INVALID", "contentType or messageDigest is not there exactly once");
    return;
  }
  if (const auto text = oid_text(type); text != data.content_type())
    verdict.refuse("CMS_CONTENT_TYPE_MISMATCH", "the signed content type is not that of the content",
                   {{"signed", text}, {"content", data.content_type()}});
  if (octets(digest_attribute) != digest(hash, data.content()))
    verdict.refuse("CMS_DIGEST_MISMATCH", "the content is not what was signed");
}

// The decoded structure is the caller's own: OpenSSL attaches the certificate to it.
bool made_by(ByteView without_certificates, const Certificate& candidate) {
  const auto cms = decode(without_certificates);
  const auto stack = x509_stack({&candidate, 1});
  const BioPtr out(BIO_new(BIO_s_null()));
  const bool good = CMS_verify(cms.get(), stack.get(), nullptr, nullptr, out.get(),
                               CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
  take_openssl_error();
  return good;
}

}  // namespace

std::string SignerId::text() const {
  if (!subject_key_id.empty()) return "subject key id " + hex_encode(subject_key_id);
  const auto name = from_der<X509NamePtr, d2i_X509_NAME>(issuer_der);
  return "serial " + serial_hex + " of '" + (name == nullptr ? std::string() : name_text(name.get())) + "'";
}

struct SignedData::State {
  Bytes der, content;
  Bytes without_certificates;
  CmsPtr cms;  // of those
  std::string content_type;
  Versions versions;
  std::vector<Certificate> certificates;
  SignerId signer;
};

Result<SignedData> SignedData::parse(ByteView der) {
  if (der.size() > kMaxSignedDataSize) return invalid("CMS_TOO_LARGE", "CMS is limited to 256 KiB");
  const bool whole_is_der = is_der(der);
  auto parts = whole_is_der ? part(der) : std::nullopt;
  auto cms = decode(parts ? ByteView(parts->rest) : der);
  if (cms == nullptr) return cms_invalid("not a CMS ContentInfo, or bytes follow it");
  if (!whole_is_der) return invalid("CMS_NOT_DER", "CMS is not DER-encoded");
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed)
    return invalid("CMS_NOT_SIGNED_DATA", "CMS content is not SignedData");
  const auto* signers = CMS_get0_SignerInfos(cms.get());
  if (sk_CMS_SignerInfo_num(signers) != 1)
    return invalid("CMS_INVALID", "expected one signer, found " + std::to_string(std::max(
                                      0, sk_CMS_SignerInfo_num(signers))));
  ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
  if (content == nullptr || *content == nullptr) return cms_invalid("SignedData has no content");
  const auto versions = versions_of(der);
  if (!versions) return cms_invalid("SignedData has no version");
  if (!parts) return cms_invalid("SignedData has not the outline of one");
  if (parts->certificates.size() > kMaxCertificates)
    return invalid("CMS_INVALID", "more than " + std::to_string(kMaxCertificates) + " certificates");
  std::vector<Certificate> certificates;
  for (const auto one : parts->certificates) {
    TRY(auto certificate, Certificate::parse_der(one).with_context("in CMS"));
    certificates.push_back(std::move(certificate));
  }
  take_openssl_error();
  auto state = std::make_shared<State>();
  state->der = to_bytes(der);
  state->without_certificates = std::move(parts->rest);
  state->content = octets(*content);
  state->content_type = oid_text(CMS_get0_eContentType(cms.get()));
  state->versions = *versions;
  state->certificates = std::move(certificates);
  state->signer = signer_id_of(signer_info(cms.get()));
  state->cms = std::move(cms);
  return SignedData(std::move(state));
}

const Bytes& SignedData::der() const { return state_->der; }
const Bytes& SignedData::content() const { return state_->content; }
const std::string& SignedData::content_type() const { return state_->content_type; }
int SignedData::version() const { return state_->versions.signed_data; }
int SignedData::signer_version() const { return state_->versions.signer_info; }
const std::vector<Certificate>& SignedData::certificates() const { return state_->certificates; }
const SignerId& SignedData::signer() const { return state_->signer; }
bool SignedData::has_signed_attributes() const {
  return CMS_signed_get_attr_count(signer_info(state_->cms.get())) >= 0;
}
std::optional<Timestamp> SignedData::signing_time() const { return signing_time_of(signer_info(state_->cms.get())); }
std::optional<Hash> SignedData::digest_algorithm() const { return digest_of(signer_info(state_->cms.get())); }

std::optional<Certificate> SignedData::find_signer(std::span<const Certificate> also) const {
  const auto is_named = [&](const Certificate& candidate) {
    return CMS_SignerInfo_cert_cmp(signer_info(state_->cms.get()), candidate.handle().get()) == 0;
  };
  for (const auto candidates : {std::span<const Certificate>(certificates()), also})
    if (const auto found = std::ranges::find_if(candidates, is_named); found != candidates.end()) return *found;
  return std::nullopt;
}

SignatureVerdict SignedData::verify_signature(std::span<const Certificate> also) const {
  SignatureVerdict verdict;
  const auto hash = digest_algorithm();
  if (!hash) verdict.refuse("CMS_DIGEST_REFUSED", "the digest is none of SHA-256, SHA-384, SHA-512");
  if (hash && has_signed_attributes()) judge_attributes(signer_info(state_->cms.get()), *this, *hash, verdict);

  // Issuer and serial do not make a certificate unique in the hands of an attacker: every one that fits is tried.
  std::vector<Certificate> named;
  for (const auto candidates : {std::span<const Certificate>(certificates()), also})
    for (const auto& candidate : candidates)
      if (CMS_SignerInfo_cert_cmp(signer_info(state_->cms.get()), candidate.handle().get()) == 0 &&
          std::ranges::find(named, candidate) == named.end())
        named.push_back(candidate);
  if (named.empty()) {
    verdict.refuse("CMS_SIGNER_UNKNOWN", "no certificate at hand is the signer's", {{"signer", signer().text()}});
    return verdict;
  }
  if (!verdict.accepted()) return verdict;
  for (const auto& candidate : named) {
    if (!made_by(state_->without_certificates, candidate)) continue;
    if (const auto key = judge_key(candidate.public_key()); !key.accepted()) {
      verdict.refuse("CMS_KEY_REFUSED", key.first().message, {{"key", candidate.public_key().description()}});
    } else {
      verdict.signer = candidate;
    }
    return verdict;
  }
  verdict.refuse("CMS_SIGNATURE_INVALID", "the signature is not made by the key of the signer's certificate",
                 {{"signer", signer().text()}, {"subject", named.front().subject()}});
  return verdict;
}

}  // namespace pratique::crypto::cms
