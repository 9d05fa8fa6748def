#include "libs/codec/json/reader.h"

#include <algorithm>

namespace pratique::json {

Error Reader::error(std::string_view reason, std::string_view what) const {
  return invalid(reason, path_ + ": " + std::string(what));
}

Error Reader::wrong_kind(std::string_view expected) const {
  return error("JSON_TYPE", "expected " + std::string(expected) + ", found " + std::string(describe(value_->kind())));
}

Result<std::string> Reader::as_string() const {
  if (const auto* text = value_->as_string()) return *text;
  return wrong_kind("a string");
}

Result<bool> Reader::as_bool() const {
  if (const auto* flag = value_->as_bool()) return bool{*flag};
  return wrong_kind("a boolean");
}

Result<std::int64_t> Reader::as_int() const {
  if (const auto* number = value_->as_int()) return std::int64_t{*number};
  return wrong_kind("an integer");
}

Result<double> Reader::as_number() const {
  if (const auto* number = value_->as_double()) return double{*number};
  if (const auto* whole = value_->as_int()) return static_cast<double>(*whole);
  return wrong_kind("a number");
}

Result<Reader> Reader::as_object() const {
  if (value_->as_object()) return Reader(*this);
  return wrong_kind("an object");
}

Result<std::vector<Reader>> Reader::as_array() const {
  const auto* array = value_->as_array();
  if (!array) return wrong_kind("an array");
  std::vector<Reader> out;
  out.reserve(array->size());
  for (const auto& element : *array) out.emplace_back(element, path_ + "[" + std::to_string(out.size()) + "]");
  return out;
}

bool Reader::has(std::string_view name) const { return find(name).has_value(); }

std::optional<Reader> Reader::find(std::string_view name) const {
  const auto* member = value_->find(name);
  if (!member || member->is_null()) return std::nullopt;
  return Reader(*member, path_ + "." + std::string(name));
}

Result<Reader> Reader::at(std::string_view name) const {
  if (!value_->as_object()) return wrong_kind("an object");
  if (auto member = find(name)) return *std::move(member);
  return invalid("JSON_MISSING", path_ + "." + std::string(name) + ": is missing");
}

Result<std::string> Reader::string_at(std::string_view name) const {
  TRY(const auto member, at(name));
  return member.as_string();
}

Result<bool> Reader::bool_at(std::string_view name) const {
  TRY(const auto member, at(name));
  return member.as_bool();
}

Result<std::int64_t> Reader::int_at(std::string_view name) const {
  TRY(const auto member, at(name));
  return member.as_int();
}

Result<double> Reader::number_at(std::string_view name) const {
  TRY(const auto member, at(name));
  return member.as_number();
}

Result<Reader> Reader::object_at(std::string_view name) const {
  TRY(const auto member, at(name));
  return member.as_object();
}

Result<std::vector<Reader>> Reader::array_at(std::string_view name) const {
  TRY(const auto member, at(name));
  return member.as_array();
}

Result<std::optional<std::string>> Reader::optional_string(std::string_view name) const {
  const auto member = find(name);
  if (!member) return std::optional<std::string>{};
  TRY(auto text, member->as_string());
  return std::optional(std::move(text));
}

Result<std::optional<bool>> Reader::optional_bool(std::string_view name) const {
  const auto member = find(name);
  if (!member) return std::optional<bool>{};
  TRY(const auto flag, member->as_bool());
  return std::optional(flag);
}

Result<std::optional<std::int64_t>> Reader::optional_int(std::string_view name) const {
  const auto member = find(name);
  if (!member) return std::optional<std::int64_t>{};
  TRY(const auto number, member->as_int());
  return std::optional(number);
}

Result<std::optional<Reader>> Reader::optional_object(std::string_view name) const {
  const auto member = find(name);
  if (!member) return std::optional<Reader>{};
  TRY(auto object, member->as_object());
  return std::optional(std::move(object));
}

Result<std::vector<Reader>> Reader::optional_array(std::string_view name) const {
  const auto member = find(name);
  if (!member) return std::vector<Reader>{};
  return member->as_array();
}

Result<void> Reader::only(std::initializer_list<std::string_view> names) const {
  TRY_VOID(as_object());
  for (const auto& member : *value_->as_object())
    if (std::ranges::find(names, member.name) == names.end())
      return error("JSON_UNKNOWN_MEMBER", "unknown member '" + member.name + "'");
  return {};
}

}  // namespace pratique::json
