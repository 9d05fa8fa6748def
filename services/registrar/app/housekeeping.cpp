#include "services/registrar/app/housekeeping.h"

#include "services/registrar/app/catalogue.h"

namespace pratique::registrar {
namespace {

constexpr std::chrono::seconds kLimit{30};

}  // namespace

Housekeeping::Housekeeping(Surroundings surroundings, const obs::Log& log, obs::Metrics& metrics)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      log_(log),
      pending_approvals_(metrics.gauge(kPendingApprovals)),
      audit_entries_(metrics.gauge(kAuditEntries)),
      events_(metrics.gauge(kEvents)),
      in_use_(metrics.gauge(kConnections, {"busy"})),
      idle_(metrics.gauge(kConnections, {"idle"})),
      waiting_(metrics.gauge(kWaiting)),
      ends_within_week_(metrics.gauge(kCredentialsExpiring, {"7d"})),
      ends_within_month_(metrics.gauge(kCredentialsExpiring, {"30d"})),
      ended_(metrics.gauge(kCredentialsExpired)) {
  for (const DeviceState state : kDeviceStates) devices_.emplace(state, metrics.gauge(kDevices, {to_string(state)}));
}

void Housekeeping::run() {
  const auto statistics = pool_.statistics();
  in_use_.set(static_cast<double>(statistics.in_use));
  idle_.set(static_cast<double>(statistics.idle));
  waiting_.set(static_cast<double>(statistics.waiting));
  if (const auto counted = count(); !counted) log_.write(kTidyFailed, counted.error());
}

Result<void> Housekeeping::count() {
  TRY(const auto census, pool_.read(pg::within(kLimit), [&](pg::Tx& tx) { return take_census(tx, clock_.now()); }));
  for (const auto& [state, number] : census.devices) devices_.at(state).set(static_cast<double>(number));
  pending_approvals_.set(static_cast<double>(census.pending_approvals));
  ends_within_week_.set(static_cast<double>(census.ends_within_week));
  ends_within_month_.set(static_cast<double>(census.ends_within_month));
  ended_.set(static_cast<double>(census.ended));
  audit_entries_.set(static_cast<double>(census.audit_entries));
  events_.set(static_cast<double>(census.events));
  return {};
}

}  // namespace pratique::registrar
