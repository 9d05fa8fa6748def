// A TLS identity in files, watched: when they change, the new pair is checked and handed on; a bad one is
// logged and the old pair stays in use.
//
// A private key may be encrypted at rest (PKCS#8, passphrase in a secret file); it is opened into memory only.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/runtime/secret_file.h"

namespace pratique::runtime {

class ConfigReader;

struct CertificateFilesConfig {
  std::filesystem::path certificate;    // PEM chain, leaf first
  SecretFile key;                       // PEM, plain or encrypted PKCS#8
  SecretFile key_passphrase;            // empty: the key is plain
  std::filesystem::path trust_anchors;  // PEM, who our peers' certificates must come from; empty: not loaded
};
void read(ConfigReader& in, CertificateFilesConfig& out);

/// One state of the files, checked: the key fits the leaf, the leaf is within its validity.
struct Certificates {
  std::string chain_pem;
  Secret key_pem;  // plain PKCS#8
  std::string trust_anchors_pem;
  Timestamp not_after;  // of the leaf
};

class CertificateFiles {
 public:
  using Listener = std::function<void(const Certificates&)>;
  /// What its owner wants of them beyond that; an error is one more reason why a state of the files is unusable.
  using Check = std::function<Result<void>(const Certificates&)>;

  /// Loads and checks; from then on looks at the files every `interval`. The error names the file and what is
  /// wrong with it: INVALID_ARGUMENT CERTIFICATE_FILE_INVALID, KEY_FILE_INVALID, KEY_PASSPHRASE_WRONG,
  /// KEY_MISMATCH, CERTIFICATE_EXPIRED; or what `check` says, which is called once for each state, before listeners.
  static Result<std::unique_ptr<CertificateFiles>> open(CertificateFilesConfig config, const Clock& clock,
                                                        const obs::Log& log,
                                                        std::chrono::milliseconds interval = std::chrono::seconds(1),
                                                        Check check = {});
  ~CertificateFiles();

  std::shared_ptr<const Certificates> current() const;
  /// Calls `listener` at once with the present state and then, from the watching thread, at each change.
  void on_change(Listener listener);
  /// Shows the end of the certificate in use as a metric (catalogue.h); `certificate` is its word there: "service".
  void show_in(obs::Metrics& metrics, std::string_view certificate);
  /// Looks at the files now, as the watching thread does; true when a new state was taken.
  bool look();

 private:
  struct Inside;
  explicit CertificateFiles(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

/// The check alone, for --check-config and for whoever loads once.
Result<Certificates> load_certificates(const CertificateFilesConfig& config, const Clock& clock);

}  // namespace pratique::runtime
