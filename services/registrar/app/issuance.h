// Issuing and renewing credentials.
//
// Three steps, so that no transaction is held while the authority works: judge and store the order; let the authority
// sign; store the credential and tell of it. Each may be repeated: the same key of the same session gets the same
// certificate, and an order that was not answered yet is given again.
//
// The first certificate of an onboarding ends whatever credential the device had. A renewal makes a successor, which
// takes over when it is first used (Credentials::identify).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/domain/authority.h"
#include "services/registrar/domain/credential_request.h"
#include "services/registrar/storage/credentials.h"

namespace pratique::registrar {

struct IssueRequest {
  DeviceId device;
  SessionId session;               // none for a renewal
  Bytes csr;                       // DER PKCS #10
  Bytes renewed_certificate = {};  // DER; empty for the first of an onboarding
};
/// Either a certificate or findings. Whoever asked keeps the findings as a refusal.
struct IssueAnswer {
  CredentialId credential = {};
  Bytes certificate = {};
  std::vector<Finding> findings = {};
};

/// What a device's request must look like.
struct CredentialTemplate {
  std::string profile;
  CredentialNames names;
  std::vector<CredentialKey> key_types;
};

class Issuance {
 public:
  /// Authority and profiles outlive it.
  Issuance(Surroundings surroundings, Authority& authority, const CredentialProfiles& profiles,
           std::string trust_domain)
      : pool_(surroundings.pool),
        clock_(surroundings.clock),
        random_(surroundings.random),
        authority_(authority),
        profiles_(profiles),
        trust_domain_(std::move(trust_domain)) {}

  /// NOT_FOUND DEVICE_UNKNOWN; FAILED_PRECONDITION CREDENTIAL_PROFILE_UNKNOWN, CREDENTIAL_NAME_UNUSABLE.
  Result<CredentialTemplate> get_template(const Call& call, const DeviceId& device);
  /// Findings: those of credential_request.h, CREDENTIAL_REQUEST_UNREADABLE, CREDENTIAL_KEY_REUSED,
  /// SESSION_NOT_ALLOWED. Errors: as get_template(); UNAVAILABLE CREDENTIAL_PENDING while the authority has not
  /// answered (repeat the request); those of Authority.
  Result<IssueAnswer> issue(const Call& call, const IssueRequest& request);
  /// Issuer first, root last.
  std::vector<crypto::Certificate> authority_chain() const { return authority_.chain(); }

 private:
  struct Ordered {
    std::optional<StoredOrder> order = {};   // to be given to the authority
    std::optional<IssueAnswer> answer = {};  // or the answer, known already
  };
  Result<Ordered> take_order(pg::Tx& tx, const IssueRequest& request, const crypto::Csr& csr);
  Result<StoredOrder> make_order(pg::Tx& tx, const IssueRequest& request, const crypto::Csr& csr, const Device& device);
  Result<IssueAnswer> deliver(pg::Tx& tx, const Call& call, const IssueRequest& request, const StoredOrder& stored,
                              const crypto::Certificate& certificate);
  Result<Verdict> judge(pg::Tx& tx, const IssueRequest& request, const Device& device) const;
  Result<CredentialTemplate> template_for(pg::Tx& tx, const Device& device) const;

  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  Authority& authority_;
  const CredentialProfiles& profiles_;
  std::string trust_domain_;
};

}  // namespace pratique::registrar
