// Identifiers that cannot be mixed up: DeviceId is not ManufacturerId, though both are UUIDs.
//
//   struct DeviceTag { static constexpr std::string_view kPrefix = "devices"; };
//   using DeviceId = Id<DeviceTag>;
//   DeviceId::make(clock, random).text()      "0193…-7…"        (UUID version 7, RFC 9562 section 5.7)
//   DeviceId::parse_name("devices/0193…")     the resource name of the API (AIP-122)
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/result.h"

namespace pratique {

/// A UUID version 7: sorts by the time of its making.
std::string make_uuid7(const Clock& clock, Random& random);
/// Lower-case canonical text, or INVALID_ARGUMENT ID_INVALID. Any UUID version.
Result<std::string> parse_uuid(std::string_view text);

template <typename Tag>
class Id {
 public:
  Id() = default;  // empty: names nothing
  static Id make(const Clock& clock, Random& random) { return Id(make_uuid7(clock, random)); }
  static Result<Id> parse(std::string_view text) {
    TRY(auto uuid, parse_uuid(text));
    return Id(std::move(uuid));
  }
  /// "<prefix>/<uuid>".
  static Result<Id> parse_name(std::string_view name) {
    const std::string_view prefix = Tag::kPrefix;
    if (!name.starts_with(prefix) || name.size() <= prefix.size() || name[prefix.size()] != '/')
      return invalid("ID_INVALID", "expected '" + std::string(prefix) + "/<uuid>'");
    return parse(name.substr(prefix.size() + 1));
  }

  const std::string& text() const { return text_; }
  std::string name() const { return std::string(Tag::kPrefix) + "/" + text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace pratique
