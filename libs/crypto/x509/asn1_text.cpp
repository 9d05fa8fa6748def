#include "libs/crypto/x509/asn1_text.h"

#include <arpa/inet.h>

#include <array>
#include <ctime>

#include "libs/base/hex.h"

namespace pratique::crypto {
namespace {

Error profile_invalid(const std::string& what) {
  take_openssl_error();
  return invalid("PROFILE_INVALID", what);
}

std::string bio_text(BIO* bio) { return std::string(as_text(bio_bytes(bio))); }

}  // namespace

std::string oid_text(const ASN1_OBJECT* object) {
  std::array<char, 128> buffer{};
  const int size = OBJ_obj2txt(buffer.data(), static_cast<int>(buffer.size()), object, 1);
  if (size <= 0) return {};
  if (static_cast<std::size_t>(size) < buffer.size()) return buffer.data();
  std::string longer(static_cast<std::size_t>(size) + 1, '\0');
  OBJ_obj2txt(longer.data(), size + 1, object, 1);
  longer.pop_back();
  return longer;
}

Asn1ObjectPtr oid_object(std::string_view dotted) {
  Asn1ObjectPtr object(OBJ_txt2obj(std::string(dotted).c_str(), 1));
  if (object == nullptr) take_openssl_error();
  return object;
}

std::optional<Timestamp> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    take_openssl_error();
    return std::nullopt;
  }
  using namespace std::chrono;
  const auto day = sys_days(year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday);
  return Timestamp(day + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec));
}

Asn1TimePtr asn1_time(Timestamp time) {
  const auto since = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  // ASN1_TIME_adj takes a time_t and chooses the type by the year.
  Asn1TimePtr out(ASN1_TIME_adj(nullptr, static_cast<std::time_t>(since), 0, 0));
  if (out == nullptr) take_openssl_error();
  return out;
}

std::string integer_hex(const ASN1_INTEGER* integer) {
  const BignumPtr number(ASN1_INTEGER_to_BN(integer, nullptr));
  if (number == nullptr) return {};
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes.empty() ? "00" : hex_encode(bytes);
}

std::optional<std::string> text_of(const ASN1_STRING* string) {
  unsigned char* raw = nullptr;
  const int size = string == nullptr ? -1 : ASN1_STRING_to_UTF8(&raw, string);
  if (size < 0) {
    take_openssl_error();
    return std::nullopt;
  }
  const OpensslBytesPtr owner(raw);
  return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

std::string name_text(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  // RFC 2253's escapes and order; UTF-8 as it is.
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  return bio_text(bio.get());
}

std::string name_text(ByteView der) {
  const auto name = from_der<X509NamePtr, d2i_X509_NAME>(der);
  if (name != nullptr) return name_text(name.get());
  take_openssl_error();
  return {};
}

std::optional<std::string> name_entry(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return std::nullopt;
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

Result<X509NamePtr> make_name(const Name& name, const Bytes& der) {
  if (!der.empty()) {
    auto parsed = from_der<X509NamePtr, d2i_X509_NAME>(der);
    if (parsed == nullptr) return profile_invalid("subject_der is no name");
    return parsed;
  }
  X509NamePtr out(X509_NAME_new());
  const std::array<std::pair<int, const std::string*>, 5> fields = {{{NID_countryName, &name.country},
                                                                    {NID_organizationName, &name.organization},
                                                                    {NID_organizationalUnitName,
                                                                     &name.organizational_unit},
                                                                    {NID_commonName, &name.common_name},
                                                                    {NID_serialNumber, &name.serial_number}}};
  for (const auto& [nid, value] : fields) {
    if (value->empty()) continue;
    // By NID, so that OpenSSL applies the attribute's string type and upper bound (RFC 5280 appendix A.1).
    if (X509_NAME_add_entry_by_NID(out.get(), nid, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value->data()),
                                   static_cast<int>(value->size()), -1, 0) != 1)
      return profile_invalid("subject: " + std::string(OBJ_nid2ln(nid)) + " is too long or has characters that " +
                             "it may not have");
  }
  return out;
}

SubjectAltNames alt_names_of(const GENERAL_NAMES* names) {
  SubjectAltNames out;
  const auto text = [](const ASN1_IA5STRING* value) {
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                       static_cast<std::size_t>(ASN1_STRING_length(value)));
  };
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
    const auto* string = static_cast<const ASN1_STRING*>(value);
    if (type == GEN_DNS) out.dns.push_back(text(string));
    if (type == GEN_URI) out.uri.push_back(text(string));
    if (type == GEN_EMAIL) out.email.push_back(text(string));
    if (type == GEN_IPADD) {
      const int size = ASN1_STRING_length(string);
      const int family = size == 4 ? AF_INET : size == 16 ? AF_INET6 : 0;
      std::array<char, INET6_ADDRSTRLEN> buffer{};
      if (family != 0 && inet_ntop(family, ASN1_STRING_get0_data(string), buffer.data(), buffer.size()) != nullptr)
        out.ip.emplace_back(buffer.data());
    }
  }
  return out;
}

Result<Bytes> encode_alt_names(const SubjectAltNames& names) {
  const GeneralNamesPtr out(GENERAL_NAMES_new());
  const auto add = [&](int type, Asn1StringPtr value) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, type, value.release());
    sk_GENERAL_NAME_push(out.get(), name);
  };
  const auto add_text = [&](int type, const std::string& text) {
    for (const char c : text)
      if (c <= ' ' || c > '~') return false;  // IA5String, and no spaces in any of the three
    Asn1StringPtr value(ASN1_STRING_type_new(V_ASN1_IA5STRING));
    if (text.empty() || ASN1_STRING_set(value.get(), text.data(), static_cast<int>(text.size())) != 1) return false;
    add(type, std::move(value));
    return true;
  };
  for (const auto& text : names.dns)
    if (!add_text(GEN_DNS, text)) return profile_invalid("alt_names: DNS name '" + text + "'");
  for (const auto& text : names.uri)
    if (!add_text(GEN_URI, text)) return profile_invalid("alt_names: URI '" + text + "'");
  for (const auto& text : names.email)
    if (!add_text(GEN_EMAIL, text)) return profile_invalid("alt_names: email '" + text + "'");
  for (const auto& text : names.ip) {
    Asn1StringPtr value(a2i_IPADDRESS(text.c_str()));
    if (value == nullptr) return profile_invalid("alt_names: IP address '" + text + "'");
    add(GEN_IPADD, std::move(value));
  }
  return to_der<i2d_GENERAL_NAMES>(out.get());
}

Extension extension_of(X509_EXTENSION* extension) {
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
  const ByteView bytes(ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value)));
  return {oid_text(X509_EXTENSION_get_object(extension)), X509_EXTENSION_get_critical(extension) == 1,
          to_bytes(bytes)};
}

Result<X509ExtensionPtr> make_extension(const Extension& extension) {
  const auto object = oid_object(extension.oid);
  if (object == nullptr) return profile_invalid("extension: '" + extension.oid + "' is no OID");
  const Asn1StringPtr value(ASN1_STRING_type_new(V_ASN1_OCTET_STRING));
  if (ASN1_STRING_set(value.get(), extension.value.data(), static_cast<int>(extension.value.size())) != 1)
    return openssl_failed("extension");
  X509ExtensionPtr out(X509_EXTENSION_create_by_OBJ(nullptr, object.get(), extension.critical ? 1 : 0, value.get()));
  if (out == nullptr) return openssl_failed("extension");
  return out;
}

}  // namespace pratique::crypto
