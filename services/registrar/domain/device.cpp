#include "services/registrar/domain/device.h"

namespace pratique::registrar {

Facts device_facts(const Device& device) {
  Facts facts{{"manufacturer", name_of(device.manufacturer)},
              {"serial_number", device.serial_number},
              {"model", device.model},
              {"state", std::string(to_string(device.state))},
              {"segment", effective_segment(device)},
              {"credential_profile", effective_profile(device)},
              {"location", device.location},
              {"idevid_fingerprint", device.idevid_fingerprint},
              {"mud_url", device.mud_url},
              {"credential", name_of(device.credential)}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

Result<void> check_device(const Device& device) {
  TRY_VOID(check_text("device.serial_number", device.serial_number, kMaxSerialNumber, Presence::required));
  TRY_VOID(check_text("device.model", device.model, kMaxModel, Presence::optional));
  TRY_VOID(check_text("device.display_name", device.display_name, kMaxDisplayName, Presence::optional));
  TRY_VOID(check_text("device.location", device.location, kMaxLocation, Presence::optional));
  TRY_VOID(check_word("device.segment", device.segment, kMaxSegment, Presence::optional));
  TRY_VOID(check_word("device.credential_profile", device.credential_profile, kMaxProfile, Presence::optional));
  return check_labels("device.labels", device.labels);
}

}  // namespace pratique::registrar
