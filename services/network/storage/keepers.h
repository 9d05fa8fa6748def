// Which replica keeps which switch. What a switch tells must be noted in its order, and an authenticator that only one
// machine can reach must not be called lost by another: so one replica at a time holds a switch's adapter, hears it and
// drives it. All times are the database's.
//
// A life is one start of a replica. It counts while it is renewed; the next start of the same replica ends it at once,
// and so does whoever sees that its process is gone (life_locks.h).
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/ids.h"

namespace pratique::network {

/// Nobody else renews or takes until the transaction ends. `locked`: others may judge it by its lock (life_locks.h).
Result<void> renew_life(pg::Tx& tx, std::string_view replica, std::string_view life, std::chrono::milliseconds length,
                        bool locked);
/// Its switches are free from now.
Result<void> end_life(pg::Tx& tx, std::string_view life);

/// Takes enabled switches that nobody keeps, and lets go of those that are disabled; how many were taken. A switch that
/// was taken is read anew, whatever its last keeper was at; that one's lease on it is over. After renew_life() in the
/// same transaction.
Result<std::int64_t> take_switches(pg::Tx& tx, std::string_view life);

/// What tells one adapter of a switch from its next.
struct KeptSwitch {
  SwitchId id = {};
  std::int64_t version = 0;
  std::string authenticators = {};  // a digest of its ports' authenticators
  auto operator<=>(const KeptSwitch&) const = default;
};
/// Ordered by id.
Result<std::vector<KeptSwitch>> kept_switches(pg::Tx& tx, std::string_view life);
/// False too where another life took it meanwhile. Locked against that until the transaction ends.
Result<bool> keeps(pg::Tx& tx, std::string_view life, const SwitchId& on_switch);

struct PortAuthenticator {
  std::string port = {};     // its name
  std::string address = {};  // of its authenticator
  std::string disconnect_at = {};  // where that one takes Disconnect-Requests; empty: nowhere
};
Result<std::vector<PortAuthenticator>> list_authenticators(pg::Tx& tx, const SwitchId& on_switch);

}  // namespace pratique::network
