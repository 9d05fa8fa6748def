// The door for devices: BRSKI and EST over one HTTPS server (RFC 8995 section 5, RFC 7030 section 3). Knows paths,
// methods and media types; every request is logged and counted here, once.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "libs/net/https_server.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/obs/pseudonym.h"
#include "services/onboarding/app/brski.h"
#include "services/onboarding/app/est.h"

namespace pratique::onboarding {

class DeviceFront {
 public:
  struct Surroundings {
    const obs::Log& log;
    obs::Metrics& metrics;
    const obs::Pseudonyms& pseudonyms;
  };
  DeviceFront(Brski& brski, Est& est, Surroundings around) : brski_(brski), est_(est), around_(around) {}

  /// For net::HttpsServer. Thread-safe.
  net::http::Response handle(const net::http::Request& request, const net::PeerInfo& peer);
  /// How much body each path may have; for HttpsServerConfig::body_limit.
  static std::optional<std::size_t> body_limit(std::string_view method, std::string_view path);

 private:
  /// What a path means: the operation's name (a metric's label), its method, and what is done.
  struct Operation {
    std::string_view name;
    std::string_view method;
    std::function<net::http::Response()> run;
  };
  std::optional<Operation> find_operation(const net::http::Request& request, const DeviceCaller& caller);
  net::http::Response request_voucher(const net::http::Request& request, const DeviceCaller& caller);
  net::http::Response report(const net::http::Request& request, const DeviceCaller& caller,
                             Result<Answer> (Brski::*take)(const DeviceCaller&, ByteView));
  net::http::Response enroll(const net::http::Request& request, const DeviceCaller& caller,
                             Result<Answer> (Est::*take)(const DeviceCaller&, std::string_view));
  net::http::Response finish(Result<Answer> answer, std::string_view content_type);

  Brski& brski_;
  Est& est_;
  Surroundings around_;
};

}  // namespace pratique::onboarding
