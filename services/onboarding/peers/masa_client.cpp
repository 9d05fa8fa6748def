#include "services/onboarding/peers/masa_client.h"

#include <map>
#include <mutex>
#include <vector>

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

/// Connections that wait for their next call. Thread-safe.
class KeptConnections {
 public:
  /// One that was opened with the same options, or nothing.
  std::unique_ptr<net::HttpsClient> take(const std::string& key) {
    const std::lock_guard lock(mutex_);
    drop_old();
    for (auto it = kept_.rbegin(); it != kept_.rend(); ++it) {
      if (it->key != key) continue;
      auto out = std::move(it->client);
      kept_.erase(std::next(it).base());
      return out;
    }
    return nullptr;
  }
  void keep(std::string key, std::unique_ptr<net::HttpsClient> client) {
    if (!client->connected()) return;
    const std::lock_guard lock(mutex_);
    drop_old();
    if (kept_.size() >= kMaxKeptConnections) kept_.erase(kept_.begin());
    kept_.push_back({std::move(key), std::move(client), std::chrono::steady_clock::now() + kKeepConnection});
  }

 private:
  struct Kept {
    std::string key;
    std::unique_ptr<net::HttpsClient> client;
    SteadyTime until;
  };
  void drop_old() {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(kept_, [&](const Kept& one) { return one.until < now; });
  }
  std::mutex mutex_;
  std::vector<Kept> kept_;  // the oldest first
};

/// Everything that decides whom a connection is to and who vouched for it.
std::string connection_key(const MasaQuestion& question, const net::TlsIdentity& identity) {
  std::string out = question.base_url;
  for (const auto& anchor : question.tls_anchors) out += as_text(anchor.fingerprint_sha256());
  return out + std::string(as_text(identity.leaf().fingerprint_sha256()));
}

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
    TRY(const auto url, net::parse_url(question.base_url));
    auto identity = identity_();
    const auto key = connection_key(question, identity);
    auto client = connections_.take(key);
    const bool kept = client != nullptr;
    if (!kept) client = connect_to(url, question, identity);

    net::HttpCall call;
    call.method = "POST";
    call.target = (url.path == "/" ? "" : url.path) + std::string(operation);
    call.headers = {{"Content-Type", std::string(brski::kVoucherCmsJson)}, {"Accept", std::string(accepted)}};
    call.body = question.voucher_request;
    auto response = client->send(call);
    // A connection that the MASA gave up meanwhile: once more on a new one.
    if (!response && kept && response.error().code == ErrorCode::unavailable) {
      client = connect_to(url, question, identity);
      response = client->send(call);
    }
    if (!response) return std::move(response).error();
    connections_.keep(key, std::move(client));
    MasaAnswer out{response->status, response->content_type(), std::move(response->body), std::nullopt};
    if (const auto seconds = response->retry_after_seconds()) out.retry_after = std::chrono::seconds(*seconds);
    return out;
  }

  std::unique_ptr<net::HttpsClient> connect_to(const net::Url& url, const MasaQuestion& question,
                                               const net::TlsIdentity& identity) {
    net::HttpsClientOptions options;
    options.server = url;
    options.anchors = question.tls_anchors;
    options.system_anchors = options_.system_anchors;
    options.identity = identity;
    options.connect_timeout = options_.timeout / 2;
    options.handshake_timeout = options_.timeout / 2;
    options.exchange_timeout = options_.timeout;
    options.max_response_bytes = kMaxMasaAnswer;
    return std::make_unique<net::HttpsClient>(std::move(options));
  }

  MasaClientOptions options_;
  std::function<net::TlsIdentity()> identity_;
  Circuits circuits_;
  KeptConnections connections_;
};

}  // namespace

std::unique_ptr<Masa> make_masa_client(MasaClientOptions options, std::function<net::TlsIdentity()> identity) {
  return std::make_unique<MasaClient>(options, std::move(identity));
}

}  // namespace pratique::onboarding
