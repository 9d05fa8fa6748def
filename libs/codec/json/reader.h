// Reads members of a parsed object with the type that the caller expects; an error names the path of what is
// wrong. An optional member that is present with the wrong type is an error, not an absence; JSON null counts
// as absent.
//
//   TRY(const auto root, json::parse(text));
//   TRY(const auto voucher, json::Reader(root).object_at("ietf-voucher:voucher"));
//   TRY(const auto serial, voucher.string_at("serial-number"));
//   // INVALID_ARGUMENT JSON_TYPE "$.ietf-voucher:voucher.serial-number: expected a string, found an integer"
//   // INVALID_ARGUMENT JSON_MISSING "$.ietf-voucher:voucher.serial-number: is missing"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/codec/json/value.h"

namespace pratique::json {

class Reader {
 public:
  /// Reads from `value`, which must outlive the reader and all readers that come from it.
  explicit Reader(const Value& value, std::string path = "$") : value_(&value), path_(std::move(path)) {}

  const Value& value() const { return *value_; }
  const std::string& path() const { return path_; }
  /// INVALID_ARGUMENT with `reason`, its message starting with the path.
  Error error(std::string_view reason, std::string_view what) const;

  /// The value itself as a kind.
  Result<std::string> as_string() const;
  Result<bool> as_bool() const;
  Result<std::int64_t> as_int() const;
  Result<double> as_number() const;  // integers too
  Result<Reader> as_object() const;
  Result<std::vector<Reader>> as_array() const;

  bool has(std::string_view name) const;
  /// The member, whatever its kind.
  Result<Reader> at(std::string_view name) const;
  std::optional<Reader> find(std::string_view name) const;

  Result<std::string> string_at(std::string_view name) const;
  Result<bool> bool_at(std::string_view name) const;
  Result<std::int64_t> int_at(std::string_view name) const;
  Result<double> number_at(std::string_view name) const;
  Result<Reader> object_at(std::string_view name) const;
  Result<std::vector<Reader>> array_at(std::string_view name) const;

  Result<std::optional<std::string>> optional_string(std::string_view name) const;
  Result<std::optional<bool>> optional_bool(std::string_view name) const;
  Result<std::optional<std::int64_t>> optional_int(std::string_view name) const;
  Result<std::optional<Reader>> optional_object(std::string_view name) const;
  /// Empty when absent.
  Result<std::vector<Reader>> optional_array(std::string_view name) const;

  /// INVALID_ARGUMENT JSON_UNKNOWN_MEMBER unless every member's name is in `names`; for forms that are ours alone.
  Result<void> only(std::initializer_list<std::string_view> names) const;

 private:
  Error wrong_kind(std::string_view expected) const;

  const Value* value_;
  std::string path_;
};

}  // namespace pratique::json
