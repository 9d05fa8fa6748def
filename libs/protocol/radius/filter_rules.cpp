#include "libs/protocol/radius/filter_rules.h"

#include <algorithm>

#include "libs/codec/json/utf8.h"
#include "libs/protocol/radius/values.h"

namespace pratique::radius {
namespace {

Error bad_rule(std::string_view what) {
  return invalid("RADIUS_ATTRIBUTE_INVALID", "NAS-Filter-Rule: " + std::string(what));
}

}  // namespace

Result<std::vector<Attribute>> filter_rule_attributes(std::span<const std::string> rules) {
  std::string joined;
  for (const auto& rule : rules) {
    if (rule.empty() || rule.contains('\0') || !json::utf8_valid(rule))
      return bad_rule("a rule is a text without NUL, not empty");
    if (!joined.empty()) joined.push_back('\0');
    joined += rule;
  }
  std::vector<Attribute> out;
  for (ByteView left = as_bytes(joined); !left.empty();) {
    const auto size = std::min(left.size(), kMaxAttributeValue);
    out.push_back({AttributeType::nas_filter_rule, to_bytes(left.first(size))});
    left = left.subspan(size);
  }
  return out;
}

Result<std::vector<std::string>> find_filter_rules(const Packet& packet) {
  const auto joined = to_string(ByteView(concatenated(packet, AttributeType::nas_filter_rule)));
  std::vector<std::string> out;
  for (std::size_t at = 0; at < joined.size();) {
    const auto end = std::min(joined.find('\0', at), joined.size());
    if (end > at) out.push_back(joined.substr(at, end - at));
    at = end + 1;
  }
  for (const auto& rule : out)
    if (!json::utf8_valid(rule)) return bad_rule("not UTF-8");
  return out;
}

}  // namespace pratique::radius
