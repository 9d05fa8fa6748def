// Answers about credentials, one by one (OCSP, RFC 6960 and RFC 5019).
//
// Answers are signed by a key that this process makes for itself and never writes down; each issuer appoints one by a
// certificate of a few days (EKU OCSPSigning), so its own key signs no answers. Answers to questions without a nonce
// are kept and given again until half their life is over, or until the follower says that something ended. Those with
// a nonce, or about a certificate that was never issued, are signed each by itself, as many a second as kOcspSignatures.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/revocation/http_caching.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/registrar/app/ocsp_cache.h"
#include "services/registrar/app/rate_limit.h"
#include "services/registrar/app/revocation_issuers.h"
#include "services/registrar/app/surroundings.h"

namespace pratique::registrar {

/// Of a responder's certificate; it is renewed when half of it is over.
inline constexpr std::chrono::seconds kResponderValidity = std::chrono::days(7);
/// Signed in a second by one replica, each with a statement of the database; more are told to try later.
inline constexpr double kOcspSignatures = 1000;

struct OcspTerms {
  std::chrono::seconds lifetime = std::chrono::hours(1);  // of an answer
};

struct OcspAnswer {
  Bytes der;
  std::optional<crypto::CacheFacts> caching = {};  // none: nobody may keep it
};

class OcspResponder {
 public:
  /// All outlive it.
  OcspResponder(Surroundings surroundings, const RevocationIssuers& issuers, OcspTerms terms, const obs::Log& log,
                obs::Metrics& metrics, double signatures_per_second = kOcspSignatures);

  /// Has new keys appointed where that is due: at the start, at half of a certificate's life, by issuers that are new.
  /// One thread at a time. Errors of issue_certificate: the first, after all was tried.
  Result<void> renew();
  /// To the DER of a request. Every failure is an answer, too. Thread-safe.
  OcspAnswer answer(ByteView request);
  /// What was said of this certificate is no longer true. Thread-safe.
  void forget(std::string_view serial_hex);
  void forget_all();

 private:
  struct Office;  // a key, its appointment, and what was answered with it
  using Offices = std::vector<std::shared_ptr<Office>>;
  Offices offices() const;
  Result<std::shared_ptr<Office>> appoint(const RevocationSigner& signer, Timestamp now);
  Result<std::shared_ptr<const KeptAnswer>> answer_one(Office& office, const crypto::ocsp::CertId& id);
  Result<Bytes> answer_all(const Office& office, const crypto::ocsp::Request& request);
  Result<std::vector<crypto::ocsp::SingleResponse>> look_up(const Office& office,
                                                            const std::vector<crypto::ocsp::CertId>& ids);
  OcspAnswer give(const KeptAnswer& kept, Timestamp now) const;
  OcspAnswer refuse(const Error& error);
  void count(crypto::ocsp::CertificateState state);

  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  const RevocationIssuers& issuers_;
  const OcspTerms terms_;
  const obs::Log& log_;
  std::map<crypto::ocsp::CertificateState, obs::Counter> answered_;
  std::map<crypto::ocsp::ResponseStatus, obs::Counter> refused_;
  std::atomic<std::int64_t> failure_told_ = 0;
  RateLimit signatures_;
  mutable std::mutex mutex_;
  Offices offices_;
};

}  // namespace pratique::registrar
