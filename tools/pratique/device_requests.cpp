#include "tools/pratique/device_requests.h"

#include "tools/pratique/link/message_text.h"
#include "tools/pratique/names.h"

namespace pratique::cli {

namespace v1 = pratique::registrar::v1;

std::vector<Option> device_options() {
  return {Option::text("display-name", "TEXT", "what people call it"),
          Option::text("location", "SITE", "where it is expected"),
          Option::text("segment", "NAME", "network segment; empty: as policy decides"),
          Option::text("credential-profile", "NAME", "profile of the local CA; empty: as policy decides"),
          Option::many("label", "KEY=VALUE", "any number of them; KEY= takes one away")};
}

Result<v1::Device> new_device(const Arguments& arguments, const std::string& manufacturer) {
  v1::Device out;
  out.set_serial_number(serial_number(arguments.text("SERIAL")));
  out.set_manufacturer(manufacturer);
  out.set_model(arguments.text("model"));
  out.set_display_name(arguments.text("display-name"));
  out.set_location(arguments.text("location"));
  out.set_segment(arguments.text("segment"));
  out.set_credential_profile(arguments.text("credential-profile"));
  TRY(const auto labels, arguments.pairs("label"));
  for (const auto& [key, value] : labels)
    if (!value.empty()) (*out.mutable_labels())[key] = value;
  return out;
}

v1::ListDevicesRequest list_devices_request(const Arguments& arguments, const std::string& manufacturer) {
  v1::ListDevicesRequest out;
  out.set_state(value_of<v1::DeviceState>(arguments.text("state")));
  out.set_manufacturer(manufacturer);
  out.set_segment(arguments.text("segment"));
  out.set_search(arguments.text("search"));
  return out;
}

Result<void> apply_changes(const Arguments& arguments, v1::Device& device, google::protobuf::FieldMask& mask) {
  const auto set = [&](std::string_view option, const char* field, auto setter) {
    const auto value = arguments.find(option);
    if (!value) return;
    (device.*setter)(*value);
    mask.add_paths(field);
  };
  using Setter = void (v1::Device::*)(const std::string&);
  set("display-name", "display_name", static_cast<Setter>(&v1::Device::set_display_name<const std::string&>));
  set("location", "location", static_cast<Setter>(&v1::Device::set_location<const std::string&>));
  set("segment", "segment", static_cast<Setter>(&v1::Device::set_segment<const std::string&>));
  set("credential-profile", "credential_profile",
      static_cast<Setter>(&v1::Device::set_credential_profile<const std::string&>));
  TRY(const auto labels, arguments.pairs("label"));
  for (const auto& [key, value] : labels) {
    if (value.empty()) device.mutable_labels()->erase(key);
    else (*device.mutable_labels())[key] = value;
  }
  if (!labels.empty()) mask.add_paths("labels");
  if (mask.paths_size() == 0) return invalid("NOTHING_TO_CHANGE", "say what to change, e.g. --location SITE");
  return {};
}

}  // namespace pratique::cli
