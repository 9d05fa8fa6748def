// From what people type to resource names.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <pratique/registrar/v1/device.pb.h>
#include <pratique/registrar/v1/manufacturer.pb.h>

#include "tools/pratique/context.h"

namespace pratique::cli {

/// "<collection>/<uuid>" of that or of the UUID alone; "" for anything else. "serial:…" is always a serial number.
std::string resource_name(std::string_view collection, std::string_view typed);
/// A serial number as typed, less its "serial:".
std::string serial_number(std::string_view typed);

/// One resource by its name.
template <typename Resource, typename Request>
Result<Resource> get_by_name(Context& context, const std::string& name) {
  Request request;
  request.set_name(name);
  return context.api.call<Resource>(request);
}

/// By name, UUID or serial number.
Result<registrar::v1::Device> get_device(Context& context, std::string_view typed);
/// The resource name alone: asks only for serial numbers. "" for "".
Result<std::string> device_name(Context& context, std::string_view typed);
/// What to call a device on the command line: its serial number, or its name where that could be mistaken.
std::string device_word(const registrar::v1::Device& device);

/// By name, UUID or display name (in any case where that is unique). NOT_FOUND MANUFACTURER_UNKNOWN.
Result<registrar::v1::Manufacturer> get_manufacturer(Context& context, std::string_view typed);
Result<std::string> manufacturer_name(Context& context, std::string_view typed);
const registrar::v1::Manufacturer* find_by_display_name(const registrar::v1::ListManufacturersResponse& all,
                                                        std::string_view typed);

/// Display names by resource names, for tables: asks once. Where it may not or cannot, UUIDs stand for names.
class ManufacturerNames {
 public:
  explicit ManufacturerNames(Context& context);
  std::string of(const std::string& name) const;

 private:
  std::map<std::string, std::string> names_;
};

}  // namespace pratique::cli
