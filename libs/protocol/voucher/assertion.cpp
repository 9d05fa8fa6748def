#include "libs/protocol/voucher/assertion.h"

namespace pratique::voucher {

std::string_view to_string(Assertion assertion) {
  switch (assertion) {
    case Assertion::verified: return "verified";
    case Assertion::logged: return "logged";
    case Assertion::proximity: return "proximity";
    case Assertion::agent_proximity: return "agent-proximity";
  }
  return "";
}

std::optional<Assertion> parse_assertion(std::string_view text) {
  for (const auto assertion :
       {Assertion::verified, Assertion::logged, Assertion::proximity, Assertion::agent_proximity})
    if (text == to_string(assertion)) return assertion;
  return std::nullopt;
}

}  // namespace pratique::voucher
