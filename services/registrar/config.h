// The configuration of the registrar; an example with every key stands in README.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/pg/settings.h"
#include "libs/rpc/server.h"
#include "libs/runtime/secret_file.h"
#include "libs/runtime/service_main.h"
#include "services/registrar/app/crl_publisher.h"
#include "services/registrar/app/ocsp_responder.h"
#include "services/registrar/app/retention.h"
#include "services/registrar/domain/credential_profile.h"

namespace pratique::registrar {

/// The local CA that signs devices' credentials.
struct AuthorityConfig {
  std::filesystem::path certificates;  // PEM, issuer first, root last
  runtime::SecretFile key;             // encrypted PKCS #8
  runtime::SecretFile key_passphrase;
  runtime::CertificateFilesConfig files() const { return {certificates, key, key_passphrase, {}}; }
};
void read(runtime::ConfigReader& in, AuthorityConfig& out);

/// Telling who was revoked, by CRL and OCSP over plain HTTP.
struct RevocationConfig {
  runtime::Address listen{"0.0.0.0", 8080};
  std::string public_url;  // of all replicas; stands in the certificates that are issued
  CrlTerms crl;
  OcspTerms ocsp;
  std::vector<AuthorityConfig> former_issuers;  // CAs before this one, until what they issued has ended
};
void read(runtime::ConfigReader& in, RevocationConfig& out);

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
