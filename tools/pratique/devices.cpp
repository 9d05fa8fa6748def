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
  return answer(context, device, [&] { print_device(context, device); });
}

Result<void> add_device(Context& context, const Arguments& arguments) {
  TRY(const auto manufacturer, manufacturer_name(context, arguments.text("manufacturer")));
  TRY(auto wanted, new_device(arguments, manufacturer));
  v1::CreateDeviceRequest request;
  *request.mutable_device() = std::move(wanted);
  request.set_request_id(context.request_id());
  TRY(const auto device, context.api.call<v1::Device>(request));
  return answer(context, device, [&] { print_device(context, device); });
}

Result<void> update_device(Context& context, const Arguments& arguments) {
  TRY(auto device, get_device(context, arguments.text("DEVICE")));
  v1::UpdateDeviceRequest request;
  TRY_VOID(apply_changes(arguments, device, *request.mutable_update_mask()));
  *request.mutable_device() = std::move(device);
  request.set_request_id(context.request_id());
  TRY(const auto changed, context.api.call<v1::Device>(request));
  return answer(context, changed, [&] { print_device(context, changed); });
}

// The four verbs differ in their request alone.
template <typename Request>
Result<void> change_state(Context& context, const Arguments& arguments, std::string_view confirm) {
  TRY(const auto before, get_device(context, arguments.text("DEVICE")));
  if (!confirm.empty())
    TRY_VOID(context.console.confirm(fmt::format(fmt::runtime(confirm), before.serial_number()), arguments.has("yes")));
  Request request;
  request.set_name(before.name());
  request.set_reason(arguments.text("reason"));
  request.set_request_id(context.request_id());
  TRY(const auto device, context.api.call<v1::Device>(request));
  return answer(context, device, [&] {
    context.console.line(fmt::format("device {} is {}, it was {}", device.serial_number(), word_of(device.state()),
                                     word_of(before.state())));
    context.console.next(next_step(device));
  });
}

Result<void> quarantine(Context& context, const Arguments& arguments) {
  return change_state<v1::QuarantineDeviceRequest>(context, arguments, "");
}
Result<void> release(Context& context, const Arguments& arguments) {
  return change_state<v1::ReleaseDeviceRequest>(context, arguments, "");
}
Result<void> retire(Context& context, const Arguments& arguments) {
  return change_state<v1::RetireDeviceRequest>(context, arguments,
                                               "end the life of {} here for good and revoke all its credentials");
}
Result<void> reset(Context& context, const Arguments& arguments) {
  return change_state<v1::ResetDeviceRequest>(
      context, arguments, "revoke the credentials of {} and let it onboard anew (it must have been wiped)");
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
          {.words = "devices add",
           .help = "announce a device: it may onboard by its serial number",
           .operands = {{"SERIAL", "serial number of its IDevID"}},
           .options = std::move(add),
           .run = add_device},
          {.words = "devices update",
           .help = "change what we say of a device",
           .operands = {device},
           .options = device_options(),
           .run = update_device},
          {.words = "devices quarantine",
           .help = "take the network away from a device",
           .operands = {device},
           .options = {reason_option()},
           .run = quarantine},
          {.words = "devices release",
           .help = "end a quarantine",
           .operands = {device},
           .options = {reason_option()},
           .run = release},
          {.words = "devices retire",
           .help = "end a device's life here; cannot be undone",
           .operands = {device},
           .options = {reason_option(), yes_option()},
           .run = retire},
          {.words = "devices reset",
           .help = "let a wiped device onboard again",
           .operands = {device},
           .options = {reason_option(), yes_option()},
           .run = reset}};
}

}  // namespace pratique::cli
