// A private key in this process's memory.
//
//   TRY(auto key, SoftwareKey::generate(KeyType::ec_p256));
//   TRY(auto pem, key.save_encrypted(passphrase));                    // what may be written to disk or a column
//   TRY(auto again, SoftwareKey::load_encrypted(pem, passphrase));
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/base/secret.h"
#include "libs/crypto/keys/signer.h"

namespace pratique::crypto {

enum class KeyType { ec_p256, ec_p384, ec_p521, rsa_2048, rsa_3072, rsa_4096, ed25519 };

/// The cost of guessing a passphrase, and of each load: PBKDF2-HMAC-SHA-256. The default takes about 0.2 s of a core.
struct KeyEncryption {
  int pbkdf2_iterations = 600'000;
};
inline constexpr int kMinPbkdf2Iterations = 100'000;
inline constexpr std::size_t kMaxKeyFile = 64 << 10;  // bytes

/// Cheap to copy (copies share the key), thread-safe.
class SoftwareKey final : public Signer {
 public:
  static Result<SoftwareKey> generate(KeyType type);

  /// Encrypted PKCS #8 PEM (PBES2). INVALID_ARGUMENT KEY_NOT_ENCRYPTED for a plaintext key, KEY_INVALID;
  /// UNAUTHENTICATED KEY_PASSPHRASE_WRONG.
  static Result<SoftwareKey> load_encrypted(std::string_view pem, const Secret& passphrase);
  /// Plaintext PEM (PKCS #8 or the traditional forms) or DER PKCS #8: for keys just unsealed, and test vectors.
  static Result<SoftwareKey> parse_plaintext(ByteView pem_or_der);
  static Result<SoftwareKey> parse_plaintext(const Secret& pem_or_der) { return parse_plaintext(pem_or_der.reveal()); }

  /// PBES2 with AES-256-CBC. INVALID_ARGUMENT KEY_PASSPHRASE_EMPTY, KEY_COST_TOO_LOW (< kMinPbkdf2Iterations).
  Result<std::string> save_encrypted(const Secret& passphrase, KeyEncryption cost = {}) const;
  /// PKCS #8, for an Envelope or a MemoryFile; never for a disk.
  Result<Secret> plaintext_der() const;
  Result<Secret> plaintext_pem() const;

  const PublicKey& public_key() const override;
  Result<Bytes> sign(ByteView message, Hash hash = Hash::sha256) const override;
  std::string description() const override;
  const KeyHandle& handle() const override;

 private:
  struct State;
  explicit SoftwareKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static Result<SoftwareKey> from_handle(KeyHandle handle);
  std::shared_ptr<const State> state_;
};

}  // namespace pratique::crypto
