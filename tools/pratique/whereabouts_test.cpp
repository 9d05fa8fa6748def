#include <catch2/catch.hpp>

#include <sstream>

#include "libs/rpc/timestamp.h"
#include "tools/pratique/whereabouts.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::network::v1;

namespace {

Timestamp at(std::string_view text) { return *parse_rfc3339(text); }

std::string told(const Whereabouts& now) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console(in, out, err, {});
  const FixedClock clock(at("2026-11-24T07:33:00Z"));
  PredictableRandom random{1};
  Api api({}, clock);
  Context context{console, api, clock, random};
  print_whereabouts(context, now);
  return out.str();
}

v1::Session session() {
  v1::Session out;
  out.set_name("sessions/0193a0b1-0000-7000-8000-000000000001");
  out.set_switch_name("hall-1");
  out.set_port_name("p3");
  out.set_mac_address("00:d0:e5:f2:00:02");
  out.set_certificate_serial("4a1b");
  return out;
}

v1::Attempt refusal() {
  v1::Attempt out;
  out.set_verdict(v1::ATTEMPT_VERDICT_REFUSED);
  out.set_nas_address("192.0.2.7");
  out.set_nas_port_id("p4\x1b[2J");
  out.set_mac_address("00:d0:e5:f2:00:02");
  out.set_times(3);
  *out.mutable_last_time() = rpc::write_time(at("2026-11-24T07:31:12Z"));
  out.mutable_reason()->set_code("PORT_CERTIFICATE_ENDED");
  out.mutable_reason()->set_message("the certificate was revoked");
  out.mutable_reason()->set_remedy("onboard it anew");
  return out;
}

}  // namespace

TEST_CASE("a device that is on is told with its port, segment and address") {
  Whereabouts now{.asked = true};
  auto& place = *now.admission.add_places();
  *place.mutable_session() = session();
  place.mutable_session()->set_state(v1::SESSION_STATE_LIVE);
  *place.mutable_session()->mutable_start_time() = rpc::write_time(at("2026-11-24T07:30:00Z"));
  place.mutable_session()->add_addresses("10.20.0.7");
  place.mutable_port()->mutable_desired()->set_vlan(20);
  place.mutable_port()->mutable_desired()->set_segment("cameras");
  place.set_state(v1::PLACE_STATE_IN_PLACE);
  now.admission.mutable_desired()->set_segment("cameras");
  now.admission.mutable_desired()->set_vlan(20);
  CHECK(told(now) ==
        "\n"
        "on the network:\n"
        "  port              hall-1/p3\n"
        "  segment           cameras (VLAN 20)\n"
        "  MAC address       00:d0:e5:f2:00:02\n"
        "  addresses         10.20.0.7\n"
        "  on since          2026-11-24 07:30 UTC, 3 min ago\n"
        "  certificate       4a1b\n"
        "  session           0193a0b1-0000-7000-8000-000000000001\n"
        "  port's condition  well\n"
        "  it is             in place\n"
        "it is let in, into cameras (VLAN 20)\n");
  *now.admission.add_refusals() = refusal();
  CHECK(next_step(now).empty());  // it is on by now
}

TEST_CASE("a device that is to be elsewhere is told with what stands in the way") {
  Whereabouts now{.asked = true};
  auto& place = *now.admission.add_places();
  *place.mutable_session() = session();
  place.set_state(v1::PLACE_STATE_OBSTRUCTED);
  place.mutable_reason()->set_code("SWITCH_UNREACHABLE");
  place.mutable_reason()->set_message("no route to host");
  now.admission.mutable_desired()->mutable_reason()->set_message("the device was retired");
  const auto text = told(now);
  for (const auto* said : {"obstructed", "SWITCH_UNREACHABLE  no route to host",
                           "it is let in nowhere: the device was retired\n"}) {
    CAPTURE(text);
    CHECK(text.contains(said));
  }
}

TEST_CASE("a device that is nowhere is told with where it was and who refused it") {
  Whereabouts now{.asked = true};
  CHECK(told(now) == "\non no port of the network, and never was\n");
  auto& last = *now.admission.mutable_last_session();
  last = session();
  last.set_state(v1::SESSION_STATE_ENDED);
  last.mutable_end_reason()->set_code("PORT_LINK_DOWN");
  last.mutable_end_reason()->set_message("the cable was pulled");
  *last.mutable_end_time() = rpc::write_time(at("2026-11-24T07:31:00Z"));
  *now.admission.add_refusals() = refusal();
  CHECK(told(now) ==
        "\n"
        "on no port of the network; last at hall-1/p3 until 2026-11-24 07:31 UTC, 2 min ago: the cable was pulled\n"
        "2026-11-24 07:31:12 UTC  refused at 192.0.2.7/p4\\x1b[2J as 00:d0:e5:f2:00:02, 3 times\n"
        "    PORT_CERTIFICATE_ENDED  the certificate was revoked\n"
        "      remedy  onboard it anew\n");
  CHECK(next_step(now) == "onboard it anew");
  *last.mutable_accept_time() = rpc::write_time(at("2026-11-24T07:31:13Z"));  // it was let in after all
  CHECK(next_step(now).empty());
}

TEST_CASE("a network service that cannot be asked does not hide the rest") {
  CHECK(told({}).empty());
  CHECK(told({.asked = true, .unknown = "no answer"}) == "\nwhere it is on the network is not known: no answer\n");
  const FixedClock clock(at("2026-11-24T07:33:00Z"));
  std::istringstream in;
  std::ostringstream out, err;
  Console console(in, out, err, {});
  PredictableRandom random{1};
  Api api({}, clock);
  Context context{console, api, clock, random};
  CHECK(look_for(context, "devices/x").unknown.contains("--network"));
}
