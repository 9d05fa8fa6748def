#include "libs/crypto/x509/csr.h"

#include <openssl/pem.h>

#include <algorithm>
#include <utility>

#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/x509/asn1_text.h"
#include "libs/crypto/x509/csr_outline.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::crypto {
namespace {

using Asn1TypePtr = OpensslPtr<ASN1_TYPE, ASN1_TYPE_free>;
using AttributePtr = OpensslPtr<X509_ATTRIBUTE, X509_ATTRIBUTE_free>;

Error csr_invalid(std::string_view what) { return openssl_error(ErrorCode::invalid_argument, "CSR_INVALID", what); }
Error profile_invalid(const std::string& what) {
  take_openssl_error();
  return invalid("PROFILE_INVALID", what);
}

Result<std::vector<CsrAttribute>> attributes_of(const std::vector<ByteView>& encoded) {
  std::vector<CsrAttribute> out;
  for (const auto der : encoded) {
    const auto attribute = from_der<AttributePtr, d2i_X509_ATTRIBUTE>(der);
    if (attribute == nullptr) return csr_invalid("an attribute is malformed");
    CsrAttribute one{oid_text(X509_ATTRIBUTE_get0_object(attribute.get())), {}};
    for (int i = 0; i < X509_ATTRIBUTE_count(attribute.get()); ++i)
      one.values.push_back(to_der<i2d_ASN1_TYPE>(X509_ATTRIBUTE_get0_type(attribute.get(), i)));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::vector<Extension>> extensions_of(const std::vector<CsrAttribute>& attributes) {
  std::vector<Extension> out;
  const CsrAttribute* request = nullptr;
  for (const auto& attribute : attributes) {
    if (attribute.oid != oid::kExtensionRequest) continue;
    if (request != nullptr || attribute.values.size() != 1) return csr_invalid("more than one extensionRequest");
    request = &attribute;
  }
  if (request == nullptr) return out;
  const auto parsed = from_der<X509ExtensionsPtr, d2i_X509_EXTENSIONS>(request->values.front());
  if (parsed == nullptr) return csr_invalid("extensionRequest is malformed");
  for (int i = 0; i < sk_X509_EXTENSION_num(parsed.get()); ++i) {
    auto extension = extension_of(sk_X509_EXTENSION_value(parsed.get(), i));
    if (std::ranges::find(out, extension.oid, &Extension::oid) != out.end())
      return csr_invalid("extension " + extension.oid + " is requested twice");
    out.push_back(std::move(extension));
  }
  return out;
}

Result<SubjectAltNames> alt_names_in(const std::vector<Extension>& extensions) {
  const auto found = std::ranges::find(extensions, oid::kSubjectAltName, &Extension::oid);
  if (found == extensions.end()) return SubjectAltNames{};
  const auto names = from_der<GeneralNamesPtr, d2i_GENERAL_NAMES>(found->value);
  if (names == nullptr) return csr_invalid("requested subjectAltName is malformed");
  return alt_names_of(names.get());
}

Result<void> add_attribute(X509_REQ* request, const CsrAttribute& attribute) {
  const auto object = oid_object(attribute.oid);
  if (object == nullptr) return profile_invalid("attributes: '" + attribute.oid + "' is no OID");
  if (attribute.values.empty()) return profile_invalid("attributes: " + attribute.oid + " has no value");
  const AttributePtr out(X509_ATTRIBUTE_new());
  if (X509_ATTRIBUTE_set1_object(out.get(), object.get()) != 1) return openssl_failed("CSR attribute");
  for (const auto& value : attribute.values) {
    const auto type = from_der<Asn1TypePtr, d2i_ASN1_TYPE>(value);
    if (type == nullptr) return profile_invalid("attributes: a value of " + attribute.oid + " is no DER");
    if (type->type == V_ASN1_BOOLEAN || type->type == V_ASN1_NULL)
      return profile_invalid("attributes: a value of " + attribute.oid + " is a BOOLEAN or NULL");
    // Length -1: the data is the ASN.1 object itself, copied.
    if (X509_ATTRIBUTE_set1_data(out.get(), type->type, type->value.ptr, -1) != 1)
      return openssl_failed("CSR attribute");
  }
  if (X509_REQ_add1_attr(request, out.get()) != 1)
    return profile_invalid("attributes: " + attribute.oid + " is there twice");
  return {};
}

Result<void> add_extensions(X509_REQ* request, const CsrProfile& profile) {
  std::vector<Extension> wanted;
  if (!profile.alt_names.empty()) {
    TRY(Bytes value, encode_alt_names(profile.alt_names));
    wanted.push_back({std::string(oid::kSubjectAltName), false, std::move(value)});
  }
  wanted.insert(wanted.end(), profile.extra.begin(), profile.extra.end());
  if (wanted.empty()) return {};
  const X509ExtensionsPtr stack(sk_X509_EXTENSION_new_null());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (wanted[i].oid == wanted[j].oid) return profile_invalid("extension " + wanted[i].oid + " is asked for twice");
    TRY(auto made, make_extension(wanted[i]));
    sk_X509_EXTENSION_push(stack.get(), made.release());
  }
  if (X509_REQ_add_extensions(request, stack.get()) != 1) return openssl_failed("extensionRequest");
  return {};
}

// A key has one spelling here: keys are known again by the hash of their SPKI, and whoever must not use a key must not
// come with the same one written otherwise (a compressed point, odd parameters).
bool has_usual_spelling(const PublicKey& key) {
  if (key.has_usual_form()) return true;
  const auto point = key.algorithm() == KeyAlgorithm::other ? Result<Bytes>(Error{}) : key.ec_point();
  const auto usual = point ? PublicKey::from_ec_point(key.algorithm(), *point) : PublicKey::copy_public(key.handle());
  take_openssl_error();
  return usual && usual->spki() == key.spki();
}

}  // namespace

struct Csr::State {
  Bytes der;
  X509NamePtr subject;
  PublicKey public_key;
  Bytes subject_der;
  std::vector<CsrAttribute> attributes;
  std::vector<Extension> extensions;
  SubjectAltNames alt_names;
};

Result<Csr> Csr::parse_der(ByteView der) {
  if (der.size() > kMaxCsrSize) return invalid("CSR_TOO_LARGE", "a certification request is limited to 32 KiB");
  const auto outline = outline_csr(der);
  if (!outline) return csr_invalid("not a DER certification request: " + outline.error().message);
  auto subject = from_der<X509NamePtr, d2i_X509_NAME>(outline->subject);
  if (subject == nullptr) return csr_invalid("subject is no name");
  auto key = PublicKey::parse_spki(outline->spki);
  if (!key.has_value()) return csr_invalid("public key cannot be read: " + key.error().message);
  if (!has_usual_spelling(*key)) return csr_invalid("public key is not in its usual encoding");
  TRY(auto attributes, attributes_of(outline->attributes));
  TRY(auto extensions, extensions_of(attributes));
  TRY(auto names, alt_names_in(extensions));
  return Csr(std::make_shared<State>(State{to_bytes(der), std::move(subject), *std::move(key),
                                           to_bytes(outline->subject), std::move(attributes), std::move(extensions),
                                           std::move(names)}));
}

Result<Csr> Csr::parse_pem(std::string_view pem) {
  if (pem.size() > 2 * kMaxCsrSize) return invalid("CSR_TOO_LARGE", "a certification request is limited to 32 KiB");
  const auto bio = reading_bio(as_bytes(pem));
  // The bytes as they stand there: decoded and encoded anew they need not be those that were sent.
  while (true) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1)
      return csr_invalid("not a PEM certification request");
    const OpensslBytesPtr name_owner(reinterpret_cast<unsigned char*>(name)),
        header_owner(reinterpret_cast<unsigned char*>(header)), data_owner(data);
    const std::string_view label(name);
    if (label == PEM_STRING_X509_REQ || label == PEM_STRING_X509_REQ_OLD)
      return parse_der({data, static_cast<std::size_t>(size)});
  }
}

const Bytes& Csr::der() const { return state_->der; }
const Bytes& Csr::subject_der() const { return state_->subject_der; }
const PublicKey& Csr::public_key() const { return state_->public_key; }
const std::vector<CsrAttribute>& Csr::attributes() const { return state_->attributes; }
const std::vector<Extension>& Csr::requested_extensions() const { return state_->extensions; }
SubjectAltNames Csr::requested_alt_names() const { return state_->alt_names; }

std::string Csr::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio(bio.get(), PEM_STRING_X509_REQ, "", der().data(), static_cast<long>(der().size()));
  return to_string(bio_bytes(bio.get()));
}

std::string Csr::subject() const { return name_text(state_->subject.get()); }
std::optional<std::string> Csr::common_name() const {
  return name_entry(state_->subject.get(), NID_commonName);
}
std::optional<std::string> Csr::subject_serial_number() const {
  return name_entry(state_->subject.get(), NID_serialNumber);
}

bool Csr::is_signed_by_own_key() const {
  const auto outline = outline_csr(der());
  if (!outline) return false;
  const auto hash = hash_of_signature(outline->algorithm, public_key());
  if (hash && !outline->signature.empty())
    return public_key().verify(outline->info, outline->signature, *hash).has_value();
  // PSS and whatever else OpenSSL knows.
  const auto request = from_der<X509ReqPtr, d2i_X509_REQ>(der());
  const bool good = request != nullptr && X509_REQ_verify(request.get(), public_key().handle().get()) == 1;
  take_openssl_error();
  return good;
}

Result<void> Csr::verify() const {
  if (is_signed_by_own_key()) return {};
  return Error{.code = ErrorCode::unauthenticated,
               .reason = "CSR_SIGNATURE_INVALID",
               .message = "the certification request is not signed by its own key"};
}

const CsrAttribute* Csr::find_attribute(std::string_view oid) const {
  const auto found = std::ranges::find(attributes(), oid, &CsrAttribute::oid);
  return found == attributes().end() ? nullptr : &*found;
}

std::optional<std::string> Csr::challenge_password() const {
  const auto* attribute = find_attribute(oid::kChallengePassword);
  if (attribute == nullptr || attribute->values.size() != 1) return std::nullopt;
  const auto value = from_der<Asn1TypePtr, d2i_ASN1_TYPE>(attribute->values.front());
  if (value == nullptr) return std::nullopt;
  switch (value->type) {
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_UTF8STRING:
    case V_ASN1_T61STRING:
    case V_ASN1_BMPSTRING:
    case V_ASN1_IA5STRING:  // no DirectoryString, as RFC 2985 wants one, but sent by clients
      break;
    default: return std::nullopt;
  }
  return text_of(value->value.asn1_string);
}

Result<Csr> make_csr(const CsrProfile& profile, const Signer& key) {
  const X509ReqPtr request(X509_REQ_new());
  TRY(const auto subject, make_name(profile.subject, profile.subject_der));
  if (X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_subject_name(request.get(), subject.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.handle().get()) != 1)
    return openssl_failed("certification request");
  TRY_VOID(add_extensions(request.get(), profile));
  if (!profile.challenge_password.empty() &&
      X509_REQ_add1_attr_by_NID(request.get(), NID_pkcs9_challengePassword, MBSTRING_UTF8,
                                reinterpret_cast<const unsigned char*>(profile.challenge_password.data()),
                                static_cast<int>(profile.challenge_password.size())) != 1)
    return profile_invalid("challenge_password");
  for (const auto& attribute : profile.attributes) TRY_VOID(add_attribute(request.get(), attribute));
  const auto* md = evp_md_for(key.public_key(), natural_hash(key.public_key()));
  if (X509_REQ_sign(request.get(), key.handle().get(), md) == 0) return openssl_failed("signing a request");
  return Csr::parse_der(to_der<i2d_X509_REQ>(request.get()));
}

}  // namespace pratique::crypto
