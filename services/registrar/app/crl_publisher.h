// The list of revocations (CRL, RFC 5280 section 5) of the authority's issuer: made by one replica, published by all.
//
// A list is made when something ended since the last one, and when half its life is over or more (`overlap` before its
// end). Numbers grow by at least one, and are no lower than the time in seconds, so that they grow even where the
// database was restored from a backup.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "libs/crypto/revocation/http_caching.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/authority.h"
#include "services/registrar/storage/crls.h"

namespace pratique::registrar {

/// The list is begun this much in the past, for relying parties whose clock is a little slow.
inline constexpr std::chrono::seconds kCrlBackdating = std::chrono::minutes(5);
/// HTTP caches ask again after this: a new list may come at any time, and "not modified" is cheap.
inline constexpr std::chrono::seconds kCrlMaxAge = std::chrono::minutes(1);
struct CrlTerms {
  std::chrono::seconds lifetime = std::chrono::hours(24);
  std::chrono::seconds overlap = std::chrono::hours(12);  // how long before its end the next one comes
  int rest = 4;  // after a list that took a second to make, none is begun for this many
};

/// A list as it is served.
struct PublishedCrl : StoredCrl {
  std::string etag;
  crypto::CacheFacts caching(Timestamp now) const;
};

class CrlPublisher {
 public:
  /// All outlive it.
  CrlPublisher(Surroundings surroundings, Authority& authority, CrlTerms terms, const obs::Log& log,
               obs::Metrics& metrics);

  /// Makes a list where one is due, and takes the newest ones as they are stored. `told`: the last event that ended a
  /// credential, or any later one. One thread at a time. Errors of storage, build_crl and the authority's signer.
  Result<void> refresh(std::int64_t told);
  /// The newest list of this issuer; nullptr where there is none. Thread-safe.
  std::shared_ptr<const PublishedCrl> find(std::string_view issuer_key_id) const;

 private:
  bool is_due(const CrlHead& head, std::int64_t told, Timestamp now) const;
  Result<void> make(const RevocationSigner& signer, const CrlHead& before);
  Result<void> load(const std::vector<CrlHead>& heads);

  pg::Pool& pool_;
  const Clock& clock_;
  Authority& authority_;
  const CrlTerms terms_;
  const obs::Log& log_;
  obs::Gauge number_, entries_, next_update_;
  std::chrono::steady_clock::time_point rest_until_ = {};
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PublishedCrl>, std::less<>> published_;
};

}  // namespace pratique::registrar
