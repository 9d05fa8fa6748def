// Each issuer's list of revocations (CRL, RFC 5280 section 5): made by one replica, published by all.
//
// A list is made when a certificate of its issuer ended since the last one, and `overlap` before its own end. Numbers
// grow by at least one, and are no lower than the time in seconds, so that they grow even where the database was
// restored from a backup.
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
#include "services/registrar/app/revocation_issuers.h"
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

/// The last events that ended a certificate.
struct EndsTold {
  std::int64_t of_any = 0;  // whosever it was
  std::map<std::string, std::int64_t, std::less<>> of = {};  // by issuer key id
  std::int64_t last(std::string_view issuer_key_id) const;
};

/// A list as it is served.
struct PublishedCrl : StoredCrl {
  std::string etag;
  crypto::CacheFacts caching(Timestamp now) const;
};

class CrlPublisher {
 public:
  /// All outlive it.
  CrlPublisher(Surroundings surroundings, const RevocationIssuers& issuers, CrlTerms terms, const obs::Log& log,
               obs::Metrics& metrics);

  /// Makes the lists that are due, and takes the newest ones as they are stored. One thread at a time. Errors of
  /// storage, build_crl and the issuer's signer: the first, after all was tried.
  Result<void> refresh(const EndsTold& told);
  /// The newest list of this issuer; nullptr where there is none. Thread-safe.
  std::shared_ptr<const PublishedCrl> find(std::string_view issuer_key_id) const;

 private:
  bool is_due(const CrlHead& head, const EndsTold& told, Timestamp now) const;
  Result<std::vector<CrlHead>> heads() const;
  Result<void> make(const RevocationSigner& signer, const CrlHead& before);
  Result<void> load(const std::vector<CrlHead>& known);

  pg::Pool& pool_;
  const Clock& clock_;
  const RevocationIssuers& issuers_;
  const CrlTerms terms_;
  const obs::Log& log_;
  obs::Gauge number_, entries_, next_update_;
  std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> rest_until_;  // by issuer key id
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PublishedCrl>, std::less<>> published_;
};

}  // namespace pratique::registrar
