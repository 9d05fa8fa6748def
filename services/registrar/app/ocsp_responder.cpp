#include "services/registrar/app/ocsp_responder.h"

#include <algorithm>
#include <array>

#include "libs/crypto/x509/issue.h"
#include "services/registrar/app/catalogue.h"
#include "services/registrar/domain/credential_profile.h"
#include "services/registrar/domain/revocation_urls.h"
#include "services/registrar/storage/revocations.h"

namespace pratique::registrar {
namespace {

namespace ocsp = crypto::ocsp;
using ocsp::CertificateState;
using ocsp::ResponseStatus;
using std::chrono::seconds;

constexpr seconds kLimit{5};
constexpr std::chrono::seconds kTellFailuresEvery{10};

constexpr std::array kStates{CertificateState::good, CertificateState::revoked, CertificateState::unknown};
constexpr std::array kRefusals{ResponseStatus::malformed_request, ResponseStatus::internal_error,
                               ResponseStatus::try_later, ResponseStatus::unauthorized};

}  // namespace

struct OcspResponder::Office {
  ocsp::Responder responder() const { return {issuer, certificate, &key}; }

  crypto::Certificate issuer;
  std::string issuer_key_id;
  crypto::Certificate certificate;
  crypto::SoftwareKey key;
  Timestamp renew_at;
  OcspCache cache = OcspCache(kMaxOcspAnswers);
};

OcspResponder::OcspResponder(Surroundings surroundings, const RevocationIssuers& issuers, OcspTerms terms,
                             const obs::Log& log, obs::Metrics& metrics, double signatures_per_second)
    : pool_(surroundings.pool),
      clock_(surroundings.clock),
      random_(surroundings.random),
      issuers_(issuers),
      terms_(terms),
      log_(log),
      signatures_(signatures_per_second) {
  for (const auto state : kStates) answered_.emplace(state, metrics.counter(kOcspResponses, {ocsp::to_string(state)}));
  for (const auto status : kRefusals)
    refused_.emplace(status, metrics.counter(kOcspResponses, {ocsp::to_string(status)}));
}

OcspResponder::Offices OcspResponder::offices() const {
  const std::lock_guard lock(mutex_);
  return offices_;
}

Result<void> OcspResponder::renew() {
  const Timestamp now = clock_.now();
  const auto present = offices();
  Offices next;
  Result<void> all;
  for (const auto& signer : issuers_.all()) {
    const auto found =
        std::ranges::find_if(present, [&](const auto& office) { return office->issuer == signer.issuer; });
    const bool due = found == present.end() || now >= (*found)->renew_at;
    auto office = due ? appoint(signer, now) : Result(*found);
    if (office) {
      next.push_back(*std::move(office));
      continue;
    }
    if (found != present.end()) next.push_back(*found);  // it may go on until its end
    if (all) all = std::move(office).error();
  }
  const std::lock_guard lock(mutex_);
  offices_ = std::move(next);
  return all;
}

Result<std::shared_ptr<OcspResponder::Office>> OcspResponder::appoint(const RevocationSigner& signer, Timestamp now) {
  TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  const auto until = std::min<Timestamp>(now + kResponderValidity, signer.issuer.not_after());
  const auto profile = crypto::CertificateProfile::ocsp_responder(
      {.common_name = "OCSP responder"}, std::max<Timestamp>(now - kBackdating, signer.issuer.not_before()), until);
  TRY(auto certificate, crypto::issue_certificate(profile, key.public_key(), signer.issuer, *signer.key, random_));
  TRY_VOID(ocsp::check_responder({signer.issuer, certificate, &key}, now));
  // Not make_shared: a cache cannot be moved.
  return std::shared_ptr<Office>(new Office{signer.issuer, issuer_key_id(signer.issuer), std::move(certificate),
                                            std::move(key), now + (until - now) / 2});
}

void OcspResponder::forget(std::string_view serial_hex) {
  for (const auto& office : offices()) office->cache.forget(serial_hex);
}

void OcspResponder::forget_all() {
  for (const auto& office : offices()) office->cache.forget_all();
}

OcspAnswer OcspResponder::answer(ByteView der) {
  const auto request = ocsp::parse_request(der);
  if (!request) return refuse(request.error());
  const auto& ids = request->certificates;
  const auto present = offices();
  const auto found = std::ranges::find_if(present, [&](const auto& office) {
    return std::ranges::all_of(ids, [&](const auto& id) { return id.is_issued_by(office->issuer); });
  });
  if (found == present.end()) return refuse(not_found("OCSP_ISSUER_UNKNOWN", "a certificate is of another issuer"));
  Office& holder = **found;
  const Timestamp now = clock_.now();
  const bool may_keep = ids.size() == 1 && !request->nonce;
  if (may_keep)
    if (const auto kept = holder.cache.find(ids.front(), now)) {
      count(kept->state);
      return give(*kept, now);
    }
  if (!signatures_.take(std::chrono::steady_clock::now()))
    return refuse(Error{ErrorCode::resource_exhausted, "OCSP_TOO_MANY", "as many answers as may be were signed"});
  if (may_keep) {
    const auto made = answer_one(holder, ids.front());
    if (!made) return refuse(made.error());
    count((*made)->state);
    return give(**made, now);
  }
  auto made = answer_all(holder, *request);
  if (!made) return refuse(made.error());
  return {.der = *std::move(made)};
}

Result<std::shared_ptr<const KeptAnswer>> OcspResponder::answer_one(Office& office, const ocsp::CertId& id) {
  const auto since = office.cache.generation();
  TRY(const auto singles, look_up(office, {id}));
  const auto& single = singles.front();
  auto made = std::make_shared<KeptAnswer>();
  TRY(made->der, ocsp::build_response(office.responder(), singles, single.this_update));
  made->state = single.state;
  made->this_update = single.this_update;
  made->next_update = *single.next_update;
  made->keep_until = made->this_update + (made->next_update - made->this_update) / 2;
  // Whoever makes serial numbers up shall not push out what others ask for.
  if (made->state != CertificateState::unknown) office.cache.keep(id, made, since);
  return std::shared_ptr<const KeptAnswer>(std::move(made));
}

Result<Bytes> OcspResponder::answer_all(const Office& office, const ocsp::Request& request) {
  TRY(const auto singles, look_up(office, request.certificates));
  std::optional<ByteView> nonce;
  if (request.nonce) nonce = *request.nonce;
  TRY(auto der, ocsp::build_response(office.responder(), singles, singles.front().this_update, nonce));
  for (const auto& single : singles) count(single.state);
  return der;
}

Result<std::vector<ocsp::SingleResponse>> OcspResponder::look_up(const Office& office,
                                                                 const std::vector<ocsp::CertId>& ids) {
  const Timestamp now = std::chrono::floor<seconds>(clock_.now());
  std::vector<std::string> serials;
  for (const auto& id : ids) serials.push_back(id.serial_hex);
  TRY(const auto known, pool_.look(pg::within(kLimit), [&](pg::Tx& tx) {
    return find_revocations(tx, office.issuer_key_id, serials);
  }));
  std::vector<ocsp::SingleResponse> out;
  for (const auto& id : ids) {
    ocsp::SingleResponse single{.id = id, .this_update = now,
                                .next_update = std::min<Timestamp>(now + terms_.lifetime,
                                                                   office.certificate.not_after())};
    if (const auto found = known.find(id.serial_hex); found != known.end()) {
      single.state = found->second ? CertificateState::revoked : CertificateState::good;
      if (found->second) single.revocation = *found->second;
    }
    out.push_back(std::move(single));
  }
  return out;
}

OcspAnswer OcspResponder::give(const KeptAnswer& kept, Timestamp now) const {
  if (kept.state == CertificateState::unknown) return {.der = kept.der};  // it may be issued the next moment
  const auto fresh = std::chrono::floor<seconds>(kept.keep_until - now);
  return {.der = kept.der,
          .caching = crypto::cache_facts(kept.der, kept.this_update, kept.next_update, now,
                                         std::max<seconds>(fresh, seconds(1)))};
}

OcspAnswer OcspResponder::refuse(const Error& error) {
  const auto status = ocsp::error_response_for(error);
  if (const auto counter = refused_.find(status); counter != refused_.end()) counter->second.add();
  if (status == ResponseStatus::internal_error || status == ResponseStatus::try_later) {
    // Once in a while: there are as many as there are questions.
    const auto now = std::chrono::floor<seconds>(clock_.now()).time_since_epoch().count();
    auto told = failure_told_.load();
    if (now - told >= kTellFailuresEvery.count() && failure_told_.compare_exchange_strong(told, now))
      log_.write(kOcspFailed, error);
  }
  return {.der = ocsp::encode_error_response(status)};
}

void OcspResponder::count(CertificateState state) {
  if (const auto counter = answered_.find(state); counter != answered_.end()) counter->second.add();
}

}  // namespace pratique::registrar
