// Plain HTTP for Prometheus and the kubelet: GET /metrics, /healthz (200 while the process lives), /readyz
// (200, or 503 with the reason). No TLS and no secrets: bind it to an address that only they reach.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "libs/base/result.h"
#include "libs/obs/health.h"
#include "libs/obs/metrics.h"

namespace pratique::obs {

class MetricsEndpoint {
 public:
  /// `address` is "127.0.0.1:9464" or "[::]:9464"; port 0 takes a free one. `metrics` and `health` outlive it.
  /// UNAVAILABLE METRICS_ADDRESS_UNUSABLE when it cannot listen there.
  static Result<std::unique_ptr<MetricsEndpoint>> start(const std::string& address, const Metrics& metrics,
                                                        Health& health);
  ~MetricsEndpoint();
  std::uint16_t port() const;

 private:
  struct Inside;
  explicit MetricsEndpoint(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace pratique::obs
