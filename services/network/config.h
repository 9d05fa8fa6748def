// The configuration of the network service; an example with every key stands in README.md.
#pragma once

#include <string>

#include "libs/pg/settings.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server.h"
#include "libs/runtime/secret_file.h"
#include "libs/runtime/service_main.h"
#include "services/network/app/attempts.h"
#include "services/network/app/reconciler.h"
#include "services/network/app/sessions.h"
#include "services/network/app/work_loop.h"

namespace pratique::network {

/// How switches are driven.
struct WorkConfig {
  ReconcilerConfig reconciler;  // but for its holder
  WorkLoopConfig loop;
  std::chrono::milliseconds takeover{5000};  // after so long without a word a replica's switches go to another
};
void read(runtime::ConfigReader& in, WorkConfig& out);
void read(runtime::ConfigReader& in, SessionRules& out);

struct Config {
  runtime::ProcessConfig process;
  std::string replica;  // the name of this one among the replicas, unique
  pg::Settings database;
  runtime::SecretFile master_keys;
  runtime::SecretFile radius_keys;  // what the RADIUS servers open switches' secrets with (docs/adr/0017)
  runtime::SecretFile page_token_key;
  rpc::RpcConfig rpc;
  rpc::PeerConfig registrar;
  WorkConfig work;
  SessionRules sessions;
  AttemptRules attempts;
};
void read(runtime::ConfigReader& in, Config& out);

}  // namespace pratique::network
