// The pipe, its announcement on the devices' side, and its figures. Closed until a registrar is known, since a device
// that finds a proxy which leads nowhere loses its time there.
//
//   Door door(config, log, metrics);
//   TRY_VOID(door.lead_to({{"10.0.0.5", 8443}}));   // opens; again later: leads new connections elsewhere
//   door.count();                                    // now and then: moves the pipe's figures into the metrics
//   door.close();                                    // says goodbye on the link, drains, cuts
//
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "libs/net/dnssd/publisher.h"
#include "libs/net/tcp_proxy.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/join_proxy/config.h"

namespace pratique::join_proxy {

class Door {
 public:
  Door(const Config& config, const obs::Log& log, obs::Metrics& metrics);
  ~Door();

  /// `registrars` must not be empty.
  Result<void> lead_to(std::vector<net::Endpoint> registrars);
  bool open() const;
  void count();
  void close();

 private:
  Result<void> open_locked(const std::vector<net::Endpoint>& registrars);
  void count_locked();

  const Config config_;
  const obs::Log& log_;
  mutable std::mutex mutex_;
  std::vector<net::Endpoint> registrars_;
  std::unique_ptr<net::TcpProxy> proxy_;
  std::optional<dnssd::Publisher> publisher_;
  bool closed_ = false;

  net::TcpProxyStats counted_;
  obs::Counter accepted_, over_limit_, over_source_limit_, unled_, cut_idle_, cut_lifetime_, cut_bytes_, connects_failed_,
      bytes_to_registrar_, bytes_to_device_;
  obs::Gauge open_, known_;
};

}  // namespace pratique::join_proxy
