#include "libs/rpc/tls.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>

#include "libs/crypto/keys/memory_file.h"
#include "libs/rpc/catalogue.h"

namespace pratique::rpc {
namespace {

namespace grpc_tls = grpc::experimental;

Error failed(std::string_view call) {
  return internal("TLS_MEMORY_FILE", fmt::format("{}: {}", call, std::generic_category().message(errno)));
}

// A path under which memory files follow each other: each swap is atomic, so a reader sees the old or the new content
// and never a torn one. Its number stays taken at the end, by an empty file: gRPC's thread may read the path a last time
// then, and aborts the process where the number has become a pipe or a folder meanwhile.
class Slot {
 public:
  Slot() = default;
  ~Slot() {
    static const int nothing = memfd_create("pratique-ended", MFD_CLOEXEC);
    if (fd_ >= 0) dup3(nothing, fd_, O_CLOEXEC);
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  Result<void> put(const Secret& content) {
    TRY(const auto file, crypto::MemoryFile::create("pratique-tls", content));
    const int fresh = open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fresh < 0) return failed("open");
    if (fd_ < 0) {
      fd_ = fresh;
      return {};
    }
    const int swapped = dup3(fresh, fd_, O_CLOEXEC);
    close(fresh);
    if (swapped < 0) return failed("dup3");
    return {};
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

 private:
  int fd_ = -1;
};

// Beyond the chain, which the library has verified by then. gRPC's own thread reads the memory files as long as
// credentials live, which may be longer than their TlsIdentity. Credentials own their verifier, so the verifier owns the
// files.
class Verifier : public grpc_tls::ExternalCertificateVerifier {
 public:
  explicit Verifier(std::shared_ptr<const void> files) : files_(std::move(files)) {}

  bool Verify(grpc_tls::TlsCustomVerificationCheckRequest*, std::function<void(grpc::Status)>,
              grpc::Status* outcome) override {
    *outcome = grpc::Status::OK;  // who may do what is the access table's
    return true;
  }
  void Cancel(grpc_tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  std::shared_ptr<const void> files_;
};

// Accepts the one service that is meant, whatever host its certificate names.
class ExpectedService final : public Verifier {
 public:
  ExpectedService(std::shared_ptr<const void> files, std::string uri)
      : Verifier(std::move(files)), uri_(std::move(uri)) {}

  bool Verify(grpc_tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* outcome) override {
    std::string seen;
    int identities = 0;
    for (const auto& name : request->uri_names()) {
      const std::string_view uri(name.data(), name.size());
      if (!uri.starts_with("spiffe://")) continue;
      ++identities;
      seen += (seen.empty() ? "" : ", ") + std::string(uri);
    }
    if (identities == 1 && seen == uri_) *outcome = grpc::Status::OK;
    else
      *outcome = {grpc::StatusCode::UNAUTHENTICATED,
                  fmt::format("expected {}, the server is {}", uri_, seen.empty() ? "without an identity" : seen)};
    return true;
  }

 private:
  std::string uri_;
};

// gRPC looks at its files so often.
constexpr unsigned kRefreshSeconds = 1;

}  // namespace

struct TlsIdentity::Inside {
  std::mutex mutex;
  Slot identity;  // key and chain in one, so that they change together
  Slot anchors;
  std::shared_ptr<grpc_tls::CertificateProviderInterface> provider;  // goes first, and its thread with it

  Result<void> put(const runtime::Certificates& now) {
    const std::scoped_lock lock(mutex);
    const auto key = now.key_pem.reveal();
    Bytes both;
    both.reserve(key.size() + now.chain_pem.size() + 1);  // grown, it would leave a copy of the key behind
    both.insert(both.end(), key.begin(), key.end());
    both.push_back('\n');
    both.insert(both.end(), now.chain_pem.begin(), now.chain_pem.end());
    TRY_VOID(identity.put(Secret(std::move(both))));
    return anchors.put(Secret(now.trust_anchors_pem));
  }
};

Result<std::shared_ptr<TlsIdentity>> TlsIdentity::make(runtime::CertificateFiles& files, const obs::Log& log) {
  const auto inside = std::make_shared<Inside>();
  const auto now = files.current();
  if (now->trust_anchors_pem.empty()) return kTrustAnchorsMissing.error("no trust anchors are configured");
  TRY_VOID(inside->put(*now));
  inside->provider = std::make_shared<grpc_tls::FileWatcherCertificateProvider>(
      inside->identity.path(), inside->identity.path(), inside->anchors.path(), kRefreshSeconds);
  files.on_change([weak = std::weak_ptr(inside), &log](const runtime::Certificates& changed) {
    if (const auto alive = weak.lock())
      if (const auto put = alive->put(changed); !put) log.write(kTlsRefused, put.error());
  });
  return std::shared_ptr<TlsIdentity>(new TlsIdentity(inside));
}

TlsIdentity::TlsIdentity(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
TlsIdentity::~TlsIdentity() = default;

std::shared_ptr<grpc::ServerCredentials> TlsIdentity::server_credentials() const {
  grpc_tls::TlsServerCredentialsOptions options(inside_->provider);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(grpc_tls::ExternalCertificateVerifier::Create<Verifier>(inside_));
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc_tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> TlsIdentity::channel_credentials(const std::string& expected_uri) const {
  grpc_tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(inside_->provider);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      grpc_tls::ExternalCertificateVerifier::Create<ExpectedService>(inside_, expected_uri));
  return grpc_tls::TlsCredentials(options);
}

}  // namespace pratique::rpc
