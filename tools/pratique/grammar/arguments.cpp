#include "tools/pratique/grammar/arguments.h"

#include <fmt/format.h>

#include <charconv>

namespace pratique::cli {

const std::string& Arguments::text(std::string_view name) const {
  static const std::string kNone;
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? kNone : found->second.back();
}

std::optional<std::string> Arguments::find(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  return text(name);
}

std::vector<std::string> Arguments::all(std::string_view name, bool commas) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  if (!commas) return found->second;
  std::vector<std::string> out;
  for (std::string_view rest : found->second) {
    for (;;) {
      const auto comma = rest.find(',');
      if (const auto part = rest.substr(0, comma); !part.empty()) out.emplace_back(part);
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return out;
}

Result<std::int64_t> Arguments::integer(std::string_view name, std::int64_t fallback, std::int64_t least,
                                        std::int64_t most) const {
  if (!has(name)) return fallback;
  const auto& typed = text(name);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(typed.data(), typed.data() + typed.size(), value);
  if (failed != std::errc() || end != typed.data() + typed.size() || value < least || value > most)
    return invalid("ARGUMENT_INVALID",
                   fmt::format("--{} takes a whole number from {} to {}, not '{}'", name, least, most, typed));
  return value;
}

Result<std::map<std::string, std::string>> Arguments::pairs(std::string_view name) const {
  std::map<std::string, std::string> out;
  for (const auto& typed : all(name)) {
    const auto equals = typed.find('=');
    if (equals == std::string::npos || equals == 0)
      return invalid("ARGUMENT_INVALID", fmt::format("--{} takes KEY=VALUE, not '{}'", name, typed));
    out[typed.substr(0, equals)] = typed.substr(equals + 1);
  }
  return out;
}

}  // namespace pratique::cli
