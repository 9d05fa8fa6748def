#include "libs/crypto/revocation/crl_build.h"

#include <algorithm>
#include <utility>

#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/crl_extensions.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/signed_form.h"
#include "libs/crypto/x509/signature_algorithm.h"

namespace pratique::crypto {
namespace {

Error profile_invalid(const std::string& what) { return invalid("CRL_PROFILE_INVALID", what); }

Result<void> check(const CrlProfile& profile) {
  const auto cut = [](Timestamp time) { return std::chrono::floor<std::chrono::seconds>(time); };
  if (cut(profile.next_update) <= cut(profile.this_update))
    return profile_invalid("next_update is not after this_update");
  for (const char c : profile.distribution_point)
    if (c <= ' ' || c > '~') return profile_invalid("distribution_point: a URL has visible ASCII characters alone");
  return {};
}

Result<void> check_signer(const Certificate& issuer, const Signer& key) {
  if (!(issuer.public_key() == key.public_key()))
    return failed_precondition("CRL_SIGNER_MISMATCH", "the signer's key is not that of '" + issuer.subject() + "'");
  const auto usage = issuer.key_usage();
  if (!issuer.is_ca() || (usage && (*usage & key_usage::kCrlSign) == 0))
    return failed_precondition("CRL_ISSUER_MAY_NOT_SIGN", "'" + issuer.subject() + "' may not sign CRLs");
  return {};
}

struct EncodedEntry {
  Bytes serial;  // an INTEGER; of equal length, their order is that of the numbers
  Bytes whole;
};

Result<EncodedEntry> encode_entry(const CrlEntry& entry) {
  const auto at = [&](const std::string& what) { return "serial number '" + entry.serial_hex + "': " + what; };
  if (entry.revocation.reason == RevocationReason::remove_from_crl)
    return profile_invalid(at("removeFromCRL is for delta CRLs"));
  auto serial = encode_serial(entry.serial_hex);
  if (!serial) return profile_invalid(at(serial.error().message));
  if (serial->size() == 3 && serial->back() == 0) return profile_invalid(at("a serial number is positive"));
  auto time = encode_time(entry.revocation.at);
  if (!time) return profile_invalid(at(time.error().message));
  TRY(Bytes extensions, encode_entry_extensions(entry.revocation.reason));
  EncodedEntry out;
  out.whole = der::element_of(der::kSequence, {*serial, *std::move(time), std::move(extensions)});
  out.serial = *std::move(serial);
  return out;
}

/// revokedCertificates; nothing at all where there are none (RFC 5280 section 5.1.2.6).
Result<Bytes> encode_entries(std::span<const CrlEntry> entries) {
  if (entries.size() > kMaxCrlEntries) return profile_invalid("more than 500000 entries");
  std::vector<EncodedEntry> sorted;
  sorted.reserve(entries.size());
  std::size_t size = 0;
  for (const auto& entry : entries) {
    TRY(auto encoded, encode_entry(entry));
    size += encoded.whole.size();
    sorted.push_back(std::move(encoded));
  }
  const auto is_before = [](const Bytes& a, const Bytes& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  };
  std::ranges::sort(sorted, is_before, &EncodedEntry::serial);
  const auto twice = std::ranges::adjacent_find(sorted, {}, &EncodedEntry::serial);
  if (twice != sorted.end())
    return profile_invalid("serial number '" + hex_encode(ByteView(twice->serial).subspan(2)) + "' is there twice");
  if (sorted.empty()) return Bytes();
  Bytes content;
  content.reserve(size);
  for (const auto& one : sorted) content.insert(content.end(), one.whole.begin(), one.whole.end());
  return der::element(der::kSequence, content);
}

}  // namespace

Result<Bytes> build_crl(const CrlProfile& profile, std::span<const CrlEntry> entries, const Certificate& issuer,
                        const Signer& issuer_key) {
  TRY_VOID(check(profile));
  TRY_VOID(check_signer(issuer, issuer_key));
  TRY(Bytes algorithm, encode_signature_algorithm(issuer_key.public_key()));
  auto from = encode_time(profile.this_update), until = encode_time(profile.next_update);
  if (!from || !until) return profile_invalid("this_update or next_update is before 1950 or after 9999");
  TRY(Bytes revoked, encode_entries(entries));
  const auto key_id = issuer.subject_key_id();
  TRY(const Bytes extensions,
      encode_crl_extensions(profile.number, key_id ? *key_id : issuer.public_key().key_id_sha1(),
                            profile.distribution_point, profile.only_user_certificates));
  const Bytes list = der::element_of(
      der::kSequence, {der::integer(1), std::move(algorithm), issuer.subject_der(), *std::move(from),
                       *std::move(until), std::move(revoked), der::element(der::context(0), extensions)});
  return encode_signed_form(list, issuer_key);
}

}  // namespace pratique::crypto
