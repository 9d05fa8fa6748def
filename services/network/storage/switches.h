// Switches, and how each is seen to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/switch.h"

namespace pratique::network {

/// With its lease. False if the name or the NAS address is taken: nothing was written.
/// NOT_FOUND SITE_UNKNOWN.
Result<bool> insert_switch(pg::Tx& tx, const Switch& one);
/// NOT_FOUND SWITCH_UNKNOWN.
Result<Switch> get_switch(pg::Tx& tx, const SwitchId& id);
Result<Switch> lock_switch(pg::Tx& tx, const SwitchId& id);
/// Everything that operators write, update_time and version; kind stays. ALREADY_EXISTS SWITCH_EXISTS. Locked.
Result<void> update_switch(pg::Tx& tx, Switch& one);
/// FAILED_PRECONDITION SWITCH_IN_USE where it has ports.
Result<void> delete_switch(pg::Tx& tx, const SwitchId& id);

struct SwitchFilter {
  SiteId site = {};
  std::optional<SwitchKind> kind = {};
  bool troubled = false;  // only those with a problem
};
/// By name, behind `after`.
Result<std::vector<Switch>> list_switches(pg::Tx& tx, const SwitchFilter& filter, std::string_view after, int limit);

/// The two forms of its RADIUS secret. Never part of Switch, so that no answer can show one.
Result<void> set_switch_secret(pg::Tx& tx, const SwitchId& id, const SwitchSecret& secret);
Result<SwitchSecret> load_switch_secret(pg::Tx& tx, const SwitchId& id);

/// It answered. True if a problem was noted until now.
Result<bool> switch_answered(pg::Tx& tx, const SwitchId& id, Timestamp now);
/// It has a problem. True if it had none, or another.
Result<bool> switch_troubled(pg::Tx& tx, const SwitchId& id, std::string_view problem, std::string_view message,
                             Timestamp now);

}  // namespace pratique::network
