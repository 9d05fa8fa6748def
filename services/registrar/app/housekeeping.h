// What is looked at now and then beside the calls, for the metrics.
#pragma once

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/census.h"

namespace pratique::registrar {

class Housekeeping {
 public:
  /// All outlive it.
  Housekeeping(Surroundings surroundings, const obs::Log& log, obs::Metrics& metrics);
  /// Any number of replicas may do it at once.
  void run();

 private:
  Result<void> count();

  pg::Pool& pool_;
  const Clock& clock_;
  const obs::Log& log_;
  std::map<DeviceState, obs::Gauge> devices_;
  obs::Gauge pending_approvals_, audit_entries_, events_, in_use_, idle_, waiting_;
  obs::Gauge ends_within_week_, ends_within_month_, ended_;
};

}  // namespace pratique::registrar
