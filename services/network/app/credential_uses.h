// Tells the registrar that a device logged on with a certificate while it had another: the first use of a renewed one
// ends the one before (services/registrar/domain/credential.h), which comes back as an event. A session notes it in the
// transaction of its accept; it is told until the registrar has heard, by any replica, and twice does no harm.
#pragma once

#include "libs/obs/log.h"
#include "services/network/app/surroundings.h"
#include "services/network/storage/credential_uses.h"

namespace pratique::network {

/// The registrar's ear. Implemented over gRPC in peers/.
class UseListener {
 public:
  virtual ~UseListener() = default;
  /// That the certificate counts no more, or is unknown, is no error.
  virtual Result<void> used(const CredentialUse& use) = 0;
};

class CredentialUses {
 public:
  /// All outlive it.
  CredentialUses(Surroundings surroundings, UseListener& registrar, const obs::Log& log)
      : pool_(surroundings.pool), registrar_(registrar), log_(log) {}

  /// Tells what waits. A failure is logged, once until it is over.
  void tell();

 private:
  Result<void> tell_all(pg::Deadline deadline);

  pg::Pool& pool_;
  UseListener& registrar_;
  const obs::Log& log_;
  bool failing_ = false;
};

}  // namespace pratique::network
