#include "services/network/domain/grant.h"

namespace pratique::network {

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::admitted: return "admitted";
    case Standing::quarantined: return "quarantined";
    case Standing::excluded: return "excluded";
  }
  return "excluded";
}

Standing standing_of(std::string_view registrar_state) {
  if (registrar_state == "admitted") return Standing::admitted;
  if (registrar_state == "quarantined") return Standing::quarantined;
  return Standing::excluded;
}

}  // namespace pratique::network
