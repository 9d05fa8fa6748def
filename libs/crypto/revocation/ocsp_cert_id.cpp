#include "libs/crypto/revocation/ocsp_cert_id.h"

#include <utility>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/revocation/der_values.h"

namespace pratique::crypto::ocsp {
namespace {

constexpr std::string_view kSha1 = "1.3.14.3.2.26", kSha256 = "2.16.840.1.101.3.4.2.1";

std::size_t size_of(CertIdHash hash) { return hash == CertIdHash::sha1 ? 20 : 32; }

Bytes name_hash(const Certificate& issuer, CertIdHash hash) {
  return hash == CertIdHash::sha1 ? sha1_for_key_id(issuer.subject_der()) : sha256(issuer.subject_der());
}
Bytes key_hash(const Certificate& issuer, CertIdHash hash) {
  return hash == CertIdHash::sha1 ? issuer.public_key().key_id_sha1() : issuer.public_key().key_id_sha256();
}

Result<CertIdHash> read_hash(ByteView content) {
  der::Reader parts(content);
  TRY(const auto id, parts.expect(der::kOid, "hashAlgorithm"));
  TRY(const auto oid, der::decode_oid(id.content));
  if (!parts.at_end()) {
    TRY_VOID(parts.expect(der::kNull, "parameters of hashAlgorithm"));
    TRY_VOID(parts.finish("hashAlgorithm"));
  }
  if (oid == kSha1) return CertIdHash::sha1;
  if (oid == kSha256) return CertIdHash::sha256;
  return invalid("OCSP_HASH_UNSUPPORTED", "certificates are named by SHA-1 or SHA-256, not by " + oid);
}

}  // namespace

CertId CertId::of(const Certificate& certificate, const Certificate& issuer, CertIdHash hash) {
  return of_serial(certificate.serial_hex(), issuer, hash);
}

CertId CertId::of_serial(std::string_view serial_hex, const Certificate& issuer, CertIdHash hash) {
  return {hash, name_hash(issuer, hash), key_hash(issuer, hash), std::string(serial_hex)};
}

bool CertId::is_issued_by(const Certificate& issuer) const {
  return issuer_name_hash == name_hash(issuer, hash) && issuer_key_hash == key_hash(issuer, hash);
}

Result<Bytes> encode_cert_id(const CertId& id) {
  auto serial = encode_serial(id.serial_hex);
  if (!serial) return invalid("OCSP_ID_INVALID", serial.error().message);
  if (id.issuer_name_hash.size() != size_of(id.hash) || id.issuer_key_hash.size() != size_of(id.hash))
    return invalid("OCSP_ID_INVALID", "hashes of a wrong size");
  TRY(Bytes algorithm, der::oid(id.hash == CertIdHash::sha1 ? kSha1 : kSha256));
  // With NULL, as everybody writes it: requests for the same certificate are then the same bytes, and cached.
  return der::element_of(der::kSequence,
                         {der::element_of(der::kSequence, {std::move(algorithm), der::element(der::kNull, {})}),
                          der::element(der::kOctetString, id.issuer_name_hash),
                          der::element(der::kOctetString, id.issuer_key_hash), *std::move(serial)});
}

Result<CertId> parse_cert_id(ByteView content) {
  der::Reader parts(content);
  TRY(const auto algorithm, parts.expect(der::kSequence, "hashAlgorithm"));
  TRY(const auto name, parts.expect(der::kOctetString, "issuerNameHash"));
  TRY(const auto key, parts.expect(der::kOctetString, "issuerKeyHash"));
  TRY(const auto serial, parts.expect(der::kInteger, "serialNumber"));
  TRY_VOID(parts.finish("CertID"));
  TRY(const auto octets, decode_serial(serial.content));
  TRY(const auto hash, read_hash(algorithm.content));
  if (name.content.size() != size_of(hash) || key.content.size() != size_of(hash))
    return invalid("DER_INVALID", "hashes of a wrong size");
  return CertId{hash, to_bytes(name.content), to_bytes(key.content), serial_text(octets)};
}

}  // namespace pratique::crypto::ocsp
