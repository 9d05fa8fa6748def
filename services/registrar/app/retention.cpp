#include "services/registrar/app/retention.h"

#include <array>

#include "libs/pg/idempotency.h"
#include "libs/pg/outbox.h"
#include "services/registrar/app/catalogue.h"

namespace pratique::registrar {
namespace {

constexpr std::chrono::seconds kLimit{30};  // of one step

}  // namespace

struct Retention::Run {
  Timestamp now;
  pg::Deadline until;
  std::map<Kind, std::int64_t> rows = {};
  bool more = false;  // the time was up
};

std::string_view Retention::word(Kind kind) {
  static constexpr std::array<std::string_view, 9> kWords{"events",    "request_ids", "decisions",   "refusals",
                                                          "telemetry", "vouchers",    "approvals",   "credentials",
                                                          "retired_devices"};
  return kWords.at(static_cast<std::size_t>(kind));
}

Retention::Retention(Surroundings surroundings, RetentionConfig config, const obs::Log& log, obs::Metrics& metrics)
    : pool_(surroundings.pool), clock_(surroundings.clock), config_(config), log_(log) {
  for (int kind = 0; kind <= static_cast<int>(Kind::retired_devices); ++kind)
    forgotten_.emplace(static_cast<Kind>(kind), metrics.counter(kForgotten, {word(static_cast<Kind>(kind))}));
}

void Retention::run() {
  Run run{.now = clock_.now(), .until = pg::within(kForgetBudget)};
  const auto done = forget_all(run);
  if (!done) log_.write(kTidyFailed, done.error());
  std::int64_t all = 0;
  for (const auto& [kind, rows] : run.rows) all += rows;
  if (all == 0) return;
  const auto field = [&](Kind kind) { return obs::Field(word(kind), run.rows[kind]); };
  log_.write(kTidied,
             {field(Kind::events), field(Kind::request_ids), field(Kind::decisions), field(Kind::refusals),
              field(Kind::telemetry), field(Kind::vouchers), field(Kind::approvals), field(Kind::credentials),
              field(Kind::retired_devices), {"more", run.more}});
}

/// Step after step, each a transaction of its own, until nothing is left or the time is up.
Result<void> Retention::repeat(Run& run, Kind kind, std::chrono::hours keep, auto&& step) {
  if (keep == std::chrono::hours::zero()) return {};
  const Timestamp before = run.now - keep;
  std::string after;
  for (bool more = true; more;) {
    if (std::chrono::steady_clock::now() >= run.until) {
      run.more = true;
      return {};
    }
    TRY(const ForgetStep did, pool_.with(pg::within(kLimit), [&](pg::Tx& tx) { return step(tx, before, after); }));
    run.rows[kind] += did.rows;
    forgotten_.at(kind).add(static_cast<double>(did.rows));
    after = did.last;
    more = did.more;
  }
  return {};
}

Result<void> Retention::forget_all(Run& run) {
  const auto trimming = [](auto trim) {
    return [trim](pg::Tx& tx, Timestamp before, const std::string&) -> Result<ForgetStep> {
      TRY(const auto rows, trim(tx, before, kForgetBatch));
      return ForgetStep{.rows = rows, .more = rows >= kForgetBatch};
    };
  };
  const auto forgetting = [](Memory what) {
    return [what](pg::Tx& tx, Timestamp before, const std::string& after) { return forget(tx, what, before, after); };
  };
  const auto retired = [&run](pg::Tx& tx, Timestamp before, const std::string&) {
    return forget_retired(tx, before, run.now);
  };
  TRY_VOID(repeat(run, Kind::request_ids, config_.request_ids, trimming(pg::idempotency::trim)));
  TRY_VOID(repeat(run, Kind::events, config_.events, trimming(pg::outbox::trim)));
  TRY_VOID(repeat(run, Kind::decisions, config_.strangers, forgetting(Memory::stranger_decisions)));
  TRY_VOID(repeat(run, Kind::refusals, config_.strangers, forgetting(Memory::stranger_refusals)));
  TRY_VOID(repeat(run, Kind::retired_devices, config_.retired_devices, retired));
  TRY_VOID(repeat(run, Kind::decisions, config_.onboardings, forgetting(Memory::decisions)));
  TRY_VOID(repeat(run, Kind::refusals, config_.onboardings, forgetting(Memory::refusals)));
  TRY_VOID(repeat(run, Kind::telemetry, config_.onboardings, forgetting(Memory::telemetry)));
  TRY_VOID(repeat(run, Kind::vouchers, config_.onboardings, forgetting(Memory::vouchers)));
  TRY_VOID(repeat(run, Kind::approvals, config_.onboardings, forgetting(Memory::approvals)));
  return repeat(run, Kind::credentials, config_.credentials, forgetting(Memory::credentials));
}

}  // namespace pratique::registrar
