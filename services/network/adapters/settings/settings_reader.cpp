#include "services/network/adapters/settings/settings_reader.h"

#include <string>

#include "libs/codec/json/parse.h"

namespace pratique::network {

Error settings_wrong(const json::Reader& in, std::string_view key, std::string_view what) {
  const auto place = in.find(key);
  return (place ? *place : in).error("FIELD_INVALID", what);
}

Result<std::optional<std::int64_t>> read_number(const json::Reader& in, std::string_view key, std::int64_t least,
                                                std::int64_t most, std::string_view unit) {
  TRY(const auto given, in.optional_int(key));
  if (given && (*given < least || *given > most))
    return settings_wrong(in, key,
                          "must be from " + std::to_string(least) + " to " + std::to_string(most) + std::string(unit));
  return given;
}

Result<std::optional<IpAddress>> read_address(const json::Reader& in, std::string_view key) {
  TRY(const auto given, in.optional_string(key));
  if (!given) return std::optional<IpAddress>{};
  const auto parsed = IpAddress::parse(*given);
  if (!parsed) return settings_wrong(in, key, "must be an IP address");
  return std::optional(*parsed);
}

Result<std::optional<std::uint16_t>> read_port(const json::Reader& in, std::string_view key) {
  TRY(const auto given, read_number(in, key, 1, 65'535));
  if (!given) return std::optional<std::uint16_t>{};
  return std::optional(static_cast<std::uint16_t>(*given));
}

Result<void> read_milliseconds(const json::Reader& in, std::string_view key, std::int64_t least, std::int64_t most,
                               std::chrono::milliseconds& out) {
  TRY(const auto given, read_number(in, key, least, most, " milliseconds"));
  if (given) out = std::chrono::milliseconds(*given);
  return {};
}

Result<void> read_flag(const json::Reader& in, std::string_view key, bool& out) {
  TRY(const auto given, in.optional_bool(key));
  out = given.value_or(out);
  return {};
}

Result<json::Value> parse_settings_document(std::string_view settings) {
  auto document = json::parse(settings);
  if (!document) return settings_invalid(document.error());
  return document;
}

Error settings_invalid(const Error& why) {
  return invalid("FIELD_INVALID", why.message).with("field", kSettingsPlace);
}

}  // namespace pratique::network
