#include "tools/pratique/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;
constexpr std::string_view kSerial = "serial:";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

Result<v1::ListManufacturersResponse> all_manufacturers(Context& context) {
  return list<v1::ListManufacturersResponse>(context.api, v1::ListManufacturersRequest(), kAllOfThem);
}

}  // namespace

std::string resource_name(std::string_view collection, std::string_view typed) {
  auto id = typed;
  if (id.starts_with(collection) && id.size() > collection.size() && id[collection.size()] == '/')
    id.remove_prefix(collection.size() + 1);
  const auto uuid = parse_uuid(id);
  return uuid ? fmt::format("{}/{}", collection, *uuid) : "";
}

std::string serial_number(std::string_view typed) {
  return std::string(typed.starts_with(kSerial) ? typed.substr(kSerial.size()) : typed);
}

Result<v1::Device> get_device(Context& context, std::string_view typed) {
  v1::GetDeviceRequest request;
  request.set_name(resource_name("devices", typed));
  if (request.name().empty()) {
    request.set_name("devices/-");
    request.set_serial_number(serial_number(typed));
  }
  return context.api.call<v1::Device>(request);
}

Result<std::string> device_name(Context& context, std::string_view typed) {
  if (typed.empty()) return std::string();
  if (auto name = resource_name("devices", typed); !name.empty()) return name;
  TRY(const auto device, get_device(context, typed));
  return device.name();
}

std::string device_word(const v1::Device& device) {
  const auto& serial = device.serial_number();
  if (serial.empty()) return device.name();
  const bool mistaken =
      serial.starts_with(kSerial) || serial.starts_with('-') || !resource_name("devices", serial).empty();
  return shell_word((mistaken ? std::string(kSerial) : std::string()) + serial);
}

const v1::Manufacturer* find_by_display_name(const v1::ListManufacturersResponse& all, std::string_view typed) {
  const v1::Manufacturer* found = nullptr;
  for (const auto& one : all.manufacturers()) {
    if (one.display_name() == typed) return &one;
    if (lower(one.display_name()) != lower(typed)) continue;
    if (found != nullptr) return nullptr;
    found = &one;
  }
  return found;
}

Result<v1::Manufacturer> get_manufacturer(Context& context, std::string_view typed) {
  if (const auto name = resource_name("manufacturers", typed); !name.empty())
    return get_by_name<v1::Manufacturer, v1::GetManufacturerRequest>(context, name);
  TRY(const auto all, all_manufacturers(context));
  if (const auto* found = find_by_display_name(all, typed)) return *found;
  return not_found("MANUFACTURER_UNKNOWN", fmt::format("no manufacturer is called '{}'", typed));
}

Result<std::string> manufacturer_name(Context& context, std::string_view typed) {
  if (auto name = resource_name("manufacturers", typed); !name.empty() || typed.empty()) return name;
  TRY(const auto found, get_manufacturer(context, typed));
  return found.name();
}

ManufacturerNames::ManufacturerNames(Context& context) {
  if (context.console.json()) return;
  const auto all = all_manufacturers(context);
  if (!all) return;
  for (const auto& one : all->manufacturers()) names_[one.name()] = one.display_name();
}

std::string ManufacturerNames::of(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? short_name(name) : found->second;
}

}  // namespace pratique::cli
