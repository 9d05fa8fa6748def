// From a configuration to a running service.
#pragma once

#include "services/onboarding/config.h"

namespace pratique::onboarding {

obs::Catalogue whole_catalogue();
Result<void> start(const Config& config, runtime::Process& process);
/// What --check-config looks at: the secrets open, the registrar certificate may be a registrar's.
Result<void> check(const Config& config);

}  // namespace pratique::onboarding
