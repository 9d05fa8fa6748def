// A certification authority that signs credentials: the local one, or one upstream (a company PKI behind CMP, ACME, EST
// or a vendor's API) that joins as another back end.
//
// An order is complete before it is given: names, validity and key are the registry's decision, the authority signs
// or refuses. It is stored before and answered after, in transactions of their own, so that no transaction is held
// across the call; after a crash the same order is given again. A back end therefore answers an order that it knows
// with the certificate that it made.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/keys/public_key.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/certificate.h"
#include "services/registrar/domain/credential_profile.h"

namespace pratique::registrar {

struct CertificateOrder {
  CredentialId id;  // names the order: the same id is the same order
  crypto::PublicKey key;
  CredentialNames names;
  Timestamp not_before;
  Timestamp not_after;
  Bytes serial;  // of the certificate; an upstream authority may choose its own
};

/// Not yet: give the same order again after a while.
struct Pending {
  std::chrono::seconds retry_after;
};
using Issued = std::variant<crypto::Certificate, Pending>;

/// Who signs what is said of revocations: the issuer of the certificates, and its key.
struct RevocationSigner {
  crypto::Certificate issuer;
  std::shared_ptr<const crypto::Signer> key;
};

/// Thread-safe; may block and use the network.
class Authority {
 public:
  virtual ~Authority() = default;
  /// FAILED_PRECONDITION AUTHORITY_EXPIRED, PERMISSION_DENIED AUTHORITY_REFUSED, UNAVAILABLE AUTHORITY_UNAVAILABLE.
  virtual Result<Issued> issue(const CertificateOrder& order) = 0;
  /// Issuer first, root last.
  virtual std::vector<crypto::Certificate> chain() const = 0;
  /// None where the authority itself tells of its revocations, as one upstream does: then there is no list of ours, and
  /// no answer, about its certificates.
  virtual std::optional<RevocationSigner> revocation_signer() const = 0;
};

/// What every back end's answer is held against before it counts. INTERNAL AUTHORITY_ANSWER_WRONG: another key, names
/// or a longer validity than was ordered, or a CA certificate.
Result<void> check_answer(const CertificateOrder& order, const crypto::Certificate& certificate);

}  // namespace pratique::registrar
