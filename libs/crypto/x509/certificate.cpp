#include "libs/crypto/x509/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/x509/asn1_text.h"
#include "libs/crypto/x509/certificate_handle.h"
#include "libs/crypto/x509/interned_certificates.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::crypto {
namespace {

using BasicConstraintsPtr = OpensslPtr<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using EkuPtr = OpensslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using CrlDistPointsPtr = OpensslPtr<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;
using InfoAccessPtr = OpensslPtr<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;

Error certificate_invalid(std::string_view what) {
  return openssl_error(ErrorCode::invalid_argument, "CERTIFICATE_INVALID", what);
}

Bytes octets(const ASN1_OCTET_STRING* string) {
  return to_bytes(ByteView(ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))));
}

// The one extension of this kind, decoded; null where absent. parse_der has refused what does not decode.
template <typename Ptr>
Ptr decoded(const X509* x509, int nid) {
  return Ptr(static_cast<typename Ptr::pointer>(X509_get_ext_d2i(x509, nid, nullptr, nullptr)));
}

std::optional<std::string> ia5_extension(const Certificate& certificate, std::string_view oid) {
  const auto found = certificate.extension(oid);
  if (!found) return std::nullopt;
  const auto string = from_der<Asn1StringPtr, d2i_ASN1_IA5STRING>(found->value);
  if (string == nullptr) {
    take_openssl_error();
    return std::nullopt;
  }
  return to_string(octets(string.get()));
}

}  // namespace

struct Certificate::State {
  Bytes der;
  CertificateHandle handle;
  PublicKey public_key;
  Bytes subject_der, issuer_der;
  Timestamp not_before, not_after;
  mutable std::once_flag self_signature_once = {};
  mutable bool self_signature_wrong = false;
};

Result<Certificate> Certificate::parse_der(ByteView der) {
  if (der.size() > kMaxCertificateSize)
    return invalid("CERTIFICATE_TOO_LARGE", "a certificate is limited to 64 KiB");
  if (auto known = find_interned(der)) return *std::move(known);
  return read({from_der<X509Ptr, d2i_X509>(der)}, der);
}

Result<Certificate> Certificate::from_handle(CertificateHandle handle) {
  if (handle.x509 == nullptr) return certificate_invalid("no certificate");
  const Bytes der = to_der<i2d_X509>(handle.get());
  if (der.size() > kMaxCertificateSize)
    return invalid("CERTIFICATE_TOO_LARGE", "a certificate is limited to 64 KiB");
  if (auto known = find_interned(der)) return *std::move(known);
  return read(std::move(handle), der);
}

Result<Certificate> Certificate::read(CertificateHandle handle, ByteView der) {
  X509* x509 = handle.get();
  if (x509 == nullptr) return certificate_invalid("not a DER certificate");
  // Decodes all extensions that OpenSSL knows, once, before other threads look.
  X509_check_purpose(x509, -1, 0);
  if ((X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0)
    return certificate_invalid("an extension is malformed or there twice");
  take_openssl_error();
  const auto not_before = time_of(X509_get0_notBefore(x509)), not_after = time_of(X509_get0_notAfter(x509));
  if (!not_before || !not_after) return certificate_invalid("validity is no time");
  // Decoded with the certificate; null where it cannot be read.
  auto key = PublicKey::from_decoded({EvpPkeyPtr(X509_get_pubkey(x509))},
                                     to_der<i2d_X509_PUBKEY>(X509_get_X509_PUBKEY(x509)));
  if (!key.has_value()) return certificate_invalid("public key cannot be read: " + key.error().message);
  Bytes subject = to_der<i2d_X509_NAME>(X509_get_subject_name(x509));
  Bytes issuer = to_der<i2d_X509_NAME>(X509_get_issuer_name(x509));
  Certificate out(std::make_shared<State>(to_bytes(der), std::move(handle), *std::move(key), std::move(subject),
                                          std::move(issuer), *not_before, *not_after));
  intern(out);
  return out;
}

Result<std::vector<Certificate>> Certificate::parse_pem_bundle(std::string_view pem) {
  if (pem.size() > kMaxBundleSize) return invalid("CERTIFICATE_TOO_LARGE", "a bundle is limited to 4 MiB");
  const auto bio = reading_bio(as_bytes(pem));
  std::vector<Certificate> out;
  while (true) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
      // The end of the text reads as "no start line"; a block that began and is broken is an error.
      if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return certificate_invalid("PEM block " + std::to_string(out.size() + 1));
      take_openssl_error();
      break;
    }
    const OpensslBytesPtr name_owner(reinterpret_cast<unsigned char*>(name)),
        header_owner(reinterpret_cast<unsigned char*>(header)), data_owner(data);
    const std::string_view label(name);
    if (label != PEM_STRING_X509 && label != PEM_STRING_X509_OLD) continue;
    if (out.size() == kMaxCertificatesInBundle)
      return invalid("CERTIFICATE_TOO_LARGE", "a bundle is limited to 256 certificates");
    TRY(auto certificate, parse_der({data, static_cast<std::size_t>(size)})
                              .with_context("certificate " + std::to_string(out.size() + 1)));
    out.push_back(std::move(certificate));
  }
  if (out.empty()) return invalid("CERTIFICATE_INVALID", "the text holds no PEM certificate");
  return out;
}

Result<Certificate> Certificate::parse_pem(std::string_view pem) {
  TRY(auto all, parse_pem_bundle(pem));
  if (all.size() != 1)
    return invalid("CERTIFICATE_INVALID", "expected one certificate, found " + std::to_string(all.size()));
  return std::move(all.front());
}

const Bytes& Certificate::der() const { return state_->der; }
const CertificateHandle& Certificate::handle() const { return state_->handle; }
const Bytes& Certificate::subject_der() const { return state_->subject_der; }
const Bytes& Certificate::issuer_der() const { return state_->issuer_der; }
Timestamp Certificate::not_before() const { return state_->not_before; }
Timestamp Certificate::not_after() const { return state_->not_after; }
const PublicKey& Certificate::public_key() const { return state_->public_key; }

bool Certificate::has_wrong_self_signature() const {
  std::call_once(state_->self_signature_once, [this] {
    X509* x509 = handle().get();
    const bool self_signed =
        X509_check_issued(x509, x509) == X509_V_OK && (X509_get_extension_flags(x509) & EXFLAG_SS) != 0;
    state_->self_signature_wrong = self_signed && X509_verify(x509, X509_get0_pubkey(x509)) != 1;
    take_openssl_error();
  });
  return state_->self_signature_wrong;
}

bool Certificate::is_self_issued() const { return equal(subject_der(), issuer_der()); }
Bytes Certificate::fingerprint_sha256() const { return sha256(der()); }

std::string Certificate::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio(bio.get(), PEM_STRING_X509, "", der().data(), static_cast<long>(der().size()));
  return to_string(bio_bytes(bio.get()));
}

std::string Certificate::subject() const { return name_text(X509_get_subject_name(handle().get())); }
std::string Certificate::issuer() const { return name_text(X509_get_issuer_name(handle().get())); }
std::optional<std::string> Certificate::subject_serial_number() const {
  return name_entry(X509_get_subject_name(handle().get()), NID_serialNumber);
}
std::optional<std::string> Certificate::common_name() const {
  return name_entry(X509_get_subject_name(handle().get()), NID_commonName);
}
std::string Certificate::serial_hex() const { return integer_hex(X509_get0_serialNumber(handle().get())); }

std::optional<Bytes> Certificate::subject_key_id() const {
  const auto* id = X509_get0_subject_key_id(handle().get());
  if (id == nullptr) return std::nullopt;
  return octets(id);
}

std::optional<Bytes> Certificate::authority_key_id() const {
  const auto* id = X509_get0_authority_key_id(handle().get());
  if (id == nullptr) return std::nullopt;
  return octets(id);
}

std::optional<Bytes> Certificate::authority_key_id_extension(const Certificate* issuer) const {
  Bytes inner;
  if (const auto own = extension(oid::kAuthorityKeyId)) {
    inner = own->value;
  } else if (issuer != nullptr) {
    inner = {0x30, 0x16, 0x80, 0x14};  // SEQUENCE { [0] keyIdentifier }
    const Bytes id = issuer->public_key().key_id_sha1();
    inner.insert(inner.end(), id.begin(), id.end());
  } else {
    return std::nullopt;
  }
  const Asn1StringPtr string(ASN1_STRING_type_new(V_ASN1_OCTET_STRING));
  ASN1_STRING_set(string.get(), inner.data(), static_cast<int>(inner.size()));
  return to_der<i2d_ASN1_OCTET_STRING>(string.get());
}

SubjectAltNames Certificate::subject_alt_names() const {
  const auto names = decoded<GeneralNamesPtr>(handle().get(), NID_subject_alt_name);
  return names == nullptr ? SubjectAltNames{} : alt_names_of(names.get());
}

std::vector<std::string> Certificate::ekus() const {
  std::vector<std::string> out;
  const auto usages = decoded<EkuPtr>(handle().get(), NID_ext_key_usage);
  for (int i = 0; usages != nullptr && i < sk_ASN1_OBJECT_num(usages.get()); ++i)
    out.push_back(oid_text(sk_ASN1_OBJECT_value(usages.get(), i)));
  return out;
}

bool Certificate::has_eku(std::string_view oid) const {
  const auto all = ekus();
  return std::ranges::find(all, oid) != all.end();
}

std::optional<std::uint16_t> Certificate::key_usage() const {
  if ((X509_get_extension_flags(handle().get()) & EXFLAG_KUSAGE) == 0) return std::nullopt;
  return static_cast<std::uint16_t>(X509_get_key_usage(handle().get()));
}

bool Certificate::is_ca() const {
  const auto constraints = decoded<BasicConstraintsPtr>(handle().get(), NID_basic_constraints);
  return constraints != nullptr && constraints->ca != 0;
}

std::optional<int> Certificate::path_len() const {
  const long length = X509_get_pathlen(handle().get());
  if (length < 0) return std::nullopt;
  return static_cast<int>(length);
}

std::optional<std::string> Certificate::masa_url() const { return ia5_extension(*this, oid::kMasaUrl); }
std::optional<std::string> Certificate::mud_url() const { return ia5_extension(*this, oid::kMudUrl); }

std::vector<std::string> Certificate::crl_urls() const {
  std::vector<std::string> out;
  const auto points = decoded<CrlDistPointsPtr>(handle().get(), NID_crl_distribution_points);
  for (int i = 0; points != nullptr && i < sk_DIST_POINT_num(points.get()); ++i) {
    const auto* name = sk_DIST_POINT_value(points.get(), i)->distpoint;
    if (name == nullptr || name->type != 0) continue;  // relative to the issuer's name
    const auto uris = alt_names_of(name->name.fullname).uri;
    out.insert(out.end(), uris.begin(), uris.end());
  }
  return out;
}

std::vector<std::string> Certificate::ocsp_urls() const {
  std::vector<std::string> out;
  const auto access = decoded<InfoAccessPtr>(handle().get(), NID_info_access);
  take_openssl_error();  // of one that is malformed, which parse_der does not look at
  for (int i = 0; access != nullptr && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const auto* one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(one->method) == NID_ad_OCSP && one->location->type == GEN_URI)
      out.push_back(to_string(octets(one->location->d.uniformResourceIdentifier)));
  }
  return out;
}

std::optional<Extension> Certificate::extension(std::string_view oid) const {
  const auto object = oid_object(oid);
  const int at = object == nullptr ? -1 : X509_get_ext_by_OBJ(handle().get(), object.get(), -1);
  if (at < 0) return std::nullopt;
  return extension_of(X509_get_ext(handle().get(), at));
}

X509StackPtr x509_stack(std::span<const Certificate> certificates) {
  X509StackPtr stack(sk_X509_new_null());
  for (const auto& certificate : certificates) {
    X509_up_ref(certificate.handle().get());
    sk_X509_push(stack.get(), certificate.handle().get());
  }
  return stack;
}

Result<std::vector<Certificate>> certificates_of(const STACK_OF(X509) * stack) {
  std::vector<Certificate> out;
  for (int i = 0; i < sk_X509_num(stack); ++i) {
    X509* x509 = sk_X509_value(stack, i);
    X509_up_ref(x509);
    TRY(auto certificate, Certificate::from_handle({X509Ptr(x509)}));
    out.push_back(std::move(certificate));
  }
  return out;
}

}  // namespace pratique::crypto
