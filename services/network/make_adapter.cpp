#include "services/network/make_adapter.h"

#include "services/network/adapters/hostapd/hostapd_adapter.h"
#include "services/network/adapters/hostapd/with_authenticator.h"
#include "services/network/adapters/ovs/ovs_adapter.h"
#include "services/network/adapters/ovs/settings.h"
#include "services/network/adapters/radius/radius_adapter.h"
#include "services/network/adapters/radius/settings.h"
#include "services/network/adapters/radius/with_disconnect.h"
#include "services/network/domain/reasons.h"
#include "services/network/domain/registered_port.h"

namespace pratique::network {
namespace {

// Of hostapd beside its switch: near, and there is another way, so that it is asked in quick succession.
constexpr std::chrono::milliseconds kFirstWait{250}, kLongestWait{500};

Result<radius::SharedSecret> open_secret(const SwitchRecord& record, const SwitchSecrets& secrets) {
  if (record.secret.sealed.empty())
    return failed_precondition(kSwitchSecretMissing.code, kSwitchSecretMissing.meaning)
        .with("switch", record.on_switch.name);
  TRY(auto opened, secrets.open(record.on_switch.id, record.secret));
  return radius::SharedSecret::make(std::move(opened));
}

Result<std::unique_ptr<SwitchAdapter>> make_ovs(const SwitchRecord& record, const SwitchSecrets& secrets,
                                                const std::shared_ptr<Exchanges>& exchanges) {
  TRY(auto config, parse_ovs_settings(record.on_switch.settings));
  TRY(std::unique_ptr<SwitchAdapter> ports, OvsAdapter::make(std::move(config)));
  if (record.authenticators.empty()) return ports;
  HostapdConfig authenticators;
  for (const auto& one : record.authenticators) authenticators.ports.push_back({one.port, one.address});
  TRY(auto stations, make_hostapd_adapter(std::move(authenticators)));
  return with_authenticator(std::move(ports),
                            with_disconnect(std::move(stations), disconnects_of(record, secrets), exchanges));
}

Result<std::unique_ptr<SwitchAdapter>> make_radius(const SwitchRecord& record, const SwitchSecrets& secrets,
                                                   const std::shared_ptr<Exchanges>& exchanges) {
  const auto& one = record.on_switch;
  TRY(const auto settings, parse_radius_settings(one.settings));
  TRY(auto secret, open_secret(record, secrets));
  return make_radius_adapter(
      radius_switch(settings, one.nas_address.value_or(IpAddress()), one.nas_identifier, std::move(secret)), exchanges);
}

}  // namespace

DisconnectAt disconnects_of(const SwitchRecord& record, const SwitchSecrets& secrets) {
  const auto secret = open_secret(record, secrets);
  const auto& nas = record.on_switch;
  const auto make = [&](const std::string& text) -> Result<RadiusSwitch> {
    TRY(const auto at, parse_authorization_address(text));
    if (!secret) return secret.error();
    const RadiusSettings settings{
        .address = at.address,
        .port = at.port,
        .rules = {.retransmission = {.initial = kFirstWait, .maximum = kLongestWait}},
    };
    auto out = radius_switch(settings, nas.nas_address.value_or(at.address), nas.nas_identifier, *secret);
    out.where_nobody = NobodyListens::give_up;
    return out;
  };
  DisconnectAt out;
  for (const auto& port : record.authenticators)
    if (!port.disconnect_at.empty()) out.emplace(port.port, make(port.disconnect_at));
  return out;
}

Result<void> check_settings(SwitchKind kind, std::string_view settings) {
  switch (kind) {
    case SwitchKind::ovs: TRY_VOID(parse_ovs_settings(settings)); break;
    case SwitchKind::radius: TRY_VOID(parse_radius_settings(settings)); break;
  }
  return {};
}

Result<std::unique_ptr<SwitchAdapter>> make_adapter(const SwitchRecord& record, const SwitchSecrets& secrets,
                                                    const std::shared_ptr<Exchanges>& exchanges) {
  return record.on_switch.kind == SwitchKind::ovs ? make_ovs(record, secrets, exchanges)
                                                   : make_radius(record, secrets, exchanges);
}

}  // namespace pratique::network
