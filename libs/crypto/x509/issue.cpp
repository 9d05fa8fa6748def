#include "libs/crypto/x509/issue.h"

#include <utility>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/x509/asn1_text.h"
#include "libs/crypto/x509/certificate_handle.h"
#include "libs/crypto/x509/extensions.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::crypto {
namespace {

using X509AlgorPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;

Error profile_invalid(const std::string& what) { return invalid("PROFILE_INVALID", what); }

Result<void> check(const CertificateProfile& profile) {
  if (profile.not_after < profile.not_before) return profile_invalid("not_after is before not_before");
  if (profile.not_after > kNoExpiry) return profile_invalid("not_after is after the year 9999");
  if (profile.path_len && (!profile.ca || *profile.path_len < 0)) return profile_invalid("path_len is a CA's");
  const auto& serial = profile.serial;
  if (serial.empty()) return {};
  bool zero = true;
  for (const auto byte : serial) zero = zero && byte == 0;
  if (serial.size() > 20 || serial.front() >= 0x80 || zero)
    return profile_invalid("serial is a positive number of 20 bytes at most");
  return {};
}

Result<void> add(X509* x509, const Extension& extension) {
  TRY(const auto made, make_extension(extension));
  if (X509_get_ext_by_OBJ(x509, X509_EXTENSION_get_object(made.get()), -1) >= 0)
    return profile_invalid("extension " + extension.oid + " is asked for twice");
  if (X509_add_ext(x509, made.get(), -1) != 1) return openssl_failed("extension");
  return {};
}
Result<void> add(X509* x509, std::string_view oid, bool critical, Bytes value) {
  return add(x509, Extension{std::string(oid), critical, std::move(value)});
}

Result<void> add_extensions(X509* x509, const CertificateProfile& profile, const PublicKey& key,
                            const Certificate* issuer) {
  if (profile.ca)
    TRY_VOID(add(x509, oid::kBasicConstraints, true, encode_basic_constraints(true, profile.path_len)));
  if (profile.key_usage != 0) TRY_VOID(add(x509, oid::kKeyUsage, true, encode_key_usage(profile.key_usage)));
  if (!profile.ekus.empty()) {
    TRY(Bytes value, encode_ekus(profile.ekus));
    TRY_VOID(add(x509, oid::kExtendedKeyUsage, profile.critical_eku, std::move(value)));
  }
  TRY_VOID(add(x509, oid::kSubjectKeyId, false, encode_subject_key_id(key.key_id_sha1())));
  if (issuer != nullptr) {
    const auto id = issuer->subject_key_id();
    TRY_VOID(add(x509, oid::kAuthorityKeyId, false,
                 encode_authority_key_id(id ? *id : issuer->public_key().key_id_sha1())));
  }
  if (!profile.alt_names.empty()) {
    TRY(Bytes value, encode_alt_names(profile.alt_names));
    // RFC 5280 section 4.1.2.6: critical where there is no other name.
    const bool nameless = X509_NAME_entry_count(X509_get_subject_name(x509)) == 0;
    TRY_VOID(add(x509, oid::kSubjectAltName, nameless, std::move(value)));
  }
  const auto add_value = [&](std::string_view oid, Result<Bytes> value) -> Result<void> {
    TRY(Bytes bytes, std::move(value));
    return add(x509, oid, false, std::move(bytes));
  };
  if (!profile.masa_url.empty()) TRY_VOID(add_value(oid::kMasaUrl, encode_url(profile.masa_url, "masa_url")));
  if (!profile.mud_url.empty()) TRY_VOID(add_value(oid::kMudUrl, encode_url(profile.mud_url, "mud_url")));
  if (!profile.crl_url.empty()) TRY_VOID(add_value(oid::kCrlDistributionPoints, encode_crl_url(profile.crl_url)));
  if (!profile.ocsp_url.empty()) TRY_VOID(add_value(oid::kAuthorityInfoAccess, encode_ocsp_url(profile.ocsp_url)));
  for (const auto& extension : profile.extra) TRY_VOID(add(x509, extension));
  return {};
}

// As X509_set_pubkey would, which takes several times as long as a signature: it encodes the key and decodes it again.
bool set_subject_key(X509* x509, const PublicKey& key) {
  der::Reader outer(key.spki());
  const auto spki = outer.expect(der::kSequence, "SubjectPublicKeyInfo");
  if (!spki) return X509_set_pubkey(x509, key.handle().get()) == 1;  // read from BER
  der::Reader parts(spki->content);
  const auto algorithm = parts.expect(der::kSequence, "algorithm");
  const auto bits = parts.expect(der::kBitString, "subjectPublicKey");
  if (!algorithm || !bits || bits->content.size() < 2 || bits->content[0] != 0)
    return X509_set_pubkey(x509, key.handle().get()) == 1;
  const auto identifier = from_der<X509AlgorPtr, d2i_X509_ALGOR>(algorithm->whole);
  const auto point = bits->content.subspan(1);
  OpensslBytesPtr copy(static_cast<unsigned char*>(OPENSSL_memdup(point.data(), point.size())));
  X509_PUBKEY* const place = X509_get_X509_PUBKEY(x509);
  // The bits go in with an algorithm of no meaning, in whose place the identifier is then copied whole.
  if (identifier == nullptr || copy == nullptr ||
      X509_PUBKEY_set0_param(place, OBJ_nid2obj(NID_undef), V_ASN1_UNDEF, nullptr, copy.get(),
                             static_cast<int>(point.size())) != 1)
    return false;
  static_cast<void>(copy.release());  // now the certificate's
  X509_ALGOR* own = nullptr;
  return X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &own, place) == 1 &&
         X509_ALGOR_copy(own, identifier.get()) == 1;
}

Result<Certificate> make(const CertificateProfile& profile, const PublicKey& key, const Certificate* issuer,
                         const Signer& signer, Random& random) {
  TRY_VOID(check(profile));
  CertificateHandle handle{X509Ptr(X509_new())};
  X509* x509 = handle.get();
  const Bytes serial = profile.serial.empty() ? make_serial(random) : profile.serial;
  const BignumPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const Asn1IntegerPtr integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  TRY(const auto subject, make_name(profile.subject, profile.subject_der));
  const X509_NAME* issuer_name =
      issuer == nullptr ? subject.get() : X509_get_subject_name(issuer->handle().get());
  const auto from = asn1_time(profile.not_before), until = asn1_time(profile.not_after);
  if (from == nullptr || until == nullptr) return profile_invalid("validity is out of range");
  if (X509_set_version(x509, X509_VERSION_3) != 1 || X509_set_serialNumber(x509, integer.get()) != 1 ||
      X509_set_subject_name(x509, subject.get()) != 1 || X509_set_issuer_name(x509, issuer_name) != 1 ||
      X509_set1_notBefore(x509, from.get()) != 1 || X509_set1_notAfter(x509, until.get()) != 1 ||
      !set_subject_key(x509, key))
    return openssl_failed("certificate");
  TRY_VOID(add_extensions(x509, profile, key, issuer));
  const auto* md = evp_md_for(signer.public_key(), natural_hash(signer.public_key()));
  if (X509_sign(x509, signer.handle().get(), md) == 0) return openssl_failed("signing a certificate");
  // Read as anyone will read it, which also finds what `extra` has of malformed extensions.
  return Certificate::parse_der(to_der<i2d_X509>(x509));
}

}  // namespace

CertificateProfile CertificateProfile::root_ca(Name subject, Timestamp not_before, Timestamp not_after) {
  CertificateProfile profile;
  profile.subject = std::move(subject);
  profile.not_before = not_before;
  profile.not_after = not_after;
  profile.ca = true;
  profile.key_usage = key_usage::kKeyCertSign | key_usage::kCrlSign | key_usage::kDigitalSignature;
  return profile;
}

CertificateProfile CertificateProfile::sub_ca(Name subject, Timestamp not_before, Timestamp not_after, int path_len) {
  auto profile = root_ca(std::move(subject), not_before, not_after);
  profile.path_len = path_len;
  return profile;
}

CertificateProfile CertificateProfile::tls(Name subject, SubjectAltNames names, Timestamp not_before,
                                           Timestamp not_after) {
  CertificateProfile profile;
  profile.subject = std::move(subject);
  profile.alt_names = std::move(names);
  profile.not_before = not_before;
  profile.not_after = not_after;
  profile.key_usage = key_usage::kDigitalSignature;
  profile.ekus = {std::string(oid::kServerAuth), std::string(oid::kClientAuth)};
  return profile;
}

CertificateProfile CertificateProfile::idevid(Name subject, Timestamp not_before, std::string masa_url,
                                              std::string mud_url) {
  CertificateProfile profile;
  profile.subject = std::move(subject);
  profile.not_before = not_before;
  profile.not_after = kNoExpiry;
  profile.key_usage = key_usage::kDigitalSignature;
  profile.masa_url = std::move(masa_url);
  profile.mud_url = std::move(mud_url);
  return profile;
}

CertificateProfile CertificateProfile::ocsp_responder(Name subject, Timestamp not_before, Timestamp not_after) {
  CertificateProfile profile;
  profile.subject = std::move(subject);
  profile.not_before = not_before;
  profile.not_after = not_after;
  profile.key_usage = key_usage::kDigitalSignature;
  profile.ekus = {std::string(oid::kOcspSigning)};
  profile.extra = {{std::string(oid::kOcspNoCheck), false, {der::kNull, 0}}};
  return profile;
}

Bytes make_serial(Random& random) {
  Bytes serial = random.bytes(16);
  // 0 then 1 in front: positive, never zero, and always 16 bytes long.
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);
  return serial;
}

Result<Certificate> issue_certificate(const CertificateProfile& profile, const PublicKey& subject_key,
                                      const Certificate& issuer, const Signer& issuer_key, Random& random) {
  if (!(issuer.public_key() == issuer_key.public_key()))
    return failed_precondition("ISSUER_KEY_MISMATCH", "the signer's key is not that of '" + issuer.subject() + "'");
  if (!issuer.is_ca()) return failed_precondition("ISSUER_NOT_CA", "'" + issuer.subject() + "' is no CA");
  return make(profile, subject_key, &issuer, issuer_key, random);
}

Result<Certificate> issue_self_signed(const CertificateProfile& profile, const Signer& key, Random& random) {
  return make(profile, key.public_key(), nullptr, key, random);
}

}  // namespace pratique::crypto
