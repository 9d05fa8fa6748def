// The onboarding protocols that anchors and policies may be limited to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::registrar {

inline constexpr std::string_view kProtocols[] = {"brski", "fdo", "dpp"};

bool is_protocol(std::string_view protocol);
/// Known ones, none twice. FIELD_INVALID.
Result<void> check_protocols(std::string_view field, const std::vector<std::string>& protocols);
/// True if the list is empty (no condition) or names it.
bool protocol_fits(const std::vector<std::string>& protocols, std::string_view protocol);
/// "brski, fdo".
std::string list_text(const std::vector<std::string>& words);

}  // namespace pratique::registrar
