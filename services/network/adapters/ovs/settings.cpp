#include "services/network/adapters/ovs/settings.h"

#include <algorithm>

#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

constexpr std::int64_t kLeastMilliseconds = 10, kMostMilliseconds = 3'600'000;

Result<void> read_time(const json::Reader& in, std::string_view key, std::chrono::milliseconds& out) {
  TRY(const auto given, in.optional_int(key));
  if (!given) return {};
  if (*given < kLeastMilliseconds || *given > kMostMilliseconds)
    return in.at(key)->error("FIELD_INVALID", "must be from 10 to 3600000 milliseconds");
  out = std::chrono::milliseconds(*given);
  return {};
}

Result<OnboardingService> read_service(const json::Reader& in) {
  TRY_VOID(in.only({"address", "port"}));
  OnboardingService out;
  TRY(const auto address, in.string_at("address"));
  const auto parsed = IpAddress::parse(address);
  if (!parsed) return in.at("address")->error("FIELD_INVALID", "must be an IP address");
  out.address = *parsed;
  TRY(const auto port, in.int_at("port"));
  if (port < 1 || port > 65535) return in.at("port")->error("FIELD_INVALID", "must be from 1 to 65535");
  out.port = static_cast<std::uint16_t>(port);
  return out;
}

Result<OvsConfig> read_settings(const json::Reader& in) {
  TRY_VOID(in.as_object());
  TRY_VOID(in.only({"ovsdb", "openflow", "bridge", "onboarding", "connect_timeout_ms", "silence_ms", "poll_ms",
                    "longest_pause_ms"}));
  OvsConfig out;
  TRY(out.ovsdb, in.string_at("ovsdb"));
  TRY(out.openflow, in.string_at("openflow"));
  TRY(const auto bridge, in.optional_string("bridge"));
  if (bridge) out.bridge = *bridge;
  TRY(const auto onboarding, in.optional_object("onboarding"));
  if (onboarding) {
    TRY_VOID(onboarding->only({"services", "dhcp", "mdns"}));
    TRY(const auto services, onboarding->optional_array("services"));
    for (const auto& each : services) {
      TRY(const auto service, read_service(each));
      out.onboarding.services.push_back(service);
    }
    TRY(const auto dhcp, onboarding->optional_bool("dhcp"));
    TRY(const auto mdns, onboarding->optional_bool("mdns"));
    out.onboarding.dhcp = dhcp.value_or(out.onboarding.dhcp);
    out.onboarding.mdns = mdns.value_or(out.onboarding.mdns);
  }
  TRY_VOID(read_time(in, "connect_timeout_ms", out.connect_timeout));
  TRY_VOID(read_time(in, "silence_ms", out.silence));
  TRY_VOID(read_time(in, "poll_ms", out.poll));
  TRY_VOID(read_time(in, "longest_pause_ms", out.longest_pause));
  out.first_pause = std::min(out.first_pause, out.longest_pause);
  TRY_VOID(check_ovs_config(out));
  return out;
}

}  // namespace

Result<OvsConfig> parse_ovs_settings(std::string_view settings) {
  const auto invalid_settings = [](const Error& why) {
    return invalid("FIELD_INVALID", why.message).with("field", "network_switch.settings");
  };
  const auto root = json::parse(settings);
  if (!root) return invalid_settings(root.error());
  auto out = read_settings(json::Reader(*root, "network_switch.settings"));
  if (!out) return invalid_settings(out.error());
  return out;
}

}  // namespace pratique::network
