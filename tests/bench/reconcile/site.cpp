#include "tests/bench/reconcile/site.h"

#include <fmt/format.h>

#include <random>
#include <thread>

#include "libs/base/clock.h"
#include "libs/pg/migrator.h"
#include "services/network/adapters/ovs/rules.h"
#include "services/network/app/catalogue.h"
#include "services/network/storage/migrations.h"
#include "services/network/storage/work.h"

namespace pratique::bench {

using namespace network;
using namespace std::chrono_literals;

namespace {

constexpr pg::Statement kSwitches{"bench_switches", "SELECT id FROM switch ORDER BY name"};
constexpr pg::Statement kUnsettled{"bench_unsettled", R"(
  SELECT EXISTS (SELECT FROM switch_lease WHERE holder <> '' OR observe_time <= now() OR observe_time = 'infinity'
                                             OR read_time IS NULL OR read_time < $1)
      OR EXISTS (SELECT FROM switch WHERE problem <> '')
      OR EXISTS (SELECT FROM port_state WHERE dirty) AS yes)"};
constexpr pg::Statement kWritten{"bench_written",
                                "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS bytes"};
constexpr pg::Statement kDevice{"bench_device", R"(
  SELECT s.device, s.port, g.segment, g.cursor FROM session s JOIN grant_ g ON g.device = s.device
  WHERE s.switch = $1 AND s.port_name = $2 AND s.end_time IS NULL)"};
constexpr pg::Statement kDone{"bench_done",
                              "SELECT NOT dirty AND plan_vlan = $2 AS yes, problem FROM port_state WHERE port = $1"};

/// All rows of a site, as the service itself would have written them one by one.
std::string rows(SiteSize size) {
  return fmt::format(R"(
    INSERT INTO site VALUES (gen_random_uuid(), 'plant', '', now(), now(), 1);
    INSERT INTO segment VALUES (gen_random_uuid(), 'cameras', '', 10, 'production', now(), now(), 1),
                               (gen_random_uuid(), 'locks', '', 20, 'production', now(), now(), 1);
    INSERT INTO switch (id, site, name, display_name, kind, settings, nas_identifier, enabled, create_time, update_time,
                        version)
      SELECT gen_random_uuid(), (SELECT id FROM site), 'switch-' || to_char(n, 'FM00000'), '', 'ovs', '{{}}', '', true,
             now(), now(), 1 FROM generate_series(1, {0}) n;
    INSERT INTO switch_lease (switch) SELECT id FROM switch;
    INSERT INTO port (id, switch, name, display_name, role, nas_port_id, authenticator, create_time, update_time,
                      version)
      SELECT gen_random_uuid(), s.id, 'p' || n, '', 'access', '', '', now(), now(), 1
      FROM switch s, generate_series(1, {1}) n;
    INSERT INTO port_state (port, switch) SELECT id, switch FROM port;
    CREATE TEMP TABLE placed AS
      SELECT gen_random_uuid() AS device, p.id AS port, p.name, p.switch, s.name AS switch_name,
             to_hex(268435456 + row_number() OVER ()) AS serial, row_number() OVER () AS n
      FROM port p JOIN switch s ON s.id = p.switch;
    INSERT INTO grant_ SELECT device, 'admitted', 'cameras', 'BENCH-' || n, now(), 1 FROM placed;
    INSERT INTO credential SELECT 'a1b2', serial, device, true, '', now() + interval '1 year', 1 FROM placed;
    INSERT INTO session (id, device, switch, switch_name, port, port_name, mac, user_name, accounting_id,
                         certificate_serial, authority_key_id, state, accept_time, start_time, heard_time)
      SELECT gen_random_uuid(), device, switch, switch_name, port, name,
             regexp_replace('02' || lpad(to_hex(n), 10, '0'), '(..)(?=.)', '\1:', 'g'), 'BENCH-' || n, '', serial,
             'a1b2', 'live', now(), now(), now() FROM placed;
    DROP TABLE placed;
    UPDATE registrar_feed SET started = true, cursor = 1;
    ANALYZE;)", size.switches, size.ports);
}

pg::Deadline soon() { return pg::within(60s); }

double seconds(std::chrono::steady_clock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

struct Site::Inside {
  Inside(Site& book, SiteSize of, SwitchHouse& in, pg::DatabaseConfig config, std::unique_ptr<pg::Pool> opened)
      : size(of), house(in), pool(std::move(opened)), database(std::move(config)),
        reconciler(surroundings(), {.holder = "bench"}, book, sessions, log, metrics) {}
  Surroundings surroundings() { return {*pool, clock, random}; }

  SiteSize size;
  SwitchHouse& house;
  std::size_t first = 0;  // of its switches in the house
  SystemClock clock;
  crypto::SystemRandom random;
  std::unique_ptr<pg::Pool> pool;
  pg::DatabaseConfig database;
  obs::Log log{catalogue(), obs::Level::warning, clock};
  obs::Metrics metrics{catalogue()};
  Sessions sessions{surroundings(), {}, log, metrics};
  Attempts attempts{surroundings(), {}};
  RegistrarFeed feed{surroundings(), log, metrics};
  Reconciler reconciler;
  std::unique_ptr<pg::Listener> listener;
  std::unique_ptr<WorkLoop> loop;
  std::vector<SwitchId> ids;
  std::map<SwitchId, std::shared_ptr<OvsAdapter>> adapters;
  std::int64_t cursor = 1;
  std::mt19937 dice{4711};
};

Site::Site(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Site::~Site() {
  if (!inside_) return;
  inside_->loop.reset();
  inside_->adapters.clear();
}

Result<std::unique_ptr<Site>> Site::make(const std::string& conninfo, SiteSize size, SwitchHouse& house) {
  pg::DatabaseConfig config{.conninfo = conninfo, .schema = "network"};
  TRY_VOID(pg::Migrator(config, migrations()).migrate());
  {
    auto patient = config;
    patient.statement_timeout = 600s;
    TRY(const auto placing, pg::Pool::open({.database = patient, .size = 1}));
    TRY_VOID(placing->with(pg::within(600s), [&](pg::Tx& tx) { return tx.run_script(rows(size)); }));
  }
  TRY(auto pool, pg::Pool::open({.database = config, .size = 8}));
  std::unique_ptr<Site> out(new Site(nullptr));
  out->inside_ = std::make_unique<Inside>(*out, size, house, config, std::move(pool));
  auto& in = *out->inside_;
  for (int i = 0; i < size.switches; ++i) {
    TRY(const auto number, house.add(size.ports));
    if (i == 0) in.first = number;
  }
  TRY(const auto ids, in.pool->look(soon(), [](pg::Tx& tx) { return tx.run(kSwitches); }));
  for (const pg::Row row : ids) in.ids.push_back(row.id<SwitchId>("id"));
  return out;
}

Result<void> Site::start() {
  auto& in = *inside_;
  in.listener = std::make_unique<pg::Listener>(
      pg::ListenerConfig{.database = in.database, .channels = {work_channel("network"), radius_channel("network")}});
  in.loop = std::make_unique<WorkLoop>(in.surroundings(), WorkLoopConfig{}, in.reconciler, in.sessions, in.attempts,
                                       *in.listener, in.log, in.metrics);
  for (std::size_t i = 0; i < in.ids.size(); ++i) {
    TRY(auto adapter, OvsAdapter::make({.ovsdb = in.house.ovsdb_address(in.first + i),
                                        .openflow = in.house.openflow_address(in.first + i),
                                        .onboarding = {.services = {{*IpAddress::parse("192.0.2.1"), 8443}}}}));
    in.adapters.emplace(in.ids[i], std::move(adapter));
  }
  for (auto& [id, adapter] : in.adapters)
    adapter->watch([loop = in.loop.get(), id = id](const PortEvent& event) { loop->note(id, event); });
  in.loop->start();
  return {};
}

Result<std::shared_ptr<SwitchAdapter>> Site::find(const SwitchId& on_switch) {
  const auto found = inside_->adapters.find(on_switch);
  if (found == inside_->adapters.end()) return no_adapter(on_switch);
  return std::shared_ptr<SwitchAdapter>(found->second);
}

std::size_t Site::flows() const { return inside_->house.flows(inside_->first, inside_->ids.size()); }

std::size_t Site::flows_wanted() const {
  const auto& in = *inside_;
  const auto shared = shared_rules({.services = {{*IpAddress::parse("192.0.2.1"), 8443}}}).size();
  return in.ids.size() * (shared + static_cast<std::size_t>(in.size.ports));
}

void Site::restart_switches(bool forget) { inside_->house.restart(inside_->first, inside_->ids.size(), forget); }

Result<double> Site::await_settled(std::chrono::steady_clock::time_point begin, std::chrono::seconds limit) {
  auto& in = *inside_;
  const Timestamp since = in.clock.now() - std::chrono::duration_cast<std::chrono::microseconds>(
                                               std::chrono::steady_clock::now() - begin);
  while (std::chrono::steady_clock::now() < begin + limit) {
    if (const auto trouble = in.house.trouble(); !trouble.empty()) return internal("BENCH_SWITCH", trouble);
    const auto now = std::chrono::steady_clock::now();
    if (flows() == flows_wanted()) {
      TRY(const auto left, in.pool->look(soon(), [&](pg::Tx& tx) { return tx.run_one(kUnsettled, since); }));
      if (!left.boolean("yes")) return seconds(now - begin);
    }
    std::this_thread::sleep_for(20ms);
  }
  return internal("BENCH_UNSETTLED", fmt::format("the switches are not as planned after {} s: {} flows of {}",
                                                 limit.count(), flows(), flows_wanted()));
}

Result<double> Site::written() {
  TRY(const auto row, inside_->pool->look(soon(), [](pg::Tx& tx) { return tx.run_one(kWritten); }));
  return static_cast<double>(row.integer("bytes"));
}

Result<Site::Change> Site::change_one() {
  auto& in = *inside_;
  const auto number = in.dice() % in.ids.size();
  const auto port = fmt::format("p{}", in.dice() % static_cast<unsigned>(in.size.ports) + 1);
  TRY(const auto row, in.pool->look(soon(), [&](pg::Tx& tx) { return tx.run_one(kDevice, in.ids[number], port); }));
  const auto device = row.id<DeviceId>("device");
  const auto port_id = row.id<PortId>("port");
  const bool to_locks = row.text("segment") == "cameras";
  const auto begin = std::chrono::steady_clock::now();
  TRY_VOID(in.feed.handle({.cursor = ++in.cursor, .at = in.clock.now(), .type = "device.updated",
                           .subject = device.name(),
                           .facts = {{"state", "admitted"}, {"segment", to_locks ? "locks" : "cameras"},
                                     {"serial_number", "BENCH"}}},
                          soon()));
  while (std::chrono::steady_clock::now() < begin + 30s) {
    TRY(const auto done,
        in.pool->look(soon(), [&](pg::Tx& tx) { return tx.run_one(kDone, port_id, to_locks ? 20 : 10); }));
    if (done.boolean("yes")) {
      const auto end = std::chrono::steady_clock::now();
      return Change{seconds(in.house.last_commit(in.first + number) - begin), seconds(end - begin)};
    }
    std::this_thread::sleep_for(1ms);
  }
  return internal("BENCH_UNSETTLED", "a single change was not applied within 30 s");
}

}  // namespace pratique::bench
