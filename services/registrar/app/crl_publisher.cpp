#include "services/registrar/app/crl_publisher.h"

#include <algorithm>

#include "libs/crypto/revocation/crl_build.h"
#include "libs/pg/outbox.h"
#include "services/registrar/app/catalogue.h"
#include "services/registrar/domain/revocation_urls.h"
#include "services/registrar/storage/revocations.h"

namespace pratique::registrar {
namespace {

using std::chrono::floor;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kLimit{30};

}  // namespace

crypto::CacheFacts PublishedCrl::caching(Timestamp now) const {
  auto facts = crypto::cache_facts({}, this_update, next_update, now, kCrlMaxAge);
  facts.etag = etag;  // of a body that may be megabytes
  return facts;
}

std::int64_t EndsTold::last(std::string_view issuer_key_id) const {
  const auto found = of.find(issuer_key_id);
  return found == of.end() ? of_any : std::max(of_any, found->second);
}

CrlPublisher::CrlPublisher(Surroundings surroundings, const RevocationIssuers& issuers, CrlTerms terms,
                           const obs::Log& log, obs::Metrics& metrics)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      issuers_(issuers),
      terms_(terms),
      log_(log),
      number_(metrics.gauge(kCrlNumber)),
      entries_(metrics.gauge(kCrlEntries)),
      next_update_(metrics.gauge(kCrlNextUpdate)) {}

bool CrlPublisher::is_due(const CrlHead& head, const EndsTold& told, Timestamp now) const {
  if (const auto rest = rest_until_.find(head.issuer_key_id);
      rest != rest_until_.end() && steady_clock::now() < rest->second)
    return false;
  return head.number == 0 || head.through_event < told.last(head.issuer_key_id) ||
         now >= head.next_update - terms_.overlap;
}

Result<std::vector<CrlHead>> CrlPublisher::heads() const {
  return pool_.look(pg::within(kLimit), [](pg::Tx& tx) { return list_crls(tx); });
}

Result<void> CrlPublisher::refresh(const EndsTold& told) {
  TRY(auto known, heads());
  Result<void> all;
  bool tried = false;
  for (const auto& signer : issuers_.all()) {
    CrlHead head{.issuer_key_id = issuer_key_id(signer.issuer)};
    const auto found = std::ranges::find(known, head.issuer_key_id, &CrlHead::issuer_key_id);
    if (found != known.end()) head = *found;
    if (!is_due(head, told, clock_.now())) continue;
    tried = true;
    if (auto made = make(signer, head); !made && all) all = std::move(made);
  }
  if (tried) {
    TRY(known, heads());
  }
  TRY_VOID(load(known));  // also where none could be made: what others made counts
  return all;
}

Result<void> CrlPublisher::make(const RevocationSigner& signer, const CrlHead& before) {
  TRY(const bool mine, pool_.with(pg::within(kLimit), [&](pg::Tx& tx) {
    return claim_crl(tx, before.issuer_key_id, before.number);
  }));
  if (!mine) return {};
  const auto began = steady_clock::now();
  const Timestamp now = floor<seconds>(clock_.now());
  StoredCrl crl;
  crl.issuer_key_id = before.issuer_key_id;
  crl.number = std::max<std::int64_t>(before.number + 1, now.time_since_epoch() / seconds(1));
  crl.this_update = std::max<Timestamp>(before.this_update, now - kCrlBackdating);
  crl.next_update = std::min<Timestamp>(now + terms_.lifetime, signer.issuer.not_after());
  // Each stays on the list until one was made after its certificate's end (RFC 5280 section 3.3).
  const Timestamp valid_after =
      before.number == 0 ? now - terms_.lifetime : std::min<Timestamp>(before.this_update, now - terms_.lifetime);
  std::vector<crypto::CrlEntry> entries;
  TRY_VOID(pool_.read(pg::within(kLimit), [&](pg::Tx& tx) -> Result<void> {  // one snapshot for both
    TRY(crl.through_event, pg::outbox::head(tx));
    TRY(entries, list_revocations(tx, crl.issuer_key_id, valid_after));
    return {};
  }));
  const crypto::CrlProfile profile{.number = static_cast<std::uint64_t>(crl.number),
                                   .this_update = crl.this_update,
                                   .next_update = crl.next_update};
  TRY(crl.der, crypto::build_crl(profile, entries, signer.issuer, *signer.key));
  TRY(const bool published, pool_.with(pg::within(kLimit), [&](pg::Tx& tx) {
    return publish_crl(tx, crl, before.number);
  }));
  const auto took = steady_clock::now() - began;
  rest_until_[crl.issuer_key_id] = steady_clock::now() + terms_.rest * took;
  if (!published) return {};
  entries_.set(static_cast<double>(entries.size()));
  log_.write(kCrlPublished, {{"issuer", crl.issuer_key_id},
                             {"number", crl.number},
                             {"entries", entries.size()},
                             {"next_update", format_rfc3339(crl.next_update)},
                             {"seconds", std::chrono::duration<double>(took).count()}});
  return {};
}

Result<void> CrlPublisher::load(const std::vector<CrlHead>& known) {
  const auto signers = issuers_.all();
  const auto present = signers.empty() ? std::string() : issuer_key_id(signers.front().issuer);
  for (const auto& head : known) {
    if (head.issuer_key_id == present) {
      number_.set(static_cast<double>(head.number));
      next_update_.set(static_cast<double>(head.next_update.time_since_epoch() / seconds(1)));
    }
    if (const auto have = find(head.issuer_key_id); have && have->number == head.number) continue;
    TRY(auto stored, pool_.look(pg::within(kLimit), [&](pg::Tx& tx) { return find_crl(tx, head.issuer_key_id); }));
    if (!stored) continue;
    auto fresh = std::make_shared<PublishedCrl>();
    static_cast<StoredCrl&>(*fresh) = *std::move(stored);
    fresh->etag = crypto::cache_facts(fresh->der, fresh->this_update, fresh->next_update, clock_.now()).etag;
    const std::lock_guard lock(mutex_);
    published_[head.issuer_key_id] = std::move(fresh);
  }
  return {};
}

std::shared_ptr<const PublishedCrl> CrlPublisher::find(std::string_view issuer_key_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = published_.find(issuer_key_id);
  return found == published_.end() ? nullptr : found->second;
}

}  // namespace pratique::registrar
