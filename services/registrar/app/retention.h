// How long what happened is kept, and forgetting it afterwards. What is never forgotten: storage/retention.h.
#pragma once

#include <chrono>
#include <map>
#include <string_view>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/retention.h"

namespace pratique::registrar {

/// 0: for ever.
struct RetentionConfig {
  std::chrono::hours events{30 * 24};            // how long a follower may be away and still find its place
  std::chrono::hours request_ids{7 * 24};        // how late a repeated request is recognised
  std::chrono::hours strangers{90 * 24};         // decisions and refusals about who is no registered device
  std::chrono::hours onboardings{400 * 24};      // of devices: decisions, refusals, telemetry, approvals, vouchers
  std::chrono::hours credentials{400 * 24};      // counted from the end of the certificate or of its use
  std::chrono::hours retired_devices{400 * 24};  // all of the above of devices that were retired
};
/// What happened lately decides how a repetition is counted (domain/decision.h).
inline constexpr std::chrono::hours kLeastRetention{24};

/// How long one run may take; the next goes on.
inline constexpr std::chrono::seconds kForgetBudget{10};

class Retention {
 public:
  /// All outlive it.
  Retention(Surroundings surroundings, RetentionConfig config, const obs::Log& log, obs::Metrics& metrics);
  /// Any number of replicas may do it at once. One line in the log where something was forgotten, or could not be.
  void run();

 private:
  enum class Kind { events, request_ids, decisions, refusals, telemetry, vouchers, approvals, credentials,
                    retired_devices };
  struct Run;
  Result<void> forget_all(Run& run);
  Result<void> repeat(Run& run, Kind kind, std::chrono::hours keep, auto&& step);
  static std::string_view word(Kind kind);

  pg::Pool& pool_;
  const Clock& clock_;
  RetentionConfig config_;
  const obs::Log& log_;
  std::map<Kind, obs::Counter> forgotten_;
};

}  // namespace pratique::registrar
