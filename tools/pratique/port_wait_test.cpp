#include <catch2/catch.hpp>

#include <pratique/registrar/v1/device.pb.h>

#include "libs/rpc/timestamp.h"
#include "tools/pratique/port_wait.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::network::v1;
using Goal = Aim::Goal;

namespace {

// A device that is on, at a port that does what it is to do.
Place at(const std::string& segment) {
  Place out;
  out.session.set_state(v1::SESSION_STATE_LIVE);
  out.session.set_mac_address("00:d0:e5:f2:00:02");
  out.port.emplace();
  out.port->mutable_desired()->set_segment(segment);
  out.port->mutable_desired()->add_stations()->set_mac_address("00:d0:e5:f2:00:02");
  return out;
}
Place ended() {
  auto out = at("onboarding");
  out.session.set_state(v1::SESSION_STATE_ENDED);
  out.port->mutable_desired()->clear_stations();
  return out;
}

const Aim kOff{.device = "devices/x", .goal = Goal::nowhere};
const Aim kCameras{.device = "devices/x", .goal = Goal::segment, .segment = "cameras"};

}  // namespace

TEST_CASE("what a device's state means for its ports") {
  registrar::v1::Device device;
  device.set_name("devices/x");
  device.set_effective_segment("cameras");
  *device.mutable_update_time() = rpc::write_time(*parse_rfc3339("2026-11-24T07:30:00Z"));
  device.set_state(registrar::v1::DEVICE_STATE_ADMITTED);
  CHECK(aim_of(device).goal == Goal::segment);
  CHECK(aim_of(device).segment == "cameras");
  CHECK(aim_of(device).decided == *parse_rfc3339("2026-11-24T07:30:00Z"));
  device.set_state(registrar::v1::DEVICE_STATE_QUARANTINED);
  CHECK(aim_of(device).goal == Goal::quarantine);
  for (const auto state : {registrar::v1::DEVICE_STATE_EXPECTED, registrar::v1::DEVICE_STATE_PENDING,
                           registrar::v1::DEVICE_STATE_ONBOARDING, registrar::v1::DEVICE_STATE_RETIRED}) {
    device.set_state(state);
    CHECK(aim_of(device).goal == Goal::nowhere);
  }
  device.set_state(registrar::v1::DEVICE_STATE_ADMITTED);
  device.clear_effective_segment();  // without a segment it is let in nowhere
  CHECK(aim_of(device).goal == Goal::nowhere);
}

TEST_CASE("a session that is to end is done with once it has ended and its port was seen to") {
  CHECK(progress_of(at("cameras"), kOff) == Progress::waiting);
  CHECK(progress_of(ended(), kOff) == Progress::done);
  auto marked = ended();
  marked.port->set_pending(true);
  CHECK(progress_of(marked, kOff) == Progress::waiting);
  auto gone = ended();
  gone.port.reset();  // nobody drives the port any more
  CHECK(progress_of(gone, kOff) == Progress::done);
  auto accepted = at("onboarding");
  accepted.session.set_state(v1::SESSION_STATE_ACCEPTED);
  CHECK(progress_of(accepted, kOff) == Progress::waiting);  // it could still come on
}

TEST_CASE("a session that is to move is done with once its port lets it pass in the new segment") {
  CHECK(progress_of(at("cameras"), kCameras) == Progress::done);
  CHECK(progress_of(at("doors"), kCameras) == Progress::waiting);
  CHECK(progress_of(ended(), kCameras) == Progress::done);  // as switches do that cannot move one

  auto marked = at("cameras");
  marked.port->set_pending(true);
  CHECK(progress_of(marked, kCameras) == Progress::waiting);
  auto shut_out = at("cameras");
  shut_out.port->mutable_desired()->clear_stations();
  CHECK(progress_of(shut_out, kCameras) == Progress::waiting);
  auto refused = at("cameras");
  refused.port->mutable_problem()->set_code("SWITCH_REFUSED");
  CHECK(progress_of(refused, kCameras) == Progress::waiting);
  auto unknown = at("cameras");
  unknown.port.reset();
  CHECK(progress_of(unknown, kCameras) == Progress::waiting);
  auto accepted = at("cameras");
  accepted.session.set_state(v1::SESSION_STATE_ACCEPTED);
  CHECK(progress_of(accepted, kCameras) == Progress::not_meant);
}

TEST_CASE("what stands in the way is what the port says") {
  auto place = at("cameras");
  CHECK(obstacle_of(place).empty());
  place.port->mutable_problem()->set_code("SWITCH_UNREACHABLE");
  place.port->mutable_problem()->set_message("the switch does not answer");
  CHECK(obstacle_of(place) == "SWITCH_UNREACHABLE the switch does not answer");
  place.port.reset();
  CHECK(obstacle_of(place).empty());
}

TEST_CASE("--wait takes a limit, and a limit means to wait") {
  using Values = Arguments::Values;
  using std::chrono::seconds;
  CHECK_FALSE(wait_limit(Arguments())->has_value());
  CHECK(*wait_limit(Arguments(Values{{"wait", {"true"}}})) == seconds(30));
  CHECK(*wait_limit(Arguments(Values{{"wait-limit", {"5s"}}})) == seconds(5));
  CHECK_FALSE(wait_limit(Arguments(Values{{"wait-limit", {"a while"}}})));
  CHECK(seconds_text(std::chrono::microseconds(214'499)) == "0.214 s");
}
