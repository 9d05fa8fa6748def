#include "tools/factory/device_register.h"

#include <algorithm>

#include "libs/base/base64.h"
#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"

namespace pratique::factory {
namespace {

constexpr std::string_view kSuffix = ".json";

std::string file_of(std::string_view serial) { return std::string(serial) + std::string(kSuffix); }

Result<MadeDevice> read(std::string_view text) {
  TRY(const auto document, json::parse(text));
  const json::Reader facts(document);
  TRY(auto serial, facts.string_at("serial"));
  TRY(auto model, facts.string_at("model"));
  TRY(auto mud_url, facts.string_at("mud_url"));
  TRY(const auto made_on_text, facts.string_at("made_on"));
  TRY(const auto made_on, parse_rfc3339(made_on_text));
  TRY(const auto blocked, facts.bool_at("blocked"));
  TRY(const auto key_text, facts.string_at("key"));
  TRY(const auto spki, base64_decode(key_text));
  TRY(auto key, crypto::PublicKey::parse_spki(spki));
  return MadeDevice{std::move(serial), std::move(model), std::move(mud_url), made_on, std::move(key), blocked};
}

}  // namespace

bool is_serial(std::string_view serial) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.:";
  return !serial.empty() && serial.size() <= kMaxSerial && serial.front() != '.' &&
         serial.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<std::optional<MadeDevice>> DeviceRegister::find(std::string_view serial) const {
  if (!is_serial(serial)) return std::optional<MadeDevice>{};
  TRY(const auto text, folder_.find(file_of(serial)));
  if (!text) return std::optional<MadeDevice>{};
  auto device = read(*text);
  if (device && device->serial == serial) return std::optional(*std::move(device));
  return Error{ErrorCode::data_loss, "REGISTER_INVALID",
               file_of(serial) + ": " + (device ? "is of another device" : device.error().message)};
}

Result<void> DeviceRegister::put(const MadeDevice& device) const {
  if (!is_serial(device.serial))
    return invalid("SERIAL_INVALID", "a serial number is 1 to 64 letters, digits, '-', '.' or ':', not from '.'");
  auto facts = json::Value::object();
  facts.set("serial", device.serial)
      .set("model", device.model)
      .set("mud_url", device.mud_url)
      .set("made_on", format_rfc3339(device.made_on))
      .set("blocked", device.blocked)
      .set("key", base64_encode(device.key.spki()));
  return folder_.put(file_of(device.serial), facts.dump() + "\n");
}

Result<std::vector<MadeDevice>> DeviceRegister::list() const {
  std::vector<MadeDevice> out;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder_.root(), failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const auto& path = entry->path();
    if (path.extension() != kSuffix) continue;
    TRY(auto device, find(path.stem().string()));
    if (device) out.push_back(*std::move(device));
  }
  std::ranges::sort(out, {}, &MadeDevice::serial);
  return out;
}

}  // namespace pratique::factory
