// Identifiers that this service gives out.
#pragma once

#include "libs/base/id.h"

namespace pratique::onboarding {

struct SessionTag {
  static constexpr std::string_view kPrefix = "sessions";
};
using SessionId = Id<SessionTag>;

}  // namespace pratique::onboarding
