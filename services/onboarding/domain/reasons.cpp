#include "services/onboarding/domain/reasons.h"

namespace pratique::onboarding {

const Reason* find_reason(std::string_view code) {
  for (const auto* reason : kReasons)
    if (reason->code == code) return reason;
  return nullptr;
}

}  // namespace pratique::onboarding
