// What the registrar opens before it does anything: keys and certificates, from the files that its configuration names.
#pragma once

#include <memory>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/secret.h"
#include "libs/crypto/primitives/envelope.h"
#include "services/registrar/config.h"
#include "services/registrar/domain/local_authority.h"

namespace pratique::registrar {

Result<crypto::MasterKeys> load_master_keys(const Config& config);

/// A CA as its files say it is; not yet held against each other.
struct AuthorityFiles {
  std::vector<crypto::Certificate> chain;  // at least one
  std::shared_ptr<const crypto::Signer> key;
};
Result<AuthorityFiles> load_authority_files(const AuthorityConfig& files);
/// The CA of these files, which are those of the configuration. `clock` and `random` outlive it.
Result<std::unique_ptr<LocalAuthority>> make_authority(const Config& config, const runtime::Certificates& files,
                                                       const Clock& clock, Random& random);
Result<std::unique_ptr<LocalAuthority>> load_authority(const Config& config, const Clock& clock, Random& random);

}  // namespace pratique::registrar
