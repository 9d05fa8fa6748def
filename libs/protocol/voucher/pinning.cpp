#include "libs/protocol/voucher/pinning.h"

#include <vector>

#include "libs/crypto/x509/chain.h"

namespace pratique::voucher {
namespace {

// Does the server's certificate descend from a certificate of this key? The pinned certificate itself may differ
// from the one in the chain (renewed under the same key), so both are tried as the anchor.
bool descends(std::span<const crypto::Certificate> chain, const crypto::PublicKey& key,
              const crypto::Certificate* pinned, std::optional<Timestamp> now) {
  std::vector<crypto::Certificate> anchors;
  if (pinned) anchors.push_back(*pinned);
  for (const auto& certificate : chain.subspan(1))
    if (certificate.public_key() == key) anchors.push_back(certificate);
  auto options = now ? crypto::ChainOptions(*now) : crypto::ChainOptions::ignoring_time();
  options.partial_chain = true;
  for (const auto& anchor : anchors) {
    if (!anchor.is_ca()) continue;
    if (crypto::verify_chain(chain[0], chain.subspan(1), {&anchor, 1}, options).accepted()) return true;
  }
  return false;
}

PinMatch match_key(const crypto::PublicKey& key, const crypto::Certificate* pinned,
                   std::span<const crypto::Certificate> chain, std::optional<Timestamp> now) {
  if (chain.empty()) return PinMatch::different;
  if (chain[0].public_key() == key) return PinMatch::server_key;
  return descends(chain, key, pinned, now) ? PinMatch::issuing_ca : PinMatch::different;
}

}  // namespace

PinMatch match_pin(const Voucher& voucher, std::span<const crypto::Certificate> server_chain,
                   std::optional<Timestamp> now) {
  if (voucher.pinned_domain_cert) {
    const auto pinned = crypto::Certificate::parse_der(*voucher.pinned_domain_cert);
    if (!pinned) return PinMatch::unreadable;
    return match_key(pinned->public_key(), &*pinned, server_chain, now);
  }
  if (voucher.pinned_domain_pubk) {
    const auto key = crypto::PublicKey::parse_spki(*voucher.pinned_domain_pubk);
    if (!key) return PinMatch::unreadable;
    return match_key(*key, nullptr, server_chain, now);
  }
  if (voucher.pinned_domain_pubk_sha256) {
    for (const auto& certificate : server_chain)
      if (certificate.public_key().fingerprint_sha256() == *voucher.pinned_domain_pubk_sha256)
        return match_key(certificate.public_key(), nullptr, server_chain, now);
    return PinMatch::different;
  }
  return PinMatch::absent;
}

}  // namespace pratique::voucher
