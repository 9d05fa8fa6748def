// From a configuration to a running service, and what else the program does with one.
#pragma once

#include <string>

#include "services/registrar/config.h"

namespace pratique::registrar {

obs::Catalogue whole_catalogue();
Result<void> start(const Config& config, runtime::Process& process);
/// --check-config: the secrets open, keys and certificates fit, profiles are good.
Result<void> check(const Config& config);
/// --migrate: brings the schema to this version, as a role that may.
Result<std::string> migrate(const Config& config);
/// --rewrap: wraps every sealed value under the current master key.
Result<std::string> rewrap(const Config& config);

}  // namespace pratique::registrar
