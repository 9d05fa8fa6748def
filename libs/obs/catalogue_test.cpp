#include "libs/obs/catalogue.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::obs;

namespace {

constexpr Event kJoined{"device_joined", Level::info, "a device | joined"};
constexpr Event kRefused{"device_refused", Level::warning, "a device was refused", "look at the reason"};
constexpr CounterSpec kDecisions{"pratique_port_decisions_total", "decisions taken", {"outcome", "segment"}};
constexpr GaugeSpec kOpen{"pratique_port_open_sessions", "sessions under way"};
constexpr HistogramSpec kTime{"pratique_port_decision_seconds", "time to decide"};
constexpr Reason kUnknown{"DEVICE_UNKNOWN", ErrorCode::not_found, "no such device", "list the devices"};

Catalogue good() {
  return Catalogue("port").events({&kJoined, &kRefused}).counters({&kDecisions}).gauges({&kOpen}).histograms({&kTime})
      .reasons({&kUnknown});
}

void breaks(const Catalogue& catalogue, std::string_view why) {
  const auto outcome = catalogue.check();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().reason == "CATALOGUE_BROKEN");
  CHECK(outcome.error().message.contains(why));
}

}  // namespace

TEST_CASE("a catalogue is documented from its constants") {
  const auto catalogue = good();
  REQUIRE(catalogue.check());
  const auto text = catalogue.markdown();
  CHECK(text.contains("| `pratique_port_decisions_total` | counter | `outcome`, `segment` | decisions taken |"));
  CHECK(text.contains("| `device_joined` | info | a device \\| joined |  |"));
  CHECK(text.contains("| `device_refused` | warning | a device was refused | look at the reason |"));
  CHECK(text.contains("| `DEVICE_UNKNOWN` | NOT_FOUND | no such device | list the devices |"));
  const auto error = kUnknown.error("no device 7");
  CHECK(error.code == ErrorCode::not_found);
  CHECK(error.reason == "DEVICE_UNKNOWN");
}

TEST_CASE("a catalogue that would mislead is refused") {
  SECTION("declared twice") { breaks(good().events({&kJoined}), "declared twice"); }
  SECTION("warning without a remedy") {
    static constexpr Event bad{"something_off", Level::warning, "something is off"};
    breaks(good().events({&bad}), "without a remedy");
  }
  SECTION("event id in camel case") {
    static constexpr Event bad{"deviceJoined", Level::info, "x"};
    breaks(good().events({&bad}), "snake_case");
  }
  SECTION("counter without _total") {
    static constexpr CounterSpec bad{"pratique_port_decisions", "x"};
    breaks(good().counters({&bad}), "_total");
  }
  SECTION("metric of another house") {
    static constexpr GaugeSpec bad{"open_sessions", "x"};
    breaks(good().gauges({&bad}), "no metric name");
  }
  SECTION("histogram without a unit") {
    static constexpr HistogramSpec bad{"pratique_port_decision_time", "x"};
    breaks(good().histograms({&bad}), "unit");
  }
  SECTION("reason in lower case") {
    static constexpr Reason bad{"device_gone", ErrorCode::not_found, "x"};
    breaks(good().reasons({&bad}), "UPPER_SNAKE_CASE");
  }
}
