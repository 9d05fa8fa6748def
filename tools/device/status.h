// What a device is and has, without its secrets.
#pragma once

#include <optional>
#include <string>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/codec/json/value.h"
#include "tools/device/device.h"

namespace pratique::device {

enum class State { as_made, asking, voucher_accepted, onboarded };
std::string_view to_string(State state);

struct Status {
  State state = State::as_made;
  std::string serial, subject, masa_url, mud_url;  // of the IDevID
  std::string registrar = {};
  struct Certificate {
    std::string subject, issuer, serial_hex;
    Timestamp not_after = {};
  };
  std::optional<Certificate> ldevid = {};
};

Result<Status> read_status(const Device& device);
json::Value to_json(const Status& status);
/// Lines for people.
std::string text_of(const Status& status);

}  // namespace pratique::device
