// The authority that is in use now. Another one may take its place while orders are with it: those are answered by the
// one that they were given to.
#pragma once

#include <memory>
#include <mutex>

#include "services/registrar/domain/authority.h"

namespace pratique::registrar {

class CurrentAuthority final : public Authority {
 public:
  explicit CurrentAuthority(std::shared_ptr<Authority> first) : current_(std::move(first)) {}

  void replace(std::shared_ptr<Authority> next);

  Result<Issued> issue(const CertificateOrder& order) override;
  std::vector<crypto::Certificate> chain() const override;
  std::optional<RevocationSigner> revocation_signer() const override;

 private:
  std::shared_ptr<Authority> current() const;

  mutable std::mutex mutex_;
  std::shared_ptr<Authority> current_;
};

}  // namespace pratique::registrar
