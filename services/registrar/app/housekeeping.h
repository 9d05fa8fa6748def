// What is done now and then beside the calls: forgetting old events and request ids, taking the census for the metrics.
#pragma once

#include <chrono>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/census.h"

namespace pratique::registrar {

struct RetentionConfig {
  std::chrono::hours events{30 * 24};    // how long a follower may be away and still find its place
  std::chrono::hours request_ids{7 * 24};  // how late a repeated request is recognised
};

class Housekeeping {
 public:
  /// All outlive it.
  Housekeeping(Surroundings surroundings, RetentionConfig retention, const obs::Log& log, obs::Metrics& metrics);
  /// Any number of replicas may do it at once.
  void run();

 private:
  Result<std::int64_t> forget();
  Result<void> count();

  pg::Pool& pool_;
  const Clock& clock_;
  RetentionConfig retention_;
  const obs::Log& log_;
  std::map<DeviceState, obs::Gauge> devices_;
  obs::Gauge pending_approvals_, audit_entries_, events_, in_use_, idle_, waiting_;
};

}  // namespace pratique::registrar
