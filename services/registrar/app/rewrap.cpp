#include "services/registrar/app/rewrap.h"

#include "services/registrar/storage/vouchers.h"

namespace pratique::registrar {
namespace {

constexpr std::chrono::seconds kBatchLimit{30};

}  // namespace

Result<RewrapReport> rewrap_all(pg::Pool& pool, const crypto::Envelope& envelope) {
  RewrapReport report;
  VoucherId after;
  do {
    TRY(const auto step, pool.with(pg::within(kBatchLimit),
                                   [&](pg::Tx& tx) { return rewrap_vouchers(tx, envelope, after, kRewrapBatch); }));
    report.looked_at += step.looked_at;
    report.rewrapped += step.rewrapped;
    after = step.last;
  } while (!after.empty());
  return report;
}

}  // namespace pratique::registrar
