#include "libs/obs/metrics.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>

#include "libs/obs/metrics_endpoint.h"
#include "tests/support/plain_http.h"

using namespace pratique;
using namespace pratique::obs;

namespace {

constexpr CounterSpec kDecisions{"pratique_port_decisions_total", "decisions taken", {"outcome"}};
constexpr GaugeSpec kOpen{"pratique_port_open_sessions", "sessions under way"};
constexpr HistogramSpec kTime{"pratique_port_decision_seconds", "time to decide"};
constexpr CounterSpec kStray{"pratique_port_stray_total", "not in the catalogue"};

Catalogue catalogue() { return Catalogue("port").counters({&kDecisions}).gauges({&kOpen}).histograms({&kTime}); }

}  // namespace

TEST_CASE("metrics are exposed as text") {
  Metrics metrics(catalogue());
  const auto admitted = metrics.counter(kDecisions, {"admitted"});
  metrics.counter(kDecisions, {"refused"}).add();
  admitted.add();
  admitted.add(2);
  metrics.counter(kDecisions, {"admitted"}).add();  // the same series
  metrics.gauge(kOpen).set(7);
  metrics.gauge(kOpen).add(-2);
  metrics.histogram(kTime).observe(0.03);
  const auto text = metrics.text();
  CHECK(text.contains("# HELP pratique_port_decisions_total decisions taken"));
  CHECK(text.contains("pratique_port_decisions_total{outcome=\"admitted\"} 4"));
  CHECK(text.contains("pratique_port_decisions_total{outcome=\"refused\"} 1"));
  CHECK(text.contains("pratique_port_open_sessions 5"));
  CHECK(text.contains("pratique_port_decision_seconds_bucket{le=\"0.05\"} 1"));
  CHECK(text.contains("pratique_port_decision_seconds_bucket{le=\"0.025\"} 0"));
}

TEST_CASE("a metric outside the catalogue, or with other labels, is a defect") {
  Metrics metrics(catalogue());
  CHECK_THROWS_AS(metrics.counter(kStray), std::logic_error);
  CHECK_THROWS_AS(metrics.counter(kDecisions), std::logic_error);
  CHECK_THROWS_AS(metrics.counter(kDecisions, {"a", "b"}), std::logic_error);
}

TEST_CASE("the endpoint answers Prometheus and the kubelet") {
  Metrics metrics(catalogue());
  metrics.counter(kDecisions, {"admitted"});
  Health health;
  bool database = true;
  health.add_check("database", [&]() -> Result<void> {
    if (database) return {};
    return unavailable("DATABASE_DOWN", "does not answer");
  });
  auto endpoint = MetricsEndpoint::start("127.0.0.1:0", metrics, health);
  REQUIRE(endpoint);
  const auto port = (*endpoint)->port();
  REQUIRE(port != 0);

  CHECK(plain_get(port, "/metrics").contains("# TYPE pratique_port_decisions_total counter"));
  CHECK(plain_get(port, "/healthz").starts_with("HTTP/1.1 200"));
  const auto starting = plain_get(port, "/readyz");
  CHECK(starting.starts_with("HTTP/1.1 503"));
  CHECK(starting.contains("starting or stopping"));
  health.set_serving(true);
  CHECK(plain_get(port, "/readyz").starts_with("HTTP/1.1 200"));
  database = false;
  CHECK(plain_get(port, "/readyz").contains("database: does not answer"));
  CHECK(plain_get(port, "/").starts_with("HTTP/1.1 404"));
  CHECK(plain_get(port, "/metrics/../etc").starts_with("HTTP/1.1 4"));

  const auto taken = MetricsEndpoint::start("127.0.0.1:" + std::to_string(port), metrics, health);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().reason == "METRICS_ADDRESS_UNUSABLE");
}

TEST_CASE("listeners hear each change of health once, whoever sees it") {
  Health health;
  bool database = true;
  health.add_check("database", [&]() -> Result<void> {
    if (database) return {};
    return unavailable("DATABASE_DOWN", "does not answer");
  });
  std::vector<bool> heard;
  health.on_change([&](bool ready) { heard.push_back(ready); });
  CHECK_FALSE(health.ready());
  CHECK(heard == std::vector<bool>{false});
  health.set_serving(true);
  health.set_serving(true);
  CHECK(health.ready());
  CHECK(heard == std::vector<bool>{false, true});
  database = false;
  CHECK(health.ready().error().message == "database: does not answer");
  CHECK_FALSE(health.ready());
  CHECK(heard == std::vector<bool>{false, true, false});
  database = true;
  CHECK(health.ready());
  health.set_serving(false);
  CHECK(heard == std::vector<bool>{false, true, false, true, false});

  // Whoever comes late hears at once how it stands.
  std::vector<bool> late;
  health.on_change([&](bool ready) { late.push_back(ready); });
  CHECK(late == std::vector<bool>{false});
}

TEST_CASE("a stop is told while a check still runs, is waited for, and is not taken back by that check") {
  Health health;
  std::latch running(1), told(1);
  std::atomic<bool> slow = false, checked = false;
  health.add_check("database", [&]() -> Result<void> {
    if (!slow) return {};
    running.count_down();
    told.wait();
    checked = true;
    return {};
  });
  std::vector<bool> heard;
  health.on_change([&](bool ready) {
    heard.push_back(ready);
    if (slow && !ready) told.count_down();
  });
  health.set_serving(true);
  slow = true;
  std::jthread asks([&] { (void)health.ready(); });
  running.wait();
  health.set_serving(false);
  CHECK(checked);
  CHECK(heard == std::vector<bool>{false, true, false});
}
