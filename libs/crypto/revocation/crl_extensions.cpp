#include "libs/crypto/revocation/crl_extensions.h"

#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::crypto {
namespace {

constexpr std::string_view kCrlNumber = "2.5.29.20", kReasonCode = "2.5.29.21", kInvalidityDate = "2.5.29.24",
                           kIssuingDistributionPoint = "2.5.29.28";

// IMPLICIT primitive tags [n].
constexpr std::uint8_t implicit(unsigned n) { return static_cast<std::uint8_t>(0x80 | n); }
constexpr std::uint8_t kKeyIdentifier = implicit(0), kUri = implicit(6);

Result<der::Element> whole(ByteView value, std::uint8_t tag, std::string_view what) {
  der::Reader outer(value);
  TRY(const auto element, outer.expect(tag, what));
  TRY_VOID(outer.finish(what));
  return element;
}

Result<std::string> read_number(ByteView value) {
  TRY(const auto element, whole(value, der::kInteger, "cRLNumber"));
  TRY(const auto octets, decode_serial(element.content));  // 20 octets at most as well
  return serial_text(octets);
}

Result<std::optional<Bytes>> read_authority_key_id(ByteView value) {
  TRY(const auto sequence, whole(value, der::kSequence, "authorityKeyIdentifier"));
  der::Reader parts(sequence.content);
  if (parts.peek() != kKeyIdentifier) return std::optional<Bytes>();
  TRY(const auto id, parts.next());
  return std::optional<Bytes>(to_bytes(id.content));
}

// DistributionPointName: [0] fullName, or [1] relative to the issuer's name, which names no URL.
Result<std::vector<std::string>> read_urls(ByteView content) {
  std::vector<std::string> out;
  der::Reader choice(content);
  TRY(const auto name, choice.next());
  TRY_VOID(choice.finish("distributionPoint"));
  if (name.tag != der::context(0)) return out;
  for (der::Reader each(name.content); !each.at_end();) {
    TRY(const auto one, each.next());
    if (one.tag != kUri) continue;
    if (out.size() == kMaxCrlUrls) return invalid("DER_INVALID", "more than 16 URLs of a distribution point");
    out.emplace_back(as_text(one.content));
  }
  return out;
}

Result<CrlScope> read_scope(ByteView value) {
  TRY(const auto sequence, whole(value, der::kSequence, "issuingDistributionPoint"));
  CrlScope scope;
  der::Reader parts(sequence.content);
  if (parts.peek() == der::context(0)) {
    TRY(const auto point, parts.next());
    TRY(scope.urls, read_urls(point.content));
    scope.names_distribution_point = true;
  }
  const auto flag = [&](unsigned n, bool& out) -> Result<void> {
    if (parts.peek() != implicit(n)) return {};
    TRY(const auto element, parts.next());
    TRY(out, der::decode_boolean(element.content));
    return {};
  };
  TRY_VOID(flag(1, scope.only_user_certificates));
  TRY_VOID(flag(2, scope.only_ca_certificates));
  if (parts.peek() == implicit(3)) {
    TRY_VOID(parts.next());
    scope.only_some_reasons = true;
  }
  TRY_VOID(flag(4, scope.indirect));
  TRY_VOID(flag(5, scope.only_attribute_certificates));
  TRY_VOID(parts.finish("issuingDistributionPoint"));
  return scope;
}

}  // namespace

Result<CrlExtensions> read_crl_extensions(ByteView content, std::vector<std::string>& unknown) {
  TRY(const auto all, parse_extensions(content, kMaxCrlExtensions));
  CrlExtensions out;
  for (const auto& one : all) {
    if (one.oid == kCrlNumber) {
      TRY(out.number_hex, read_number(one.value));
    } else if (one.oid == oid::kAuthorityKeyId) {
      TRY(out.authority_key_id, read_authority_key_id(one.value));
    } else if (one.oid == kIssuingDistributionPoint) {
      TRY(out.scope, read_scope(one.value));
    } else if (one.critical) {
      remember_unknown(unknown, one.oid);
    }
  }
  return out;
}

Result<RevocationReason> read_entry_extensions(ByteView content, std::vector<std::string>& unknown) {
  TRY(const auto all, parse_extensions(content, kMaxCrlEntryExtensions));
  auto reason = RevocationReason::unspecified;
  for (const auto& one : all) {
    if (one.oid == kReasonCode) {
      TRY(const auto code, whole(one.value, kEnumerated, "reasonCode"));
      TRY(reason, decode_reason(code));
    } else if (one.oid != kInvalidityDate && one.critical) {
      remember_unknown(unknown, one.oid);
    }
  }
  return reason;
}

Result<Bytes> encode_crl_extensions(std::uint64_t number, ByteView authority_key_id, std::string_view url,
                                    bool only_user_certificates) {
  Bytes octets;
  for (int shift = 56; shift >= 0; shift -= 8) octets.push_back(static_cast<std::uint8_t>(number >> shift));
  TRY(Bytes number_value, encode_serial(hex_encode(octets)));
  std::vector<Extension> out{{std::string(kCrlNumber), false, std::move(number_value)}};
  if (!url.empty() || only_user_certificates) {
    std::vector<Bytes> parts;
    if (!url.empty()) {
      const auto full_name = der::element(der::context(0), der::element(kUri, as_bytes(url)));
      parts.push_back(der::element(der::context(0), full_name));
    }
    if (only_user_certificates) parts.push_back(der::element(implicit(1), Bytes{0xff}));
    out.push_back({std::string(kIssuingDistributionPoint), true, der::element_of(der::kSequence, parts)});
  }
  out.push_back({std::string(oid::kAuthorityKeyId), false,
                 der::element(der::kSequence, der::element(kKeyIdentifier, authority_key_id))});
  return encode_extensions(out);
}

Result<Bytes> encode_entry_extensions(RevocationReason reason) {
  if (reason == RevocationReason::unspecified) return Bytes();
  return encode_extensions({{std::string(kReasonCode), false, encode_reason(reason)}});
}

}  // namespace pratique::crypto
