#include "tools/pki/identity.h"

#include "libs/base/base64.h"

namespace pratique::pki {
namespace {

constexpr std::size_t kPassphraseBytes = 32;
// The passphrase is a random key, not a word: there is nothing to guess, and every start of a service pays the cost.
constexpr crypto::KeyEncryption kKeyCost{.pbkdf2_iterations = crypto::kMinPbkdf2Iterations};

}  // namespace

IdentityFiles IdentityFiles::in(const std::filesystem::path& folder, std::string_view stem) {
  const std::string base = (folder / stem).string();
  return {base + ".crt", base + ".key", base + ".pass"};
}

Secret make_passphrase(Random& random) {
  const Secret raw(random.bytes(kPassphraseBytes));
  return Secret(std::string_view(base64url_encode(raw.reveal())));
}

Result<std::optional<Identity>> find_identity(const Folder& folder, const IdentityFiles& files) {
  TRY(const auto certificates, folder.find(files.certificate));
  if (!certificates) return std::optional<Identity>{};
  auto chain = crypto::Certificate::parse_pem_bundle(*certificates);
  if (!chain) return std::move(chain).error().with_context(files.certificate.string());
  TRY(const auto pem, folder.get(files.key));
  TRY(const auto passphrase, folder.get_secret(files.passphrase));
  auto key = crypto::SoftwareKey::load_encrypted(pem, passphrase);
  if (!key) return std::move(key).error().with_context(files.key.string());
  if (!(key->public_key() == chain->front().public_key()))
    return failed_precondition("IDENTITY_BROKEN",
                               files.key.string() + ": is not the key of " + files.certificate.string());
  return std::optional(Identity{*std::move(chain), *std::move(key)});
}

Result<void> put_identity(const Folder& folder, const IdentityFiles& files, const Identity& identity, Random& random) {
  const Secret passphrase = make_passphrase(random);
  TRY(const auto key, identity.key.save_encrypted(passphrase, kKeyCost));
  std::string chain;
  for (const auto& certificate : identity.chain) chain += certificate.pem();
  TRY_VOID(folder.put_secret(files.passphrase, passphrase));
  TRY_VOID(folder.put_secret(files.key, Secret(std::string_view(key))));
  return folder.put(files.certificate, chain);
}

}  // namespace pratique::pki
