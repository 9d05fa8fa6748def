#include "libs/crypto/revocation/ocsp_nonce.h"

#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/ocsp_request.h"

namespace pratique::crypto::ocsp {
namespace {

constexpr std::string_view kNonce = "1.3.6.1.5.5.7.48.1.2";

Result<void> check_size(std::size_t size) {
  if (size >= 1 && size <= kMaxNonceSize) return {};
  return invalid("OCSP_NONCE_INVALID", "a nonce has 1 to 32 octets, not " + std::to_string(size));
}

}  // namespace

Result<MessageExtensions> read_message_extensions(ByteView content, std::size_t at_most) {
  der::Reader outer(content);
  TRY(const auto sequence, outer.expect(der::kSequence, "Extensions"));
  TRY_VOID(outer.finish("Extensions"));
  TRY(const auto all, parse_extensions(sequence.content, at_most));
  MessageExtensions out;
  for (const auto& one : all) {
    if (one.oid != kNonce) {
      if (one.critical) remember_unknown(out.unknown_critical, one.oid);
      continue;
    }
    der::Reader value(one.value);
    const auto nonce = value.expect(der::kOctetString, "nonce");
    if (!nonce || !value.at_end()) return invalid("OCSP_NONCE_INVALID", "the nonce is no OCTET STRING");
    TRY_VOID(check_size(nonce->content.size()));
    out.nonce = to_bytes(nonce->content);
  }
  return out;
}

Result<Bytes> encode_nonce(ByteView nonce) {
  TRY_VOID(check_size(nonce.size()));
  return encode_extensions({{std::string(kNonce), false, der::element(der::kOctetString, nonce)}});
}

}  // namespace pratique::crypto::ocsp
