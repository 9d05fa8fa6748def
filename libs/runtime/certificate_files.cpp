#include "libs/runtime/certificate_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include "libs/base/timestamp.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/runtime/catalogue.h"
#include "libs/runtime/config_reader.h"

namespace pratique::runtime {
namespace {

Result<std::string> load_pem(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file))
    return not_found("CERTIFICATE_FILE_INVALID", fmt::format("cannot read {}", file.native()));
  std::string text(crypto::kMaxBundleSize + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > crypto::kMaxBundleSize)
    return invalid("CERTIFICATE_FILE_INVALID", fmt::format("{} is too large", file.native()));
  return text;
}

// The certificates of a file, as PEM without whatever else stands in it.
Result<std::vector<crypto::Certificate>> load_bundle(const std::filesystem::path& file) {
  TRY(const auto text, load_pem(file));
  auto parsed = crypto::Certificate::parse_pem_bundle(text);
  if (!parsed)
    return invalid("CERTIFICATE_FILE_INVALID", fmt::format("{}: {}", file.native(), parsed.error().message));
  return parsed;
}

std::string pem_of(const std::vector<crypto::Certificate>& certificates) {
  std::string out;
  for (const auto& certificate : certificates) out += certificate.pem();
  return out;
}

Result<crypto::SoftwareKey> load_key(const CertificateFilesConfig& config) {
  TRY(const auto pem, config.key.load());
  const auto& name = config.key.path.native();
  if (config.key_passphrase.empty()) {
    if (as_text(pem.reveal()).contains("ENCRYPTED"))
      return invalid("KEY_PASSPHRASE_WRONG", fmt::format("{} is encrypted: set key_passphrase", name));
    auto key = crypto::SoftwareKey::parse_plaintext(pem);
    if (!key) return invalid("KEY_FILE_INVALID", fmt::format("{}: {}", name, key.error().message));
    return key;
  }
  TRY(const auto passphrase, config.key_passphrase.load_text());
  auto key = crypto::SoftwareKey::load_encrypted(as_text(pem.reveal()), passphrase);
  if (key) return key;
  const bool wrong = key.error().reason == "KEY_PASSPHRASE_WRONG";
  return invalid(wrong ? "KEY_PASSPHRASE_WRONG" : "KEY_FILE_INVALID",
                 fmt::format("{}: {}", name, key.error().message));
}

// What tells one state of a file from another, without reading it.
using FileState = std::array<std::int64_t, 6>;
FileState state_of(const std::filesystem::path& file) {
  struct stat facts{};
  if (file.empty() || stat(file.c_str(), &facts) != 0) return {};
  return {static_cast<std::int64_t>(facts.st_dev), static_cast<std::int64_t>(facts.st_ino), facts.st_size,
          facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_ctim.tv_nsec};
}

}  // namespace

void read(ConfigReader& in, CertificateFilesConfig& out) {
  in.required("certificate", out.certificate);
  in.required("key", out.key);
  in.optional("key_passphrase", out.key_passphrase);
  in.optional("trust_anchors", out.trust_anchors);
}

Result<Certificates> load_certificates(const CertificateFilesConfig& config, const Clock& clock) {
  TRY(const auto chain, load_bundle(config.certificate));
  TRY(const auto key, load_key(config));
  const auto& leaf = chain.front();
  if (leaf.public_key() != key.public_key())
    return invalid("KEY_MISMATCH", fmt::format("the key in {} is not that of the first certificate in {}",
                                               config.key.path.native(), config.certificate.native()));
  const auto now = clock.now();
  if (now > leaf.not_after() || now < leaf.not_before())
    return invalid("CERTIFICATE_EXPIRED",
                   fmt::format("{} is valid from {} to {}", config.certificate.native(),
                               format_rfc3339(leaf.not_before()), format_rfc3339(leaf.not_after())));
  TRY(auto key_pem, key.plaintext_pem());
  Certificates out{pem_of(chain), std::move(key_pem), {}, leaf.not_after()};
  if (!config.trust_anchors.empty()) {
    TRY(const auto anchors, load_bundle(config.trust_anchors));
    out.trust_anchors_pem = pem_of(anchors);
  }
  return out;
}

struct CertificateFiles::Inside {
  using Fingerprint = std::array<FileState, 4>;

  CertificateFilesConfig config;
  const Clock& clock;
  const obs::Log& log;
  std::chrono::milliseconds interval;
  Check check;
  std::mutex look_mutex;     // one look at a time; guards the four below
  Fingerprint seen;          // of the last look that read the files
  std::optional<Error> bad;  // what that look found, until it is logged
  std::vector<Listener> listeners;
  mutable std::mutex mutex;  // guards the two below
  std::shared_ptr<const Certificates> current;
  bool stopping = false;
  std::condition_variable stop;
  std::jthread watcher;

  Fingerprint fingerprint() const {
    return {state_of(config.certificate), state_of(config.key.path), state_of(config.key_passphrase.path),
            state_of(config.trust_anchors)};
  }

  Result<Certificates> load() const {
    TRY(auto loaded, load_certificates(config, clock));
    if (check) TRY_VOID(check(loaded));
    return loaded;
  }

  bool look() {
    const std::scoped_lock lock(look_mutex);
    const auto now = fingerprint();
    if (now == seen) {
      // Logged a look later: between the writing of two files they do not fit, which is no fault.
      if (bad) log.write(kCertificatesRefused, *std::exchange(bad, std::nullopt));
      return false;
    }
    seen = now;
    auto loaded = load();
    if (!loaded) {
      bad = std::move(loaded).error();
      return false;
    }
    bad.reset();
    auto fresh = std::make_shared<const Certificates>(*std::move(loaded));
    {
      const std::scoped_lock state_lock(mutex);
      current = fresh;
    }
    for (const auto& listener : listeners) listener(*fresh);
    // Said last: whoever reads it may rely on everyone having them.
    log.write(kCertificatesTaken,
              {{"file", config.certificate.native()}, {"not_after", format_rfc3339(fresh->not_after)}});
    return true;
  }

  void watch() {
    std::unique_lock lock(mutex);
    while (!stop.wait_for(lock, interval, [&] { return stopping; })) {
      lock.unlock();
      look();
      lock.lock();
    }
  }
};

Result<std::unique_ptr<CertificateFiles>> CertificateFiles::open(CertificateFilesConfig config, const Clock& clock,
                                                                 const obs::Log& log,
                                                                 std::chrono::milliseconds interval, Check check) {
  std::unique_ptr<Inside> inside(
      new Inside{std::move(config), clock, log, interval, std::move(check), {}, {}, {}, {}, {}, {}, false, {}, {}});
  inside->seen = inside->fingerprint();
  TRY(auto loaded, inside->load());
  inside->current = std::make_shared<const Certificates>(std::move(loaded));
  inside->watcher = std::jthread([raw = inside.get()] { raw->watch(); });
  return std::unique_ptr<CertificateFiles>(new CertificateFiles(std::move(inside)));
}

CertificateFiles::CertificateFiles(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
CertificateFiles::~CertificateFiles() {
  {
    const std::scoped_lock lock(inside_->mutex);
    inside_->stopping = true;
  }
  inside_->stop.notify_all();
  inside_->watcher.join();
}

std::shared_ptr<const Certificates> CertificateFiles::current() const {
  const std::scoped_lock lock(inside_->mutex);
  return inside_->current;
}

void CertificateFiles::on_change(Listener listener) {
  const std::scoped_lock lock(inside_->look_mutex);
  listener(*current());
  inside_->listeners.push_back(std::move(listener));
}

void CertificateFiles::show_in(obs::Metrics& metrics, std::string_view certificate) {
  on_change([gauge = metrics.gauge(kCertificateNotAfter, {certificate})](const Certificates& now) {
    gauge.set(static_cast<double>(std::chrono::floor<std::chrono::seconds>(now.not_after).time_since_epoch().count()));
  });
}

bool CertificateFiles::look() { return inside_->look(); }

}  // namespace pratique::runtime
