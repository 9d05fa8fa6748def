// The manufacturer's authorized signing authority (RFC 8995 sections 5.4 to 5.8) as an HTTP handler: gives vouchers,
// writes down who got them, and shows its audit log. Every check is libs/protocol/brski/masa.h.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/net/http.h"
#include "libs/net/tls.h"
#include "libs/protocol/brski/masa.h"
#include "libs/protocol/voucher/wire_profile.h"
#include "tools/factory/audit_book.h"
#include "tools/factory/device_register.h"
#include "tools/factory/factory.h"
#include "tools/factory/mischief.h"

namespace pratique::factory {

/// How many requests may be kept waiting (202) at a time; beyond, all are answered.
inline constexpr std::size_t kMaxConsidered = 10'000;
/// How long a silent MASA keeps a connection.
inline constexpr std::chrono::minutes kSilence{5};

struct MasaConfig {
  voucher::WireProfile profile = voucher::WireProfile::strict;
  /// Registrars whose TLS client certificate leads to one of these are given vouchers without a nonce.
  std::vector<crypto::Certificate> known_owners = {};
  /// Answers 202 so many times to each request (by serial number and nonce) before it decides.
  int answer_after = 0;
  std::chrono::seconds retry_after{5};
};

class Masa {
 public:
  using Told = std::function<void(std::string_view line)>;  // one line a request; called by many threads, one at a time

  /// `clock` and `random` must outlive it.
  Masa(MasaKeys keys, DeviceRegister devices, std::filesystem::path audit_folder, MasaConfig config, Mischief mischief,
       const Clock& clock, Random& random, Told told);

  /// Thread-safe; blocks while it is silent.
  net::http::Response handle(const net::http::Request& request, const net::PeerInfo& peer);
  /// Ends every silence, now and later.
  void stop();

 private:
  /// What is known of one request; for its line in the log.
  struct Note {
    std::string serial = {};
    std::string outcome = {};
  };
  struct Asked {
    brski::RegistrarRequestFacts facts;
    brski::RegistrarRequestJudgement judged;
    brski::MasaPolicy policy;
  };

  net::http::Response route(const net::http::Request& request, const net::PeerInfo& peer, Note& note);
  net::http::Response request_voucher(const net::http::Request& request, const net::PeerInfo& peer, Note& note);
  net::http::Response request_audit_log(const net::http::Request& request, const net::PeerInfo& peer, Note& note);
  /// The request read and judged, or the answer that refuses it.
  std::variant<Asked, net::http::Response> judge(const net::http::Request& request, const net::PeerInfo& peer,
                                                 Note& note);
  Result<Bytes> make_voucher(const Asked& asked, Note& note);
  bool consider(const brski::RegistrarRequestFacts& facts);
  void keep_silent();
  bool knows_owner(const net::PeerInfo& peer) const;

  MasaKeys keys_;
  DeviceRegister devices_;
  AuditBook audit_;
  MasaConfig config_;
  Mischief mischief_;
  const Clock& clock_;
  Random& random_;
  Told told_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::map<std::string, int> considered_;
};

}  // namespace pratique::factory
