#include "services/join_proxy/door.h"

#include <utility>

#include "services/join_proxy/catalogue.h"

namespace pratique::join_proxy {

Door::Door(const Config& config, const obs::Log& log, obs::Metrics& metrics)
    : config_(config),
      log_(log),
      accepted_(metrics.counter(kConnections, {"accepted"})),
      over_limit_(metrics.counter(kConnections, {"over_limit"})),
      over_source_limit_(metrics.counter(kConnections, {"over_source_limit"})),
      unled_(metrics.counter(kConnections, {"no_registrar"})),
      cut_idle_(metrics.counter(kEnded, {"idle"})),
      cut_lifetime_(metrics.counter(kEnded, {"lifetime"})),
      cut_bytes_(metrics.counter(kEnded, {"bytes"})),
      connects_failed_(metrics.counter(kConnectsFailed)),
      bytes_to_registrar_(metrics.counter(kBytes, {"registrar"})),
      bytes_to_device_(metrics.counter(kBytes, {"device"})),
      open_(metrics.gauge(kOpen)),
      known_(metrics.gauge(kRegistrars)) {}

Door::~Door() { close(); }

Result<void> Door::open_locked(const std::vector<net::Endpoint>& registrars) {
  net::TcpProxyConfig pipe;
  pipe.listen = {config_.listen.host, config_.listen.port};
  pipe.upstreams = registrars;
  pipe.limits = config_.limits;
  TRY(auto proxy, net::TcpProxy::start(std::move(pipe)));
  if (!config_.announce_on.empty()) {
    // What is announced must be what is listened on: "::" takes IPv4 as well.
    const dnssd::PublisherOptions where{.interfaces = config_.announce_on,
                                        .ipv4 = config_.listen.is_ipv4() || config_.listen.host == "::",
                                        .ipv6 = config_.listen.is_ipv6()};
    const dnssd::Publication us{.instance = config_.name, .type = std::string(dnssd::kBrskiProxy), .port = proxy->port()};
    TRY(publisher_, dnssd::Publisher::start(where, {us}));
  }
  proxy_ = std::move(proxy);
  log_.write(kDoorOpened, {{"port", proxy_->port()}, {"registrars", registrars.size()}});
  return {};
}

Result<void> Door::lead_to(std::vector<net::Endpoint> registrars) {
  const std::scoped_lock lock(mutex_);
  if (closed_ || registrars == registrars_) return {};
  if (!proxy_) {
    TRY_VOID(open_locked(registrars));
  } else {
    TRY_VOID(proxy_->set_upstreams(registrars));
    log_.write(kRegistrarsChanged, {{"registrars", registrars.size()}});
  }
  registrars_ = std::move(registrars);
  known_.set(static_cast<double>(registrars_.size()));
  return {};
}

bool Door::open() const {
  const std::scoped_lock lock(mutex_);
  return proxy_ != nullptr;
}

void Door::count() {
  const std::scoped_lock lock(mutex_);
  count_locked();
}

void Door::count_locked() {
  if (!proxy_) return;
  const auto now = proxy_->stats();
  const auto grown = [&](const obs::Counter& counter, std::uint64_t net::TcpProxyStats::* figure) {
    counter.add(static_cast<double>(now.*figure - counted_.*figure));
  };
  grown(accepted_, &net::TcpProxyStats::accepted);
  grown(over_limit_, &net::TcpProxyStats::refused_total_limit);
  grown(over_source_limit_, &net::TcpProxyStats::refused_source_limit);
  grown(unled_, &net::TcpProxyStats::no_upstream);
  grown(cut_idle_, &net::TcpProxyStats::ended_idle);
  grown(cut_lifetime_, &net::TcpProxyStats::ended_lifetime);
  grown(cut_bytes_, &net::TcpProxyStats::ended_byte_limit);
  grown(connects_failed_, &net::TcpProxyStats::upstream_connect_failed);
  grown(bytes_to_registrar_, &net::TcpProxyStats::bytes_to_upstream);
  grown(bytes_to_device_, &net::TcpProxyStats::bytes_to_downstream);
  open_.set(static_cast<double>(now.open));
  counted_ = now;
}

void Door::close() {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(closed_, true)) return;
  publisher_.reset();
  if (!proxy_) return;
  proxy_->stop(config_.drain);
  count_locked();
}

}  // namespace pratique::join_proxy
