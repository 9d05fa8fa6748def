#include "libs/protocol/radius/reasons.h"

#include <algorithm>

namespace pratique::radius {
namespace {

constexpr Reason kReasons[] = {
#define PRATIQUE_RADIUS_REASON_ROW(name, code, meaning, remedy) reason::name,
    PRATIQUE_RADIUS_REASONS(PRATIQUE_RADIUS_REASON_ROW)
#undef PRATIQUE_RADIUS_REASON_ROW
};

}  // namespace

std::span<const Reason> reasons() { return kReasons; }

const Reason* find_reason(std::string_view code) {
  const auto* at = std::ranges::find(kReasons, code, &Reason::code);
  return at == std::end(kReasons) ? nullptr : at;
}

}  // namespace pratique::radius
