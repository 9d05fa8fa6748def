// Who may call what of this service.
#pragma once

#include "libs/rpc/access.h"

namespace pratique::onboarding {

rpc::Access access();

}  // namespace pratique::onboarding
