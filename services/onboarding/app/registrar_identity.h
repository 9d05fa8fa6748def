// Who this registrar is to devices and manufacturers: its RA certificate (cmcRA), its key, its domain.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::onboarding {

struct RegistrarIdentity {
  std::vector<crypto::Certificate> chain;  // RA certificate first, up to and including the domain CA
  crypto::SoftwareKey key;
  const crypto::Certificate& certificate() const { return chain.front(); }
};

/// The identity in use, replaced when its files change. Thread-safe.
class CurrentIdentity {
 public:
  explicit CurrentIdentity(RegistrarIdentity identity)
      : identity_(std::make_shared<const RegistrarIdentity>(std::move(identity))) {}
  std::shared_ptr<const RegistrarIdentity> get() const {
    const std::lock_guard lock(mutex_);
    return identity_;
  }
  void set(RegistrarIdentity identity) {
    auto fresh = std::make_shared<const RegistrarIdentity>(std::move(identity));
    const std::lock_guard lock(mutex_);
    identity_ = std::move(fresh);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const RegistrarIdentity> identity_;
};

}  // namespace pratique::onboarding
