// From a configuration to an open door.
#pragma once

#include "services/join_proxy/config.h"

namespace pratique::join_proxy {

Result<void> start(const Config& config, runtime::Process& process);

}  // namespace pratique::join_proxy
