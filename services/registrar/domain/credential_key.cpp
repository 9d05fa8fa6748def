#include "services/registrar/domain/credential_key.h"

#include <algorithm>
#include <array>

#include "libs/crypto/keys/key_policy.h"

namespace pratique::registrar {
namespace {

struct Kind {
  CredentialKey kind;
  std::string_view text;
  crypto::KeyAlgorithm algorithm;
  int least_bits;
};
constexpr std::array<Kind, 7> kKinds{{
    {CredentialKey::p256, "P-256", crypto::KeyAlgorithm::ec_p256, 256},
    {CredentialKey::p384, "P-384", crypto::KeyAlgorithm::ec_p384, 384},
    {CredentialKey::p521, "P-521", crypto::KeyAlgorithm::ec_p521, 521},
    {CredentialKey::rsa_2048, "RSA-2048", crypto::KeyAlgorithm::rsa, 2048},
    {CredentialKey::rsa_3072, "RSA-3072", crypto::KeyAlgorithm::rsa, 3072},
    {CredentialKey::rsa_4096, "RSA-4096", crypto::KeyAlgorithm::rsa, 4096},
    {CredentialKey::ed25519, "Ed25519", crypto::KeyAlgorithm::ed25519, 0},
}};

const Kind& kind_of(CredentialKey key) {
  return *std::ranges::find_if(kKinds, [&](const Kind& kind) { return kind.kind == key; });
}

}  // namespace

std::string_view to_string(CredentialKey kind) { return kind_of(kind).text; }

std::optional<CredentialKey> parse_credential_key(std::string_view text) {
  const auto found = std::ranges::find_if(kKinds, [&](const Kind& kind) { return kind.text == text; });
  if (found == kKinds.end()) return std::nullopt;
  return found->kind;
}

Verdict judge_credential_key(const crypto::PublicKey& key, const std::vector<CredentialKey>& accepted) {
  Verdict verdict;
  if (const Verdict strength = crypto::judge_key(key); !strength.accepted())
    verdict.refuse("CREDENTIAL_KEY_WEAK", strength.first().message,
                   {{"key", key.description()}, {"reason", strength.first().code}});
  const bool taken = std::ranges::any_of(accepted, [&](CredentialKey one) {
    const Kind& kind = kind_of(one);
    return kind.algorithm == key.algorithm() && key.bits() >= kind.least_bits;
  });
  if (!taken) {
    std::string kinds;
    for (const CredentialKey one : accepted) kinds.append(kinds.empty() ? "" : ", ").append(to_string(one));
    verdict.refuse("CREDENTIAL_KEY_TYPE_REFUSED", "the credential profile takes no key of this kind",
                   {{"key", key.description()}, {"accepted", kinds}});
  }
  return verdict;
}

}  // namespace pratique::registrar
