// From a configuration to a running service, and what else the program does with one.
#pragma once

#include <string>

#include "services/network/config.h"

namespace pratique::network {

obs::Catalogue whole_catalogue();
Result<void> start(const Config& config, runtime::Process& process);
/// --check-config: the secrets open, the certificate fits its key.
Result<void> check(const Config& config);
/// --migrate: brings the schema to this version, as a role that may.
Result<std::string> migrate(const Config& config);
/// --rewrap: wraps every switch's secret under the current keys, in both forms.
Result<std::string> rewrap(const Config& config);

}  // namespace pratique::network
