// From a switch as operators registered it to the adapter that drives it: the one list of kinds of switches.
#pragma once

#include <memory>
#include <vector>

#include "services/network/adapters/radius/exchanges.h"
#include "services/network/adapters/radius/with_disconnect.h"
#include "services/network/app/adapter.h"
#include "services/network/domain/switch.h"
#include "services/network/secrets.h"
#include "services/network/storage/keepers.h"

namespace pratique::network {

/// INVALID_ARGUMENT FIELD_INVALID: what the adapter of this kind says to its settings. An app::SettingsCheck.
Result<void> check_settings(SwitchKind kind, std::string_view settings);

/// All that is stored of a switch and that its adapter needs.
struct SwitchRecord {
  Switch on_switch = {};
  SwitchSecret secret = {};
  std::vector<PortAuthenticator> authenticators = {};
};
/// Of a switch of kind ovs: where the sessions of its ports end by Disconnect-Request, and where they ought to and
/// cannot.
DisconnectAt disconnects_of(const SwitchRecord& record, const SwitchSecrets& secrets);
/// It connects by itself, and tells nothing before watch(). FAILED_PRECONDITION SWITCH_SECRET_MISSING: a switch of kind
/// radius cannot be told anything without; the errors of opening one.
Result<std::unique_ptr<SwitchAdapter>> make_adapter(const SwitchRecord& record, const SwitchSecrets& secrets,
                                                    const std::shared_ptr<Exchanges>& exchanges);

}  // namespace pratique::network
