// How sure a MASA is that pledge and registrar have met (RFC 8366 section 5.3, RFC 8366bis).
#pragma once

#include <optional>
#include <string_view>

namespace pratique::voucher {

/// The numbers are those of the YANG enumeration.
enum class Assertion { verified = 0, logged = 1, proximity = 2, agent_proximity = 3 };

std::string_view to_string(Assertion assertion);  // "agent-proximity"
std::optional<Assertion> parse_assertion(std::string_view text);

}  // namespace pratique::voucher
