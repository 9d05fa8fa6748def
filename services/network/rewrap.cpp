#include "services/network/rewrap.h"

#include "services/network/storage/switches.h"

namespace pratique::network {
namespace {

constexpr int kSwitchesAtOnce = 100;
constexpr std::chrono::seconds kLimit{30};

Result<bool> rewrap_one(pg::Tx& tx, const SwitchSecrets& secrets, const SwitchId& id) {
  TRY_VOID(lock_switch(tx, id));
  TRY(const auto sealed, load_switch_secret(tx, id));
  TRY(const auto again, secrets.rewrap(sealed));
  if (!again) return false;
  TRY_VOID(set_switch_secret(tx, id, *again));
  return true;
}

}  // namespace

Result<RewrapReport> rewrap_all(pg::Pool& pool, const SwitchSecrets& secrets) {
  RewrapReport report;
  std::string after;
  for (bool more = true; more;) {
    TRY(const auto page, pool.read(pg::within(kLimit), [&](pg::Tx& tx) {
      return list_switches(tx, {}, after, kSwitchesAtOnce);
    }));
    for (const auto& one : page) {
      auto done = pool.with(pg::within(kLimit), [&](pg::Tx& tx) { return rewrap_one(tx, secrets, one.id); });
      if (!done && done.error().code == ErrorCode::not_found) continue;  // deleted meanwhile
      TRY(const bool rewrapped, std::move(done).with_context(one.name));
      ++report.looked_at;
      report.rewrapped += rewrapped ? 1 : 0;
      after = one.name;
    }
    more = page.size() == kSwitchesAtOnce;
  }
  return report;
}

}  // namespace pratique::network
