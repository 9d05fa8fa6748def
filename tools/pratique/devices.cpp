#include "tools/pratique/devices.h"

#include <fmt/format.h>

#include "tools/pratique/device_requests.h"
#include "tools/pratique/device_view.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;

Result<void> list_devices(Context& context, const Arguments& arguments) {
  TRY(const auto limit, limit_of(arguments));
  TRY(const auto manufacturer, manufacturer_name(context, arguments.text("manufacturer")));
  TRY(const auto devices,
      list<v1::ListDevicesResponse>(context.api, list_devices_request(arguments, manufacturer), limit));
  return answer(context, devices, [&] { print_devices(context, devices); });
}

Result<void> show_device(Context& context, const Arguments& arguments) {
  TRY(const auto device, get_device(context, arguments.text("DEVICE")));
  return answer(context, device, [&] { print_device(context, device, look_for(context, device.name())); });
}

Result<void> show_admission(Context& context, const Arguments& arguments) {
  network::v1::GetDeviceAdmissionRequest request;
  TRY(*request.mutable_device(), device_name(context, arguments.text("DEVICE")));
  TRY(auto admission, context.api.call<network::v1::DeviceAdmission>(request));
  return answer(context, admission, [&] {
    print_whereabouts(context, {.asked = true, .admission = admission});
    context.console.next("pratique devices explain " + shell_word(arguments.text("DEVICE")));
  });
}

Result<void> add_device(Context& context, const Arguments& arguments) {
  TRY(const auto manufacturer, manufacturer_name(context, arguments.text("manufacturer")));
  TRY(auto wanted, new_device(arguments, manufacturer));
  v1::CreateDeviceRequest request;
  *request.mutable_device() = std::move(wanted);
  request.set_request_id(context.request_id());
  TRY(const auto device, context.api.call<v1::Device>(request));
  return answer(context, device, [&] { print_device(context, device, {}); });
}

Result<void> update_device(Context& context, const Arguments& arguments) {
  TRY(auto device, get_device(context, arguments.text("DEVICE")));
  v1::UpdateDeviceRequest request;
  TRY_VOID(apply_changes(arguments, device, *request.mutable_update_mask()));
  *request.mutable_device() = std::move(device);
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Device>(request));
  return answer(context, changed, [&] { print_device(context, changed, {}); });
}

}  // namespace

std::vector<Command> device_commands() {
  const Operand device{"DEVICE", "serial number, UUID or devices/UUID"};
  auto add = device_options();
  add.insert(add.begin(),
             {Option::text("manufacturer", "NAME", "who made it").must(), Option::text("model", "TEXT", "its model")});
  return {{.words = "devices list",
           .help = "the devices, newest first",
           .options = {Option::one_of("state", words_of<v1::DeviceState>(), "in this state"),
                       Option::text("manufacturer", "NAME", "made by"),
                       Option::text("segment", "NAME", "for this network segment"),
                       Option::text("search", "TEXT", "part of serial number, model or display name"), limit_option()},
           .run = list_devices},
          {.words = "devices show", .help = "one device", .operands = {device}, .run = show_device},
          {.words = "devices admission",
           .help = "what a device may do on the network, what it does there, and why",
           .operands = {device},
           .run = show_admission},
          {.words = "devices add",
           .help = "announce a device: it may onboard by its serial number",
           .operands = {{"SERIAL", "serial number of its IDevID"}},
           .options = std::move(add),
           .run = add_device},
          {.words = "devices update",
           .help = "change what we say of a device",
           .operands = {device},
           .options = device_options(),
           .run = update_device}};
}

}  // namespace pratique::cli
