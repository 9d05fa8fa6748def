// A key pair and its certificate in a folder: tls.crt (chain, leaf first), tls.key (encrypted PKCS #8), tls.pass.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "libs/base/random.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/issue.h"
#include "tools/pki/folder.h"

namespace pratique::pki {

struct IdentityFiles {
  std::filesystem::path certificate, key, passphrase;
  /// "<folder>/<stem>.crt", ".key", ".pass".
  static IdentityFiles in(const std::filesystem::path& folder, std::string_view stem);
};

struct Identity {
  std::vector<crypto::Certificate> chain;  // never empty, leaf first
  crypto::SoftwareKey key;
};

/// Nothing where there is no certificate; the errors of reading and of keys that do not open.
/// FAILED_PRECONDITION IDENTITY_BROKEN: the key is not the certificate's.
Result<std::optional<Identity>> find_identity(const Folder& folder, const IdentityFiles& files);
/// A new passphrase for each key.
Result<void> put_identity(const Folder& folder, const IdentityFiles& files, const Identity& identity, Random& random);

/// 256 random bits as text.
Secret make_passphrase(Random& random);

}  // namespace pratique::pki
