// The CA that signs devices' credentials, from files that are watched: when they change, the new CA is tried and takes
// over; one that cannot be used is logged (certificates_refused), and the old one stays.
#pragma once

#include <memory>

#include "libs/runtime/certificate_files.h"
#include "services/registrar/config.h"
#include "services/registrar/domain/current_authority.h"

namespace pratique::registrar {

class WatchedAuthority {
 public:
  /// The errors of CertificateFiles::open, LocalAuthority::make and, where revocations are published,
  /// check_revocation. All that is given outlives it.
  static Result<std::unique_ptr<WatchedAuthority>> open(
      const Config& config, const Clock& clock, Random& random, const obs::Log& log,
      std::chrono::milliseconds interval = std::chrono::seconds(1));

  Authority& authority() { return *current_; }
  /// Looks at the files now, as the watching thread does; true when a new CA was taken.
  bool look() { return files_->look(); }

 private:
  WatchedAuthority() = default;

  std::shared_ptr<Authority> tried_;  // made of the files that are being taken
  std::unique_ptr<CurrentAuthority> current_;
  std::unique_ptr<runtime::CertificateFiles> files_;  // its thread ends before the others go
};

}  // namespace pratique::registrar
