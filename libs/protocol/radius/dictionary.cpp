#include "libs/protocol/radius/dictionary.h"

#include <algorithm>

namespace pratique::radius {
namespace {

constexpr AttributeInfo kDictionary[] = {
#define PRATIQUE_RADIUS_ROW(word, number, name, kind) {AttributeType::word, name, ValueKind::kind},
    PRATIQUE_RADIUS_ATTRIBUTES(PRATIQUE_RADIUS_ROW)
#undef PRATIQUE_RADIUS_ROW
};

template <typename Member, typename Key>
const AttributeInfo* find(Member member, const Key& key) {
  const auto* at = std::ranges::find(kDictionary, key, member);
  return at == std::end(kDictionary) ? nullptr : at;
}

}  // namespace

std::span<const AttributeInfo> dictionary() { return kDictionary; }
const AttributeInfo* find_attribute(AttributeType type) { return find(&AttributeInfo::type, type); }
const AttributeInfo* find_attribute(std::string_view name) { return find(&AttributeInfo::name, name); }

std::string to_string(AttributeType type) {
  if (const auto* info = find_attribute(type)) return std::string(info->name);
  return "Attribute-" + std::to_string(static_cast<unsigned>(type));
}

}  // namespace pratique::radius
