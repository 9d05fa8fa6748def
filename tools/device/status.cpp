#include "tools/device/status.h"

#include <fmt/format.h>

namespace pratique::device {

std::string_view to_string(State state) {
  switch (state) {
    case State::as_made: return "as_made";
    case State::asking: return "asking";
    case State::voucher_accepted: return "voucher_accepted";
    case State::onboarded: break;
  }
  return "onboarded";
}

Result<Status> read_status(const Device& device) {
  const auto& idevid = device.made().idevid();
  Status out{.serial = device.made().serial(),
             .subject = idevid.subject(),
             .masa_url = idevid.masa_url().value_or(""),
             .mud_url = idevid.mud_url().value_or("")};
  TRY(const auto credential, device.credential());
  if (credential) {
    out.state = State::onboarded;
    out.registrar = credential->registrar;
    const auto& ldevid = credential->ldevid();
    out.ldevid = {ldevid.subject(), ldevid.issuer(), ldevid.serial_hex(), ldevid.not_after()};
    return out;
  }
  TRY(const auto progress, device.progress());
  if (!progress) return out;
  out.state = progress->voucher ? State::voucher_accepted : State::asking;
  out.registrar = progress->registrar;
  return out;
}

json::Value to_json(const Status& status) {
  auto out = json::Value::object();
  out.set("state", to_string(status.state))
      .set("serial", status.serial)
      .set("subject", status.subject)
      .set("masa_url", status.masa_url)
      .set("mud_url", status.mud_url)
      .set("registrar", status.registrar);
  if (!status.ldevid) return out;
  auto ldevid = json::Value::object();
  ldevid.set("subject", status.ldevid->subject)
      .set("issuer", status.ldevid->issuer)
      .set("serial", status.ldevid->serial_hex)
      .set("not_after", format_rfc3339(status.ldevid->not_after));
  out.set("ldevid", std::move(ldevid));
  return out;
}

std::string text_of(const Status& status) {
  std::string out;
  const auto line = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += fmt::format("{:<10} {}\n", name, value);
  };
  line("state", to_string(status.state));
  line("serial", status.serial);
  line("subject", status.subject);
  line("MASA", status.masa_url);
  line("MUD", status.mud_url);
  line("registrar", status.registrar);
  if (status.ldevid) {
    line("LDevID", status.ldevid->subject);
    line("issuer", status.ldevid->issuer);
    line("number", status.ldevid->serial_hex);
    line("until", format_rfc3339(status.ldevid->not_after));
  }
  return out;
}

}  // namespace pratique::device
