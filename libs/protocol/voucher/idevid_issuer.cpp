#include "libs/protocol/voucher/idevid_issuer.h"

#include "libs/crypto/x509/chain.h"

namespace pratique::voucher {
namespace {

// By signature, not by name alone: CA certificates of the same name with other keys exist.
const crypto::Certificate* find_issuer(const crypto::Certificate& idevid,
                                       std::span<const crypto::Certificate> known_issuers) {
  auto options = crypto::ChainOptions::ignoring_time();
  options.partial_chain = true;
  for (const auto& candidate : known_issuers) {
    if (candidate.subject_der() != idevid.issuer_der()) continue;
    if (crypto::verify_chain(idevid, {}, {&candidate, 1}, options).accepted()) return &candidate;
  }
  return nullptr;
}

// The content of a short DER element: two bytes of header, then the length that they tell.
ByteView short_content(ByteView der) {
  if (der.size() < 2 || der[1] >= 0x80 || der.size() != std::size_t{2} + der[1]) return {};
  return der.subspan(2);
}

}  // namespace

std::optional<Bytes> make_idevid_issuer(const crypto::Certificate& idevid,
                                        std::span<const crypto::Certificate> known_issuers) {
  if (auto own = idevid.authority_key_id_extension()) return own;
  return idevid.authority_key_id_extension(find_issuer(idevid, known_issuers));
}

IssuerMatch match_idevid_issuer(ByteView sent, const crypto::Certificate& idevid,
                                std::span<const crypto::Certificate> known_issuers) {
  if (equal(sent, idevid.issuer_der())) return IssuerMatch::same;
  const auto full = make_idevid_issuer(idevid, known_issuers);
  if (!full) return IssuerMatch::unknown;
  if (equal(sent, *full)) return IssuerMatch::same;
  const auto sequence = short_content(*full);
  if (!sequence.empty() && equal(sent, sequence)) return IssuerMatch::same;
  // A generated one holds the key identifier alone: 30 16 80 14 <20 bytes>.
  const auto own_key_id = idevid.authority_key_id();
  const auto key_id = own_key_id ? ByteView(*own_key_id) : short_content(short_content(sequence));
  if (!key_id.empty() && equal(sent, key_id)) return IssuerMatch::same;
  return IssuerMatch::different;
}

}  // namespace pratique::voucher
