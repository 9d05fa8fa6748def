#include "tools/pratique/device_view.h"

#include <fmt/format.h>

#include "tools/pratique/view.h"

namespace pratique::cli {

namespace v1 = pratique::registrar::v1;

std::string next_step(const v1::Device& device) {
  const auto word = device_word(device);
  switch (device.state()) {
    case v1::DEVICE_STATE_EXPECTED: return fmt::format("plug the device in, then: pratique devices explain {}", word);
    case v1::DEVICE_STATE_PENDING: return fmt::format("pratique approvals approve {} --reason WHY", word);
    case v1::DEVICE_STATE_ONBOARDING: return fmt::format("pratique onboarding list --device {}", word);
    case v1::DEVICE_STATE_ADMITTED: return fmt::format("pratique credentials list --device {}", word);
    case v1::DEVICE_STATE_QUARANTINED: return fmt::format("pratique release {} --reason WHY", word);
    case v1::DEVICE_STATE_RETIRED: return fmt::format("pratique audit list --subject {}", device.name());
    default: return fmt::format("pratique devices explain {}", word);
  }
}

void print_devices(Context& context, const v1::ListDevicesResponse& devices) {
  const ManufacturerNames manufacturers(context);
  Table table({{"SERIAL"},
               {"STATE"},
               {"MANUFACTURER", Column::shrinks},
               {"MODEL", Column::shrinks},
               {"DISPLAY NAME", Column::shrinks},
               {"SEGMENT", Column::shrinks},
               {"LOCATION", Column::shrinks},
               {"SEEN"}});
  for (const auto& device : devices.devices())
    table.row({device.serial_number(), state_cell(word_of(device.state())), manufacturers.of(device.manufacturer()),
               device.model(), device.display_name(), device.effective_segment(), device.location(),
               since(context, device.last_seen_time())});
  table.print(context.console, "no devices");
  tell_cut(context, devices, devices.next_page_token());
  context.console.next(devices.devices().empty() ? "pratique devices add SERIAL --manufacturer NAME"
                                                 : "pratique devices explain " + device_word(devices.devices(0)));
}

void print_device(Context& context, const v1::Device& device, const Whereabouts& now) {
  const ManufacturerNames manufacturers(context);
  Details details;
  details.add("name", device.name()).add("serial number", Cell(device.serial_number(), Tone::strong));
  details.add("display name", device.display_name()).add("state", state_cell(word_of(device.state())));
  details.add("manufacturer", manufacturers.of(device.manufacturer())).add("model", device.model());
  details.add("segment", device.effective_segment())
      .add("credential profile", device.effective_credential_profile());
  details.add("location", device.location()).add("labels", pairs_text(device.labels()));
  details.add("announced", when(context, device.create_time())).add("changed", when(context, device.update_time()));
  const auto seen = when(context, device.last_seen_time());
  details.add("seen", seen.empty() ? "never" : seen);
  details.add("onboarded",
              device.onboarding_count() == 1 ? "once" : fmt::format("{} times", device.onboarding_count()));
  details.add("decision", device.decision()).add("credential", device.credential());
  details.add("IDevID key", device.idevid_fingerprint()).add("MUD URL", device.mud_url());
  details.print(context.console);
  print_whereabouts(context, now);
  context.console.next(next_step(device));
}

}  // namespace pratique::cli
