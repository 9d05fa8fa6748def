// The kinds of key that a credential profile takes, by the words of the API: "P-256", "RSA-3072", "Ed25519", …
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libs/base/verdict.h"
#include "libs/crypto/keys/public_key.h"

namespace pratique::registrar {

enum class CredentialKey { p256, p384, p521, rsa_2048, rsa_3072, rsa_4096, ed25519 };

std::string_view to_string(CredentialKey kind);
std::optional<CredentialKey> parse_credential_key(std::string_view text);

/// Findings: CREDENTIAL_KEY_WEAK (this house takes no such key at all), CREDENTIAL_KEY_TYPE_REFUSED (the profile does
/// not). An RSA kind takes keys of its size or more.
Verdict judge_credential_key(const crypto::PublicKey& key, const std::vector<CredentialKey>& accepted);

}  // namespace pratique::registrar
