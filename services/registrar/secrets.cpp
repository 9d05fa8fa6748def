#include "services/registrar/secrets.h"

#include <fstream>
#include <iterator>

#include "libs/crypto/keys/software_key.h"

namespace pratique::registrar {
namespace {

Result<std::vector<crypto::Certificate>> load_chain(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return not_found("CERTIFICATE_FILE_INVALID", file.string() + ": cannot be read");
  std::string text(crypto::kMaxBundleSize + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return crypto::Certificate::parse_pem_bundle(text).with_context(file.string());
}

}  // namespace

Result<crypto::MasterKeys> load_master_keys(const Config& config) {
  TRY(const auto text, config.master_keys.load());
  return crypto::MasterKeys::parse(text).with_context(config.master_keys.path.string());
}

Result<AuthorityFiles> load_authority_files(const AuthorityConfig& files) {
  TRY(auto chain, load_chain(files.certificates));
  TRY(const auto pem, files.key.load());
  TRY(const auto passphrase, files.key_passphrase.load_text());
  TRY(auto key,
      crypto::SoftwareKey::load_encrypted(as_text(pem.reveal()), passphrase).with_context(files.key.path.string()));
  return AuthorityFiles{std::move(chain), std::make_shared<crypto::SoftwareKey>(std::move(key))};
}

Result<std::unique_ptr<LocalAuthority>> make_authority(const Config& config, const runtime::Certificates& files,
                                                       const Clock& clock, Random& random) {
  TRY(auto chain, crypto::Certificate::parse_pem_bundle(files.chain_pem));
  TRY(auto key, crypto::SoftwareKey::parse_plaintext(files.key_pem));
  return LocalAuthority::make(std::move(chain), std::make_shared<crypto::SoftwareKey>(std::move(key)), clock, random,
                              config.revocation ? config.revocation->public_url : "")
      .with_context(config.authority.certificates.string());
}

Result<std::unique_ptr<LocalAuthority>> load_authority(const Config& config, const Clock& clock, Random& random) {
  TRY(const auto files, runtime::load_certificates(config.authority.files(), clock));
  return make_authority(config, files, clock, random);
}

}  // namespace pratique::registrar
