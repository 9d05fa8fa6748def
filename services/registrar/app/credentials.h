// Credentials of devices: looking at them, recognising them, revoking them. They are made by Issuance.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/credentials.h"

namespace pratique::registrar {

/// Whose certificate it is, and why it counts no more where it does not; no device where it is not ours.
struct Identified {
  DeviceId device = {};
  CredentialId credential = {};
  std::vector<Finding> findings = {};
};

class Credentials {
 public:
  explicit Credentials(Surroundings surroundings) : pool_(surroundings.pool), clock_(surroundings.clock) {}

  /// NOT_FOUND CREDENTIAL_UNKNOWN.
  Result<Credential> get(const Call& call, const CredentialId& id);
  Result<std::vector<Credential>> list(const Call& call, const CredentialFilter& filter, const CredentialId& after,
                                       int limit);
  /// Its device may not onboard again until it is reset. FAILED_PRECONDITION CREDENTIAL_STATE_CONFLICT;
  /// INVALID_ARGUMENT FIELD_INVALID without a reason.
  Result<Credential> revoke(const Change& change, const CredentialId& id, std::string_view reason);
  /// Findings: those of judge_presented() and judge_owner(). `in_use`: the device was seen to use it; by this a
  /// renewal's predecessor is superseded, if the device may in or not (it may be quarantined).
  Result<Identified> identify(const Call& call, ByteView certificate, bool in_use);
  Result<Identified> identify(const Call& call, const CertificateName& certificate, bool in_use);

 private:
  using Presented = std::variant<ByteView, CertificateName>;
  Result<Identified> identify_presented(const Call& call, const Presented& presented, bool in_use);
  Result<Identified> judge(pg::Tx& tx, const Presented& presented, Credential& found) const;

  pg::Pool& pool_;
  const Clock& clock_;
};

}  // namespace pratique::registrar
