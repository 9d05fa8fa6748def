#include "services/onboarding/peers/masa_client.h"

#include <map>
#include <mutex>

#include "libs/net/https_client.h"
#include "libs/net/url.h"
#include "libs/protocol/brski/paths.h"

namespace pratique::onboarding {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Which MASAs are left alone. Thread-safe.
class Circuits {
 public:
  Result<void> admit(const std::string& base_url) {
    const std::lock_guard lock(mutex_);
    const auto found = circuits_.find(base_url);
    if (found == circuits_.end() || found->second.failures < kFailuresToOpen) return {};
    const auto now = std::chrono::steady_clock::now();
    if (now < found->second.open_until)
      return Error{ErrorCode::resource_exhausted, "MASA_CIRCUIT_OPEN", "the MASA failed repeatedly and is left alone for a while"}
          .with("masa_url", base_url);
    found->second.open_until = now + kOpenFor;  // one caller tries; the others wait for its result
    return {};
  }
  void report(const std::string& base_url, bool reached) {
    const std::lock_guard lock(mutex_);
    if (reached) {
      circuits_.erase(base_url);
      return;
    }
    if (circuits_.size() >= kMaxCircuits && !circuits_.contains(base_url)) circuits_.clear();
    auto& circuit = circuits_[base_url];
    if (++circuit.failures >= kFailuresToOpen) circuit.open_until = std::chrono::steady_clock::now() + kOpenFor;
  }

 private:
  static constexpr std::size_t kMaxCircuits = 4096;
  struct Circuit {
    int failures = 0;
    SteadyTime open_until{};
  };
  std::mutex mutex_;
  std::map<std::string, Circuit> circuits_;
};

class MasaClient final : public Masa {
 public:
  MasaClient(MasaClientOptions options, std::function<net::TlsIdentity()> identity)
      : options_(options), identity_(std::move(identity)) {}

  Result<MasaAnswer> request_voucher(const MasaQuestion& question) override {
    return ask(question, "/requestvoucher", brski::kVoucherCmsJson);
  }
  Result<MasaAnswer> request_audit_log(const MasaQuestion& question) override {
    return ask(question, "/requestauditlog", brski::kJson);
  }

 private:
  Result<MasaAnswer> ask(const MasaQuestion& question, std::string_view operation, std::string_view accepted) {
    TRY_VOID(circuits_.admit(question.base_url));
    auto answer = exchange(question, operation, accepted);
    // A name that does not verify is no outage: it must not hide behind an open circuit.
    const bool reached = answer ? answer->status < 500 : answer.error().code == ErrorCode::unauthenticated;
    circuits_.report(question.base_url, reached);
    if (!answer) return std::move(answer).error().with_context("MASA").with("masa_url", question.base_url);
    return answer;
  }

  Result<MasaAnswer> exchange(const MasaQuestion& question, std::string_view operation, std::string_view accepted) {
    net::HttpsClientOptions options;
    TRY(options.server, net::parse_url(question.base_url));
    options.anchors = question.tls_anchors;
    options.system_anchors = options_.system_anchors;
    options.identity = identity_();
    options.connect_timeout = options_.timeout / 2;
    options.handshake_timeout = options_.timeout / 2;
    options.exchange_timeout = options_.timeout;
    options.max_response_bytes = kMaxMasaAnswer;
    const std::string prefix = options.server.path == "/" ? "" : options.server.path;
    net::HttpsClient client(std::move(options));

    net::HttpCall call;
    call.method = "POST";
    call.target = prefix + std::string(operation);
    call.headers = {{"Content-Type", std::string(brski::kVoucherCmsJson)}, {"Accept", std::string(accepted)}};
    call.body = question.voucher_request;
    TRY(auto response, client.send(call));
    MasaAnswer out{response.status, response.content_type(), std::move(response.body), std::nullopt};
    if (const auto seconds = response.retry_after_seconds()) out.retry_after = std::chrono::seconds(*seconds);
    return out;
  }

  MasaClientOptions options_;
  std::function<net::TlsIdentity()> identity_;
  Circuits circuits_;
};

}  // namespace

std::unique_ptr<Masa> make_masa_client(MasaClientOptions options, std::function<net::TlsIdentity()> identity) {
  return std::make_unique<MasaClient>(options, std::move(identity));
}

}  // namespace pratique::onboarding
