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

CrlPublisher::CrlPublisher(Surroundings surroundings, Authority& authority, CrlTerms terms, const obs::Log& log,
                           obs::Metrics& metrics)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      authority_(authority),
      terms_(terms),
      log_(log),
      number_(metrics.gauge(kCrlNumber)),
      entries_(metrics.gauge(kCrlEntries)),
      next_update_(metrics.gauge(kCrlNextUpdate)) {}

bool CrlPublisher::is_due(const CrlHead& head, std::int64_t told, Timestamp now) const {
  return head.number == 0 || head.through_event < told || now >= head.next_update - terms_.overlap;
}

Result<void> CrlPublisher::refresh(std::int64_t told) {
  TRY(auto heads, pool_.look(pg::within(kLimit), [](pg::Tx& tx) { return list_crls(tx); }));
  Result<void> made;
  if (const auto signer = authority_.revocation_signer()) {
    CrlHead head{.issuer_key_id = issuer_key_id(signer->issuer)};
    const auto known = std::ranges::find(heads, head.issuer_key_id, &CrlHead::issuer_key_id);
    if (known != heads.end()) head = *known;
    if (is_due(head, told, clock_.now()) && steady_clock::now() >= rest_until_) {
      made = make(*signer, head);
      TRY(heads, pool_.look(pg::within(kLimit), [](pg::Tx& tx) { return list_crls(tx); }));
    }
  }
  TRY_VOID(load(heads));  // also where none could be made: what others made counts
  return made;
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
  rest_until_ = steady_clock::now() + terms_.rest * took;
  if (!published) return {};
  entries_.set(static_cast<double>(entries.size()));
  log_.write(kCrlPublished, {{"number", crl.number},
                             {"entries", entries.size()},
                             {"next_update", format_rfc3339(crl.next_update)},
                             {"seconds", std::chrono::duration<double>(took).count()}});
  return {};
}

Result<void> CrlPublisher::load(const std::vector<CrlHead>& heads) {
  const auto signer = authority_.revocation_signer();
  const auto own = signer ? issuer_key_id(signer->issuer) : std::string();
  for (const auto& head : heads) {
    if (head.issuer_key_id == own) {
      number_.set(static_cast<double>(head.number));
      next_update_.set(static_cast<double>(head.next_update.time_since_epoch() / seconds(1)));
    }
    if (const auto known = find(head.issuer_key_id); known && known->number == head.number) continue;
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
