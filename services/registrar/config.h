// The configuration of the registrar; an example with every key stands in README.md.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "libs/pg/settings.h"
#include "libs/rpc/server.h"
#include "libs/runtime/secret_file.h"
#include "libs/runtime/service_main.h"
#include "services/registrar/app/retention.h"
#include "services/registrar/domain/credential_profile.h"
#include "services/registrar/revocation.h"

namespace pratique::registrar {

/// The local CA that signs devices' credentials.
struct AuthorityConfig {
  std::filesystem::path certificates;  // PEM, issuer first, root last
  runtime::SecretFile key;             // encrypted PKCS #8
  runtime::SecretFile key_passphrase;
};
void read(runtime::ConfigReader& in, AuthorityConfig& out);
void read(runtime::ConfigReader& in, CredentialProfile& out);
void read(runtime::ConfigReader& in, RetentionConfig& out);

struct Config {
  runtime::ProcessConfig process;
  pg::Settings database;
  runtime::SecretFile master_keys;
  runtime::SecretFile page_token_key;
  rpc::RpcConfig rpc;
  AuthorityConfig authority;
  std::map<std::string, CredentialProfile> credential_profiles;
  RetentionConfig retention;
  std::optional<RevocationConfig> revocation;  // none: nothing is published
};
void read(runtime::ConfigReader& in, Config& out);

}  // namespace pratique::registrar
