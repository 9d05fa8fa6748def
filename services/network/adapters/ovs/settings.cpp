#include "services/network/adapters/ovs/settings.h"

#include <algorithm>

#include "services/network/adapters/settings/settings_reader.h"

namespace pratique::network {
namespace {

constexpr std::int64_t kLeastMilliseconds = 10, kMostMilliseconds = 3'600'000;

Result<OnboardingService> read_service(const json::Reader& in) {
  TRY_VOID(in.only({"address", "port"}));
  TRY_VOID(in.string_at("address"));
  TRY_VOID(in.int_at("port"));
  TRY(const auto address, read_address(in, "address"));
  TRY(const auto port, read_port(in, "port"));
  return OnboardingService{.address = address.value_or(IpAddress()), .port = port.value_or(0)};
}

Result<void> read_time(const json::Reader& in, std::string_view key, std::chrono::milliseconds& out) {
  return read_milliseconds(in, key, kLeastMilliseconds, kMostMilliseconds, out);
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
    TRY_VOID(read_flag(*onboarding, "dhcp", out.onboarding.dhcp));
    TRY_VOID(read_flag(*onboarding, "mdns", out.onboarding.mdns));
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
  return parse_settings<OvsConfig>(settings, read_settings);
}

}  // namespace pratique::network
