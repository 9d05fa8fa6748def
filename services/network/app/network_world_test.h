// A network in a real database, with switches that behave as real ones do: what tests of sessions and of the reconciler
// start from.
#pragma once

#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "libs/crypto/primitives/system_random.h"
#include "libs/pg/events.h"
#include "libs/pg/migrator.h"
#include "libs/pg/outbox.h"
#include "services/network/app/catalogue.h"
#include "services/network/app/attempts.h"
#include "services/network/app/reconciler.h"
#include "services/network/app/registrar_feed.h"
#include "services/network/app/sites.h"
#include "services/network/app/switches.h"
#include "services/network/app/wlans.h"
#include "services/network/domain/field_check.h"
#include "services/network/domain/reasons.h"
#include "services/network/storage/migrations.h"
#include "tests/support/postgres/test_database.h"

namespace pratique::network {

using namespace std::chrono_literals;

/// A switch in memory: it has ports, does what it is told, can be away, refuse, lie, and be changed by hand.
class MemorySwitch final : public SwitchAdapter {
 public:
  explicit MemorySwitch(Capabilities can) : can_(can) {}

  Capabilities capabilities() const override { return can_; }
  void watch(Listener) override {}
  Result<std::vector<PortState>> observe(Deadline) override {
    const std::lock_guard lock(mutex);
    TRY_VOID(reach("observe"));
    std::vector<PortState> out;
    for (const auto& [name, state] : ports) out.push_back(state);
    return out;
  }
  Result<PortState> observe_port(std::string_view port, Deadline) override {
    const std::lock_guard lock(mutex);
    TRY_VOID(reach("observe_port " + std::string(port)));
    const auto found = ports.find(std::string(port));
    if (found == ports.end()) return port_unknown(port);
    return found->second;
  }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan> plans, Deadline) override {
    if (before_apply) before_apply();
    const std::lock_guard lock(mutex);
    for (const auto& plan : plans) calls.push_back("apply " + plan.port);
    TRY_VOID(reach());
    std::vector<AppliedPort> out;
    for (const auto& plan : plans) {
      AppliedPort done{.port = plan.port};
      const auto found = ports.find(plan.port);
      if (found == ports.end()) {
        done.verdict.refuse(kSwitchRefused.code, "no such port");
      } else if (refusing) {
        done.verdict.refuse(kSwitchRefused.code, "out of memory");
      } else {
        auto& state = found->second;
        state.vlan = plan.vlan;
        state.admitted.clear();
        for (const auto& station : plan.stations) state.admitted.push_back(station.mac);
        state.onboarding_only = plan.stations.empty();
        state.foreign.clear();
      }
      out.push_back(std::move(done));
    }
    return out;
  }
  Result<SessionEnd> end_session(const SessionRef& session, Deadline) override {
    const std::lock_guard lock(mutex);
    calls.push_back("end " + session.port + " " + session.mac.text());
    TRY_VOID(reach());
    on.erase({session.port, session.mac});
    return SessionEnd{EndedBy::disconnect_request, fell_back};
  }
  Result<SessionChanged> change_session(const SessionRef& session, VlanId vlan, Deadline) override {
    const std::lock_guard lock(mutex);
    calls.push_back("change " + session.port + " " + std::to_string(vlan));
    TRY_VOID(reach());
    return SessionChanged::changed;
  }
  Result<std::vector<LiveStation>> stations(Deadline) override {
    const std::lock_guard lock(mutex);
    TRY_VOID(reach());
    std::vector<LiveStation> out;
    for (const auto& [port, mac] : on) out.push_back({.session = {.port = port, .mac = mac}});
    return out;
  }

  std::size_t count(std::string_view beginning) {
    const std::lock_guard lock(mutex);
    std::size_t out = 0;
    for (const auto& call : calls) out += call.starts_with(beginning) ? 1 : 0;
    return out;
  }

  std::mutex mutex;
  bool away = false, refusing = false;
  std::function<void()> before_apply;
  std::optional<Error> fell_back;  // of the ends of sessions
  std::vector<std::string> calls;
  std::map<std::string, PortState> ports;
  std::set<std::pair<std::string, MacAddress>> on;  // who is logged on

 private:
  Result<void> reach(std::string call = "") {
    if (!call.empty()) calls.push_back(std::move(call));
    if (away) return unavailable(kSwitchUnreachable.code, "no route to host");
    return {};
  }
  Capabilities can_;
};

inline constexpr Capabilities kFullSwitch{Capability::set_segment, Capability::pin_station, Capability::close_port,
                                          Capability::end_session, Capability::observe_ports, Capability::watch_ports,
                                          Capability::watch_stations};
inline constexpr Capabilities kSessionSwitch{Capability::end_session, Capability::change_session};

class MemoryBook final : public AdapterBook {
 public:
  Result<std::shared_ptr<SwitchAdapter>> find(const SwitchId& id) override {
    const std::lock_guard lock(mutex);
    if (broken) return *broken;
    const auto found = switches.find(id);
    if (found == switches.end()) return no_adapter(id);
    return std::shared_ptr<SwitchAdapter>(found->second);
  }
  std::optional<Error> broken;  // why none can be made
  std::mutex mutex;
  std::map<SwitchId, std::shared_ptr<MemorySwitch>> switches;
};

class NetworkWorld {
 public:
  static constexpr VlanId kOnboarding = 4001, kQuarantine = 4002, kCameras = 10, kLocks = 20;

  NetworkWorld() {
    site = sites.create(change(), {.name = "berlin"})->id;
    cameras = segments.create(change(), {.name = "cameras", .vlan = kCameras})->id;
    REQUIRE(segments.create(change(), {.name = "locks", .vlan = kLocks}));
  }

  template <typename F>
  auto with(F&& fn) -> std::invoke_result_t<F&, pg::Tx&> {
    return pool->with(soon(), fn);
  }
  static pg::Deadline soon() { return pg::within(30s); }
  Surroundings surroundings() { return {*pool, clock, random}; }
  Call call() const { return {"operator/ada", soon()}; }
  Change change(std::string request_id = "") const {
    return {{"operator/ada", soon()}, std::move(request_id), "Test", {1}};
  }

  SegmentId segment(std::string_view name) {
    const auto all = *segments.list(call(), "", 100);
    const auto found = std::ranges::find(all, name, &Segment::name);
    REQUIRE(found != all.end());
    return found->id;
  }
  /// A switch with ports p1…, registered and driven once.
  SwitchId add_switch(const std::string& name, int size, Capabilities can = kFullSwitch) {
    const bool radius = !can.has(Capability::set_segment);
    const auto address = "192.0.2." + std::to_string(++addresses_);
    const auto made = switches.create(change(), {.site = site,
                                                 .name = name,
                                                 .kind = radius ? SwitchKind::radius : SwitchKind::ovs,
                                                 .nas_address = *IpAddress::parse(address)});
    INFO((made ? "" : made.error().message));
    REQUIRE(made);
    auto memory = std::make_shared<MemorySwitch>(can);
    for (int i = 1; i <= size; ++i) {
      const auto port = "p" + std::to_string(i);
      memory->ports[port] = {.port = port, .link_up = true};
      ports_[{made->id, port}] = add_port(made->id, port);
    }
    book.switches[made->id] = memory;
    nas_[made->id] = address;
    return made->id;
  }
  PortId add_port(const SwitchId& on_switch, const std::string& name) {
    clock.advance(1ms);  // ids sort by time
    const auto port = ports.create(change(), {.on_switch = on_switch, .name = name});
    INFO((port ? "" : port.error().message));
    REQUIRE(port);
    return port->port.id;
  }
  MemorySwitch& at(const SwitchId& id) { return *book.switches.at(id); }
  PortId port(const SwitchId& on_switch, const std::string& name) const { return ports_.at({on_switch, name}); }
  PortCondition condition(const SwitchId& on_switch, const std::string& name) {
    return ports.get(call(), port(on_switch, name))->condition;
  }

  // The registrar's words.
  RegistrarEvent device_event(const DeviceId& device, const std::string& state, const std::string& segment) {
    return {++cursor, clock.now(), "device.updated", device.name(),
            {{"state", state}, {"segment", segment}, {"serial_number", "CAM-1"}}};
  }
  void say(const RegistrarEvent& event) { REQUIRE(feed.handle(event, soon())); }
  /// A device that may be in the segment, with a certificate.
  DeviceId admit(const std::string& certificate, const std::string& segment = "cameras") {
    const auto device = DeviceId::make(clock, random);
    say(device_event(device, "admitted", segment));
    say(credential_event(device, "credential.issued", certificate));
    return device;
  }
  RegistrarEvent credential_event(const DeviceId& device, const std::string& type, const std::string& certificate) {
    return {++cursor,
            clock.now(),
            type,
            "credentials/0193",
            {{"device", device.name()},
             {"certificate_serial", certificate},
             {"authority_key_id", "a1b2"},
             {"not_after", "2030-01-01T00:00:00Z"}}};
  }

  // A device's way onto a port.
  RadiusReport report(RadiusReportKind kind, const SwitchId& on_switch, const std::string& port,
                      const MacAddress& mac) {
    return {.kind = kind, .at = clock.now(), .nas_address = nas_.at(on_switch), .nas_port_id = port,
            .calling_station_id = mac.text(MacForm::dash, LetterCase::upper), .user_name = "CAM-1"};
  }
  RadiusReport accepted(const SwitchId& on_switch, const std::string& port, const MacAddress& mac,
                        const std::string& certificate) {
    auto out = report(RadiusReportKind::accept, on_switch, port, mac);
    out.certificate_serial = certificate;
    out.authority_key_id = "a1b2";
    return out;
  }
  void hand_in(const RadiusReport& one) {
    REQUIRE(with([&](pg::Tx& tx) { return insert_radius_report(tx, one); }));
    REQUIRE(*sessions.take_reports(soon()) == 1);
  }
  void tell(const SwitchId& on_switch, PortEvent::Kind kind, const std::string& port = "", const MacAddress& mac = {}) {
    REQUIRE(sessions.note(on_switch, {kind, port, mac}, soon()));
  }
  /// Accepted, and on.
  void log_on(const SwitchId& on_switch, const std::string& port, const MacAddress& mac,
              const std::string& certificate) {
    clock.advance(1ms);
    hand_in(accepted(on_switch, port, mac, certificate));
    if (at(on_switch).capabilities().has(Capability::watch_stations)) {
      at(on_switch).on.emplace(port, mac);
      tell(on_switch, PortEvent::Kind::station_on, port, mac);
    } else {
      auto start = report(RadiusReportKind::start, on_switch, port, mac);
      start.accounting_id = "A1";
      hand_in(start);
    }
  }
  static MacAddress mac(std::uint8_t last) { return MacAddress({0x02, 0, 0, 0, 0, last}); }

  /// Until nothing is to be done; how many rounds.
  int settle(Reconciler& one) {
    int rounds = 0;
    while (true) {
      const auto stepped = one.step();
      INFO((stepped ? "" : stepped.error().reason + ": " + stepped.error().message));
      REQUIRE(stepped);
      if (!*stepped) return rounds;
      REQUIRE(++rounds < 100);
    }
  }
  int settle() { return settle(reconciler); }
  std::unique_ptr<Reconciler> another(const std::string& holder, ReconcilerConfig config = {}) {
    config.holder = holder;
    return std::make_unique<Reconciler>(surroundings(), config, book, sessions, log, metrics);
  }

  std::vector<Session> stays(const SessionFilter& filter = {}) { return *sessions.list(call(), filter, {}, 100); }
  std::size_t events(std::string_view type) {
    std::size_t out = 0;
    const auto told = with([](pg::Tx& tx) { return pg::outbox::read(tx, 0, 1000); });
    REQUIRE(told);
    for (const auto& event : *told) out += event.type == type ? 1 : 0;
    return out;
  }

  static std::unique_ptr<pg::Pool> open(const std::string& conninfo) {
    const pg::DatabaseConfig config{.conninfo = conninfo, .schema = "network"};
    const auto migrated = pg::Migrator(config, migrations()).migrate();
    INFO((migrated ? "" : migrated.error().message));
    REQUIRE(migrated);
    return *pg::Pool::open({.database = config, .size = 6});
  }

  support::TestDatabase database;
  std::unique_ptr<pg::Pool> pool = open(database.conninfo());
  FixedClock clock{Timestamp(1'764'000'000s)};
  crypto::SystemRandom random;
  std::vector<std::string> logged;
  std::mutex log_mutex;
  obs::Log log{catalogue(), obs::Level::info, clock, [this](std::string_view line) {
                 const std::lock_guard lock(log_mutex);
                 logged.emplace_back(line);
               }};
  obs::Metrics metrics{catalogue()};
  std::int64_t cursor = 0;
  SiteId site;
  SegmentId cameras;

 private:
  int addresses_ = 0;
  std::map<std::pair<SwitchId, std::string>, PortId> ports_;
  std::map<SwitchId, std::string> nas_;

 public:
  Sites sites{surroundings()};
  Segments segments{surroundings()};
  Switches switches{surroundings(), [](SwitchKind, std::string_view settings) -> Result<void> {
                      if (settings != "{}") return field_invalid("network_switch.settings", "must be empty");
                      return {};
                    },
                    [](const SwitchId&, const Secret& secret) -> Result<SwitchSecret> {
                      return SwitchSecret{Bytes(secret.reveal().begin(), secret.reveal().end()), {7}};
                    }};
  Ports ports{surroundings()};
  Wlans wlans{surroundings()};
  RegistrarFeed feed{surroundings(), log, metrics};
  Sessions sessions{surroundings(), {}, log, metrics};
  Attempts attempts{surroundings(), {}};
  MemoryBook book;
  Reconciler reconciler{surroundings(), {.holder = "replica-1"}, book, sessions, log, metrics};
};

}  // namespace pratique::network
