// Switches and their ports, as operators keep them. Each change is one transaction with its event, and done once for
// its request_id. `Edit` is given what is there (locked) and says what it is to be, or why not (a stale etag).
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "libs/base/call.h"
#include "libs/base/secret.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/ports.h"
#include "services/network/storage/switches.h"

namespace pratique::network {

/// INVALID_ARGUMENT FIELD_INVALID: what the adapter of this kind says to its settings.
using SettingsCheck = std::function<Result<void>(SwitchKind kind, std::string_view settings)>;
/// Seals a RADIUS secret in both forms. Its place is part of what is sealed.
using SecretSealer = std::function<Result<SwitchSecret>(const SwitchId& on_switch, const Secret& secret)>;

inline constexpr std::size_t kMinRadiusSecret = 16, kMaxRadiusSecret = 128;  // bytes

class Switches {
 public:
  Switches(Surroundings surroundings, SettingsCheck check, SecretSealer seal)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random), check_(std::move(check)),
        seal_(std::move(seal)) {}

  /// ALREADY_EXISTS SWITCH_EXISTS, NOT_FOUND SITE_UNKNOWN, INVALID_ARGUMENT FIELD_INVALID.
  Result<Switch> create(const Change& change, const Switch& wanted);
  /// NOT_FOUND SWITCH_UNKNOWN.
  Result<Switch> get(const Call& call, const SwitchId& id);
  /// By name, behind `after`.
  Result<std::vector<Switch>> list(const Call& call, const SwitchFilter& filter, std::string_view after, int limit);
  using Edit = std::function<Result<Switch>(const Switch& current)>;
  /// Everything that operators write counts, but kind.
  Result<Switch> update(const Change& change, const SwitchId& id, const Edit& edit);
  using Consent = std::function<Result<void>(const Switch& current)>;
  /// FAILED_PRECONDITION SWITCH_IN_USE while it has ports.
  Result<void> remove(const Change& change, const SwitchId& id, const Consent& consent);
  /// The secret that it shares with the RADIUS server.
  Result<Switch> set_secret(const Change& change, const SwitchId& id, const Secret& secret);
  /// Read all its ports now, without waiting for the next time.
  Result<Switch> observe(const Change& change, const SwitchId& id);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  SettingsCheck check_;
  SecretSealer seal_;
};

class Ports {
 public:
  explicit Ports(Surroundings surroundings)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random) {}

  /// ALREADY_EXISTS PORT_EXISTS, FAILED_PRECONDITION PORT_REFERENCE_UNKNOWN, INVALID_ARGUMENT FIELD_INVALID.
  Result<PortOverview> create(const Change& change, const RegisteredPort& wanted);
  /// NOT_FOUND PORT_UNKNOWN.
  Result<PortOverview> get(const Call& call, const PortId& id);
  /// Oldest first, behind `after`.
  Result<std::vector<PortOverview>> list(const Call& call, const PortFilter& filter, const PortId& after, int limit);
  using Edit = std::function<Result<RegisteredPort>(const RegisteredPort& current)>;
  /// Everything that operators write counts, but the switch.
  Result<PortOverview> update(const Change& change, const PortId& id, const Edit& edit);
  using Consent = std::function<Result<void>(const RegisteredPort& current)>;
  /// It is left as it is. FAILED_PRECONDITION PORT_IN_USE while somebody is logged on there.
  Result<void> remove(const Change& change, const PortId& id, const Consent& consent);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace pratique::network
