#include "services/registrar/app/authority_watch.h"

#include <algorithm>

#include "services/registrar/app/catalogue.h"

namespace pratique::registrar {
namespace {

double unix_seconds(Timestamp time) {
  return static_cast<double>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

}  // namespace

AuthorityWatch::AuthorityWatch(const Authority& authority, const Clock& clock, const obs::Log& log,
                               obs::Metrics& metrics)
    : authority_(authority),
      clock_(clock),
      log_(log),
      issuer_(metrics.gauge(kAuthorityNotAfter, {"issuer"})),
      chain_(metrics.gauge(kAuthorityNotAfter, {"chain"})) {}

void AuthorityWatch::look() {
  const auto chain = authority_.chain();
  if (chain.empty()) return;
  const auto& first = *std::ranges::min_element(chain, {}, &crypto::Certificate::not_after);
  issuer_.set(unix_seconds(chain.front().not_after()));
  chain_.set(unix_seconds(first.not_after()));
  const Timestamp now = clock_.now();
  if (first.not_after() - now > kAuthorityWarning) {
    told_.reset();
    return;
  }
  if (told_ && now - *told_ < kAuthorityWarningEvery) return;
  told_ = now;
  log_.write(kAuthorityEnds, {{"certificate", first.subject()},
                              {"not_after", format_rfc3339(first.not_after())},
                              {"days_left", std::chrono::floor<std::chrono::days>(first.not_after() - now).count()}});
}

}  // namespace pratique::registrar
