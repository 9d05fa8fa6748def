#include "libs/net/client_contexts.h"

#include <map>
#include <mutex>
#include <string>

#include "libs/net/tls_context.h"

namespace pratique::net {
namespace {

using Clock = std::chrono::steady_clock;

struct Shared {
  std::shared_ptr<boost::asio::ssl::context> context;
  Clock::time_point until;
};

// Everything of the options that make_client_context() reads.
std::string key_of(const HttpsClientOptions& options) {
  std::string key = {static_cast<char>(options.verification), static_cast<char>(options.versions),
                     static_cast<char>(options.system_anchors)};
  key += std::to_string(options.anchors.size()) + ":";
  for (const auto& anchor : options.anchors) key += as_text(anchor.fingerprint_sha256());
  if (options.identity)
    for (const auto& certificate : options.identity->chain()) key += as_text(certificate.fingerprint_sha256());
  return key;
}

}  // namespace

Result<std::shared_ptr<boost::asio::ssl::context>> client_context(const HttpsClientOptions& options) {
  static std::mutex mutex;
  static std::map<std::string, Shared> contexts;
  auto key = key_of(options);
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex);
    std::erase_if(contexts, [&](const auto& entry) { return entry.second.until <= now; });
    if (const auto found = contexts.find(key); found != contexts.end()) return found->second.context;
  }
  TRY(auto made, make_client_context(options));
  auto context = std::make_shared<boost::asio::ssl::context>(made.release());
  const std::lock_guard lock(mutex);
  if (contexts.size() >= kMaxSharedContexts) contexts.clear();
  contexts.insert_or_assign(std::move(key), Shared{context, now + kShareContext});
  return context;
}

}  // namespace pratique::net
