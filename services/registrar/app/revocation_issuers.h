// Whose certificates the registrar tells of: those of the authority's issuer, and those of issuers before it, for as
// long as devices use what they issued.
#pragma once

#include <vector>

#include "services/registrar/domain/authority.h"

namespace pratique::registrar {

class RevocationIssuers {
 public:
  /// `authority` outlives it; it is asked each time, since its issuer may change.
  explicit RevocationIssuers(const Authority& authority, std::vector<RevocationSigner> former = {})
      : authority_(authority), former_(std::move(former)) {}

  /// The present one first, where its revocations are ours to tell; each key once. Thread-safe.
  std::vector<RevocationSigner> all() const;

 private:
  const Authority& authority_;
  const std::vector<RevocationSigner> former_;
};

}  // namespace pratique::registrar
