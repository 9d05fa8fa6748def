// Public keys and signatures in all their forms.
#include <array>

#include "libs/crypto/keys/ecdsa_signature.h"
#include "libs/crypto/keys/key_policy.h"
#include "libs/crypto/keys/public_key.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

using crypto::KeyAlgorithm;
using crypto::PublicKey;

void read_out(const PublicKey& key) {
  (void)key.description();
  (void)key.fingerprint_sha256();
  (void)key.key_id_sha1();
  (void)crypto::judge_key(key);
  const auto again = PublicKey::parse_spki(key.spki());
  require(again && *again == key, "a key that was read can be written and read again");
  const auto from_pem = PublicKey::parse_pem(key.pem());
  require(from_pem.has_value(), "PEM can be read again");
  // Reading PEM gives the usual spelling, which then stays.
  require(PublicKey::parse_pem(from_pem->pem()).value_or(key) == *from_pem, "PEM round trip");
  if (const auto point = key.ec_point(); point && key.algorithm() != KeyAlgorithm::other) {
    const auto from_point = PublicKey::from_ec_point(key.algorithm(), *point);
    require(from_point && from_point->ec_point().value_or({}) == *point, "point round trip");
  }
  constexpr std::array<std::uint8_t, 4> kNothing = {0x30, 0x02, 0x02, 0x00};
  require(!key.verify(kNothing, kNothing).has_value(), "no key signs nothing");
}

}  // namespace

void fuzz_public_key(ByteView input) {
  if (const auto key = PublicKey::parse_spki(input)) read_out(*key);
  if (const auto key = PublicKey::parse_pem(as_text(input))) read_out(*key);
  if (const auto key = PublicKey::from_ed25519(input)) read_out(*key);
  for (const auto curve : {KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ec_p521}) {
    if (const auto key = PublicKey::from_ec_point(curve, input)) read_out(*key);
    if (const auto fixed = crypto::ecdsa_der_to_fixed(input, curve)) {
      require(fixed->size() == 2 * crypto::ecdsa_scalar_size(curve), "a signature of fixed size");
      require(crypto::ecdsa_fixed_to_der(*fixed, curve).value_or({}) == to_bytes(input), "signature from DER and back");
    }
    if (const auto der = crypto::ecdsa_fixed_to_der(input, curve))
      require(crypto::ecdsa_der_to_fixed(*der, curve).value_or({}) == to_bytes(input), "signature to DER and back");
  }
}

}  // namespace pratique::fuzz
