#include "libs/protocol/voucher/reasons.h"

namespace pratique::voucher {
namespace {

#define PRATIQUE_REASON_ENTRY(name, code, meaning, remedy) name,
constexpr Reason kReasons[] = {PRATIQUE_VOUCHER_REASONS(PRATIQUE_REASON_ENTRY)};
#undef PRATIQUE_REASON_ENTRY

}  // namespace

std::span<const Reason> reasons() { return kReasons; }

std::optional<Reason> find_reason(std::string_view code) {
  for (const auto& reason : kReasons)
    if (reason.code == code) return reason;
  return std::nullopt;
}

}  // namespace pratique::voucher
