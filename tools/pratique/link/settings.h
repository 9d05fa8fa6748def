// Where the platform is and who we are to it: flags go before PRATIQUE_* before the configuration file.
//
//   registrar: [127.0.0.1:9441]             # ~/.config/pratique/cli.yaml; relative paths start at its folder
//   onboarding: [127.0.0.1:9442]
//   network: [127.0.0.1:9443]
//   identity: keys/operators/ada            # a folder of pratique-pki: tls.crt, tls.key, tls.pass
//   ca: keys/service-ca/ca.crt
//   timeout: 10s
//
// An identity's CA is looked for in the folder itself (ca.crt) and where pratique-pki keeps it
// (../../service-ca/ca.crt); `certificate`, `key` and `passphrase_file` name the files singly.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/runtime/address.h"
#include "libs/runtime/certificate_files.h"
#include "tools/pratique/grammar/arguments.h"
#include "tools/pratique/grammar/command.h"

namespace pratique::cli {

struct Settings {
  std::vector<runtime::Address> registrar = {}, onboarding = {}, network = {};
  runtime::CertificateFilesConfig identity = {};
  std::string trust_domain = {};  // empty: that of our own certificate
  std::chrono::milliseconds timeout{10'000};
};

/// The value of an environment variable; "" where it is unset.
using Environment = std::function<std::string(const std::string& name)>;

/// The options that are read here.
std::vector<Option> connection_options();
/// INVALID_ARGUMENT CONFIG_INVALID and the like; says nothing about what is missing until it is needed.
Result<Settings> load_settings(const Arguments& arguments, const Environment& environment);

}  // namespace pratique::cli
