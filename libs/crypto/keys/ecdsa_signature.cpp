#include "libs/crypto/keys/ecdsa_signature.h"

#include <openssl/ec.h>

#include "libs/crypto/primitives/openssl.h"

namespace pratique::crypto {
namespace {

using EcdsaSigPtr = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;

Error malformed(std::string_view what) {
  return openssl_error(ErrorCode::invalid_argument, "ECDSA_SIGNATURE_MALFORMED", what);
}

}  // namespace

std::size_t ecdsa_scalar_size(KeyAlgorithm curve) {
  switch (curve) {
    case KeyAlgorithm::ec_p256: return 32;
    case KeyAlgorithm::ec_p384: return 48;
    case KeyAlgorithm::ec_p521: return 66;
    default: return 0;
  }
}

Result<Bytes> ecdsa_der_to_fixed(ByteView der, KeyAlgorithm curve) {
  const int size = static_cast<int>(ecdsa_scalar_size(curve));
  if (size == 0) return malformed("not an EC key");
  const auto parsed = from_der<EcdsaSigPtr, d2i_ECDSA_SIG>(der);
  if (parsed == nullptr) return malformed("not an ECDSA-Sig-Value");
  const BIGNUM *r = nullptr, *s = nullptr;
  ECDSA_SIG_get0(parsed.get(), &r, &s);
  Bytes out(2 * static_cast<std::size_t>(size));
  if (BN_is_negative(r) || BN_is_negative(s) || BN_bn2binpad(r, out.data(), size) != size ||
      BN_bn2binpad(s, out.data() + size, size) != size)
    return malformed("r or s is out of range");
  return out;
}

Result<Bytes> ecdsa_fixed_to_der(ByteView fixed, KeyAlgorithm curve) {
  const std::size_t size = ecdsa_scalar_size(curve);
  if (size == 0) return malformed("not an EC key");
  if (fixed.size() != 2 * size)
    return malformed("an ECDSA signature has " + std::to_string(2 * size) + " bytes, not " +
                     std::to_string(fixed.size()));
  const EcdsaSigPtr parsed(ECDSA_SIG_new());
  BignumPtr r(BN_bin2bn(fixed.data(), static_cast<int>(size), nullptr));
  BignumPtr s(BN_bin2bn(fixed.data() + size, static_cast<int>(size), nullptr));
  if (parsed == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(parsed.get(), r.get(), s.get()) != 1)
    return openssl_failed("ECDSA signature");
  static_cast<void>(r.release());  // now the signature's
  static_cast<void>(s.release());
  return to_der<i2d_ECDSA_SIG>(parsed.get());
}

}  // namespace pratique::crypto
