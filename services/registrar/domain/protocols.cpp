#include "services/registrar/domain/protocols.h"

#include <algorithm>

#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {

bool is_protocol(std::string_view protocol) { return std::ranges::find(kProtocols, protocol) != std::end(kProtocols); }

Result<void> check_protocols(std::string_view field, const std::vector<std::string>& protocols) {
  for (auto it = protocols.begin(); it != protocols.end(); ++it) {
    if (!is_protocol(*it))
      return field_invalid(field, "knows brski, fdo and dpp, not '" + displayable(*it, kMaxProtocol) + "'");
    if (std::find(protocols.begin(), it, *it) != it) return field_invalid(field, "names " + *it + " twice");
  }
  return {};
}

bool protocol_fits(const std::vector<std::string>& protocols, std::string_view protocol) {
  return protocols.empty() || std::ranges::find(protocols, protocol) != protocols.end();
}

std::string list_text(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace pratique::registrar
