// Reads a switch's settings, which operators give as JSON: what every kind does alike.
//
//   Result<MySettings> read(const json::Reader& in) {
//     TRY_VOID(in.as_object());
//     TRY_VOID(in.only({"address", "poll_ms"}));
//     MySettings out;
//     TRY(out.address, read_address(in, "address"));
//     TRY_VOID(read_milliseconds(in, "poll_ms", 10, 60'000, out.poll));
//     return out;
//   }
//   TRY(const auto settings, parse_settings<MySettings>(text, read));
//
// Errors: INVALID_ARGUMENT FIELD_INVALID, evidence "field" network_switch.settings; the message names the place.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/base/ip_address.h"
#include "libs/base/result.h"
#include "libs/codec/json/reader.h"

namespace pratique::network {

/// Of the member, or of the whole where there is none of that name.
Error settings_wrong(const json::Reader& in, std::string_view key, std::string_view what);

// What is absent is nothing, or stays as it is.
Result<std::optional<std::int64_t>> read_number(const json::Reader& in, std::string_view key, std::int64_t least,
                                                std::int64_t most, std::string_view unit = "");
Result<std::optional<IpAddress>> read_address(const json::Reader& in, std::string_view key);
Result<std::optional<std::uint16_t>> read_port(const json::Reader& in, std::string_view key);
Result<void> read_milliseconds(const json::Reader& in, std::string_view key, std::int64_t least, std::int64_t most,
                               std::chrono::milliseconds& out);
Result<void> read_flag(const json::Reader& in, std::string_view key, bool& out);

/// The document; `Error` of whatever is wrong with settings.
Result<json::Value> parse_settings_document(std::string_view settings);
Error settings_invalid(const Error& why);
inline constexpr std::string_view kSettingsPlace = "network_switch.settings";

template <typename Settings, typename Read>
Result<Settings> parse_settings(std::string_view settings, const Read& read) {
  TRY(const auto document, parse_settings_document(settings));
  Result<Settings> out = read(json::Reader(document, std::string(kSettingsPlace)));
  if (!out) return settings_invalid(out.error());
  return out;
}

}  // namespace pratique::network
