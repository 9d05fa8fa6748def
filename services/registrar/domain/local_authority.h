// The registrar's own CA: an issuing certificate and whoever signs for it (a software key, an HSM).
#pragma once

#include <memory>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/crypto/keys/signer.h"
#include "services/registrar/domain/authority.h"
#include "services/registrar/domain/revocation_urls.h"

namespace pratique::registrar {

class LocalAuthority final : public Authority {
 public:
  /// `chain`: issuer first, root last. `clock` and `random` outlive it. INVALID_ARGUMENT AUTHORITY_INVALID: no chain, a
  /// certificate that is not a CA's or does not lead to the root, a key that is not the issuer's. `public_url`: where
  /// revocations are published (revocation_urls.h), to be written into what is issued; "": nowhere.
  static Result<std::unique_ptr<LocalAuthority>> make(std::vector<crypto::Certificate> chain,
                                                      std::shared_ptr<const crypto::Signer> signer, const Clock& clock,
                                                      Random& random, std::string_view public_url = "");

  /// Never Pending. A validity beyond that of the issuer ends with it. clientAuth and digitalSignature alone: a
  /// device's credential neither serves nor signs for others.
  Result<Issued> issue(const CertificateOrder& order) override;
  std::vector<crypto::Certificate> chain() const override { return chain_; }
  std::optional<RevocationSigner> revocation_signer() const override {
    return RevocationSigner{chain_.front(), signer_};
  }

 private:
  LocalAuthority(std::vector<crypto::Certificate> chain, std::shared_ptr<const crypto::Signer> signer,
                 const Clock& clock, Random& random, RevocationUrls urls)
      : chain_(std::move(chain)), signer_(std::move(signer)), clock_(clock), random_(random), urls_(std::move(urls)) {}

  std::vector<crypto::Certificate> chain_;
  std::shared_ptr<const crypto::Signer> signer_;
  const Clock& clock_;
  Random& random_;
  RevocationUrls urls_;
};

}  // namespace pratique::registrar
