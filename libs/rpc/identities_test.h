// A small public-key world for the tests of this room: an authority, and TLS identities in files.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"
#include "libs/obs/log.h"
#include "libs/rpc/tls.h"
#include "libs/runtime/certificate_files.h"

namespace pratique::rpc {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return *std::move(result);
}

class Authority {
 public:
  explicit Authority(const std::string& name)
      : key_(must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256))),
        certificate_(must(crypto::issue_self_signed(
            crypto::CertificateProfile::root_ca({.common_name = name}, from(), until()), key_, random_))) {}

  const crypto::Certificate& certificate() const { return certificate_; }

  /// Writes cert.pem, key.pem and ca.pem into `folder` for a holder with these URI names.
  runtime::CertificateFilesConfig issue(const std::filesystem::path& folder, const std::vector<std::string>& uris,
                                        const std::string& common_name, const Authority& trusted) {
    std::filesystem::create_directories(folder);
    const auto key = must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    const auto profile = crypto::CertificateProfile::tls(
        {.common_name = common_name}, {.dns = {"localhost", "echo"}, .uri = uris}, from(), until());
    const auto certificate =
        must(crypto::issue_certificate(profile, key.public_key(), certificate_, key_, random_));
    write(folder / "key.pem", as_text(must(key.plaintext_pem()).reveal()));
    write(folder / "cert.pem", certificate.pem());
    write(folder / "ca.pem", trusted.certificate().pem());
    return {folder / "cert.pem", {folder / "key.pem"}, {}, folder / "ca.pem"};
  }

 private:
  Timestamp from() const { return clock_.now() - std::chrono::hours(1); }
  Timestamp until() const { return clock_.now() + std::chrono::hours(1); }
  static void write(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::remove(file);
    std::ofstream(file, std::ios::binary) << text;
    chmod(file.c_str(), 0600);
  }

  SystemClock clock_;
  crypto::SystemRandom random_;
  crypto::SoftwareKey key_;
  crypto::Certificate certificate_;
};

/// Watched files and what gRPC is given of them.
struct Identity {
  Identity(const runtime::CertificateFilesConfig& config, const Clock& clock, const obs::Log& log)
      : files(must(runtime::CertificateFiles::open(config, clock, log, std::chrono::hours(1)))),
        tls(must(TlsIdentity::make(*files, log))) {}
  std::unique_ptr<runtime::CertificateFiles> files;
  std::shared_ptr<TlsIdentity> tls;
};

}  // namespace pratique::rpc
