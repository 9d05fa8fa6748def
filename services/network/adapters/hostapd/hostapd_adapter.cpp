#include "services/network/adapters/hostapd/hostapd_adapter.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "libs/net/datagram.h"
#include "services/network/adapters/hostapd/control.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

using hostapd::Event;
using hostapd::Monitor;
using Kind = PortEvent::Kind;
using Time = std::chrono::steady_clock::time_point;

/// One port's hostapd as the adapter's thread follows it.
class WatchedPort {
 public:
  WatchedPort(const HostapdPort& port, const HostapdConfig& config) : port_(port), config_(config) {}

  /// Does all that is due, and tells what happened.
  void turn(Time now, const SwitchAdapter::Listener& tell) {
    if (!monitor_ && now >= retry_at_) open(now, tell);
    if (!monitor_) return;
    hear(now);
    monitor_->tick(now);
    speak();
    report(now, tell);
  }
  const net::DatagramSocket* socket() const { return socket_ ? &*socket_ : nullptr; }
  Time next_due() const { return monitor_ && monitor_->next_due() ? *monitor_->next_due() : retry_at_; }
  void leave() {
    if (monitor_ && monitor_->is_attached()) (void)socket_->send(as_bytes("DETACH"));  // it may be gone: all the same
  }

 private:
  void open(Time now, const SwitchAdapter::Listener& tell) {
    auto socket = net::DatagramSocket::open_unix(port_.control);
    if (!socket) return lost(now, tell);
    socket_.emplace(*std::move(socket));
    monitor_.emplace(config_.times, now);
    speak();
  }
  void hear(Time now) {
    while (true) {
      const auto datagram = socket_->receive();
      if (!datagram) return monitor_->lose(datagram.error().message);
      if (!*datagram) return;
      monitor_->receive((*datagram)->bytes, now);
    }
  }
  void speak() {
    while (const auto command = monitor_->take_command())
      if (const auto sent = socket_->send(as_bytes(*command)); !sent) monitor_->lose(sent.error().message);
  }
  void report(Time now, const SwitchAdapter::Listener& tell) {
    if (monitor_->is_attached() && known_ != Known::there) {
      known_ = Known::there;
      tell({.kind = Kind::all_lost, .port = port_.port});
    }
    for (const auto& event : monitor_->take_events())
      tell({.kind = event.kind == Event::Kind::station_on ? Kind::station_on : Kind::station_off,
            .port = port_.port,
            .mac = event.mac});
    if (monitor_->state() == Monitor::State::lost) lost(now, tell);
  }
  void lost(Time now, const SwitchAdapter::Listener& tell) {
    monitor_.reset();
    socket_.reset();
    retry_at_ = now + config_.retry_interval;
    if (known_ != Known::lost) tell({.kind = Kind::authenticator_lost, .port = port_.port});
    known_ = Known::lost;
  }

  enum class Known { nothing, there, lost };
  const HostapdPort& port_;
  const HostapdConfig& config_;
  std::optional<net::DatagramSocket> socket_;
  std::optional<Monitor> monitor_;
  Time retry_at_{};
  Known known_ = Known::nothing;
};

class HostapdAdapter final : public SwitchAdapter {
 public:
  HostapdAdapter(HostapdConfig config, net::Waker waker) : config_(std::move(config)), waker_(std::move(waker)) {}
  ~HostapdAdapter() override {
    ending_ = true;
    waker_.wake();
    if (thread_.joinable()) thread_.join();
  }

  Capabilities capabilities() const override { return {Capability::watch_stations, Capability::end_session}; }

  void watch(Listener listener) override {
    if (thread_.joinable()) return;
    thread_ = std::thread([this, tell = std::move(listener)] { run(tell); });
  }

  Result<std::vector<PortState>> observe(Deadline) override { return capability_missing(Capability::observe_ports); }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan>, Deadline) override {
    return capability_missing(Capability::set_segment);
  }
  Result<SessionChanged> change_session(const SessionRef&, VlanId, Deadline) override {
    return capability_missing(Capability::change_session);
  }

  Result<SessionEnd> end_session(const SessionRef& session, Deadline deadline) override {
    if (session.mac.is_zero()) return field_invalid("session.mac", "must be known: hostapd knows stations by it");
    const auto port = std::ranges::find(config_.ports, session.port, &HostapdPort::port);
    if (port == config_.ports.end()) return port_unknown(session.port);
    TRY_VOID(log_off(port->control, session.mac, deadline).with_context(port->port));
    return SessionEnd{EndedBy::control_socket};
  }

  Result<std::vector<LiveStation>> stations(Deadline deadline) override {
    std::vector<LiveStation> out;
    for (const auto& port : config_.ports) {
      auto all = list_stations(port.control, deadline);
      // Where no authenticator is nobody can be known to be on.
      if (!all && all.error().code == ErrorCode::unavailable) continue;
      TRY(auto there, std::move(all).with_context(port.port));
      for (auto& one : there)
        out.push_back({.session = {.port = port.port,
                                   .mac = one.mac,
                                   .accounting_id = std::move(one.accounting_id),
                                   .user_name = std::move(one.user_name)},
                       .on_for = one.on_for});
    }
    std::ranges::sort(out, {}, [](const LiveStation& one) { return std::tie(one.session.port, one.session.mac); });
    return out;
  }

 private:
  void run(const Listener& tell) {
    std::vector<WatchedPort> ports;
    for (const auto& port : config_.ports) ports.emplace_back(port, config_);
    while (!ending_) {
      for (auto& port : ports) port.turn(std::chrono::steady_clock::now(), tell);
      auto due = Time::max();
      std::vector<const net::DatagramSocket*> sockets;
      for (const auto& port : ports) {
        due = std::min(due, port.next_due());
        if (port.socket() != nullptr) sockets.push_back(port.socket());
      }
      // What fails here (no memory, no descriptors) is tried again when something is due.
      if (!net::wait_for_datagrams(sockets, waker_, due)) std::this_thread::sleep_for(config_.retry_interval);
    }
    for (auto& port : ports) port.leave();
  }

  const HostapdConfig config_;
  const net::Waker waker_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<SwitchAdapter>> make_hostapd_adapter(HostapdConfig config) {
  if (config.ports.empty()) return field_invalid("ports", "must have one at least");
  std::set<std::string> names;
  for (const auto& port : config.ports) {
    if (port.port.empty() || !names.insert(port.port).second)
      return field_invalid("ports", "must each have a name of their own").with("port", port.port);
    const auto& path = port.control.native();
    if (!port.control.is_absolute() || path.size() > net::kMaxUnixPath)
      return field_invalid("ports", "must each have the absolute path of a control socket, of 107 bytes at most")
          .with("port", port.port);
  }
  TRY(auto waker, net::Waker::make());
  return std::unique_ptr<SwitchAdapter>(std::make_unique<HostapdAdapter>(std::move(config), std::move(waker)));
}

}  // namespace pratique::network
