#include "services/network/app/registrar.h"

#include <algorithm>

#include "libs/base/hex.h"

namespace pratique::network {
namespace {

Error unreadable(const RegistrarEvent& event, std::string_view what) {
  return invalid("REGISTRAR_EVENT_UNREADABLE", "event '" + event.type + "': " + std::string(what))
      .with("cursor", std::to_string(event.cursor));
}

std::string fact(const RegistrarEvent& event, const std::string& name) {
  const auto found = event.facts.find(name);
  return found == event.facts.end() ? std::string() : found->second;
}

}  // namespace

std::string plain_serial(std::string_view hex) {
  std::string out(hex.size() % 2, '0');
  for (const char c : hex) out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  while (out.size() > 2 && out.starts_with("00")) out.erase(0, 2);
  return out;
}

Result<Grant> read_grant(const RegistrarEvent& event) {
  const auto device = DeviceId::parse_name(event.subject);
  if (!device) return unreadable(event, "the subject is no device");
  const auto state = fact(event, "state");
  if (state.empty()) return unreadable(event, "no state");
  return Grant{.device = *device, .standing = standing_of(state), .segment = fact(event, "segment"),
               .serial_number = fact(event, "serial_number"), .decided_at = event.at, .cursor = event.cursor};
}

Result<Credential> read_credential(const RegistrarEvent& event) {
  const auto device = DeviceId::parse_name(fact(event, "device"));
  if (!device) return unreadable(event, "no device");
  const auto not_after = parse_rfc3339(fact(event, "not_after"));
  if (!not_after) return unreadable(event, "no not_after");
  const auto serial = plain_serial(fact(event, "certificate_serial"));
  const auto key_id = fact(event, "authority_key_id");
  if (serial.empty() || !hex_decode(serial)) return unreadable(event, "no certificate_serial");
  const auto key = hex_decode(key_id);
  if (key_id.empty() || !key) return unreadable(event, "no authority_key_id");
  const bool live = event.type == "credential.issued";
  return Credential{.serial = serial, .authority_key_id = hex_encode(*key), .device = *device, .live = live,
                    .reason = live ? "" : event.type.substr(event.type.find('.') + 1), .not_after = *not_after};
}

}  // namespace pratique::network
