// What was typed: values by the name of the option (without dashes) or operand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace pratique::cli {

class Arguments {
 public:
  using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

  Arguments() = default;
  explicit Arguments(Values values) : values_(std::move(values)) {}

  bool has(std::string_view name) const { return values_.contains(name); }
  /// The value, or "" where it was not given.
  const std::string& text(std::string_view name) const;
  std::optional<std::string> find(std::string_view name) const;
  /// All values of an option that may be repeated, each split at commas where `commas`.
  std::vector<std::string> all(std::string_view name, bool commas = false) const;
  /// INVALID_ARGUMENT ARGUMENT_INVALID names the option.
  Result<std::int64_t> integer(std::string_view name, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) const;
  /// "key=value" each; ARGUMENT_INVALID for one without a key.
  Result<std::map<std::string, std::string>> pairs(std::string_view name) const;

  Values& values() { return values_; }

 private:
  Values values_;
};

}  // namespace pratique::cli
