// The configuration of the onboarding service; an example with every key stands in README.md.
#pragma once

#include <string>
#include <vector>

#include "libs/net/https_server.h"
#include "libs/pg/settings.h"
#include "libs/protocol/brski/audit_log.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server.h"
#include "libs/runtime/certificate_files.h"
#include "libs/runtime/service_main.h"
#include "services/onboarding/app/brski.h"
#include "services/onboarding/app/est.h"
#include "services/onboarding/peers/masa_client.h"

namespace pratique::onboarding {

struct DeviceDoorConfig {
  runtime::Address listen{"0.0.0.0", 8443};
  runtime::CertificateFilesConfig identity;  // the RA certificate with its chain up to and including the domain CA
  std::size_t max_connections = 2048;
  std::size_t max_connections_per_source = 256;  // a join proxy is one source
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds body_timeout{30'000};
  runtime::WorkerPoolConfig workers;
  /// DNS-SD: announce _brski-registrar._tcp on these interfaces; empty: not at all.
  std::vector<std::string> announce_on;
};
void read(runtime::ConfigReader& in, DeviceDoorConfig& out);

struct Config {
  runtime::ProcessConfig process;
  std::string replica;  // the name of this one among the replicas, unique
  pg::Settings database;
  runtime::SecretFile master_keys;
  runtime::SecretFile page_token_key;
  rpc::RpcConfig rpc;
  rpc::PeerConfig registrar;
  DeviceDoorConfig devices;
  MasaClientOptions masa;
  BrskiConfig brski;
  brski::AuditLogPolicy audit_log;
  EstConfig est;
};
void read(runtime::ConfigReader& in, Config& out);

}  // namespace pratique::onboarding
