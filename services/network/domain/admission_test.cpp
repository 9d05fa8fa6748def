#include "services/network/domain/admission.h"

#include <catch2/catch.hpp>

#include "services/network/domain/reasons.h"

using namespace pratique;
using namespace pratique::network;
using namespace std::chrono_literals;

namespace {

const DeviceId kDevice = *DeviceId::parse("0193a0b1-0000-7000-8000-000000000001");
const MacAddress kMac({0x02, 0, 0, 0, 0, 1});
constexpr Timestamp kNow{1'764'000'000s};
constexpr VlanId kCameras = 10;
const SiteSegments kSegments{.onboarding = 4001, .quarantine = 4002, .production = {{"cameras", kCameras}}};

Grant grant(Standing standing, const std::string& segment = "cameras") {
  return {.device = kDevice, .standing = standing, .segment = segment};
}
Credential credential(bool live, Timestamp not_after = kNow + 1h) {
  return {.serial = "0a01", .authority_key_id = "a1b2", .device = kDevice, .live = live, .not_after = not_after};
}
DesiredAdmission desired(const Grant& granted, std::vector<Credential> credentials) {
  return desired_admission(granted, credentials, kSegments, kNow);
}

Session live() { return {.device = kDevice, .mac = kMac, .state = SessionState::live}; }
PortOverview port(std::optional<VlanId> vlan, std::vector<MacAddress> admitted) {
  PortOverview out;
  out.condition.observed = PortState{.vlan = vlan, .admitted = std::move(admitted)};
  return out;
}
const AllowedPlace kCamerasAllowed{.vlan = kCameras};
const AllowedPlace kNowhere{.why_not = {std::string(kDeviceExcluded.code), "it was retired"}};

}  // namespace

TEST_CASE("a device is to be in its segment while it is admitted and has a certificate in force", "[network][domain]") {
  const auto admitted = desired(grant(Standing::admitted), {credential(true), credential(false)});
  CHECK(admitted.vlan == kCameras);
  CHECK_FALSE(admitted.why_not);
  CHECK(admitted.certificates.size() == 1);
  CHECK(desired(grant(Standing::quarantined), {credential(true)}).vlan == 4002);
  const auto why_not = [](const DesiredAdmission& one) {
    CHECK_FALSE(one.vlan);
    REQUIRE(one.why_not);
    CHECK(find_reason(one.why_not->code) != nullptr);
    return one.why_not->code;
  };
  CHECK(why_not(desired(grant(Standing::excluded), {credential(true)})) == "PORT_DEVICE_EXCLUDED");
  CHECK(why_not(desired(grant(Standing::admitted, "locks"), {credential(true)})) == "PORT_SEGMENT_MISSING");
  CHECK(why_not(desired(grant(Standing::admitted), {})) == "PORT_CERTIFICATE_UNKNOWN");
  CHECK(why_not(desired(grant(Standing::admitted), {credential(false)})) == "PORT_CERTIFICATE_ENDED");
  CHECK(why_not(desired(grant(Standing::admitted), {credential(true, kNow)})) == "PORT_CERTIFICATE_ENDED");
  CHECK(why_not(desired(grant(Standing::quarantined), {credential(false)})) == "PORT_CERTIFICATE_ENDED");
}

TEST_CASE("a device is in place where its port lets its frames pass, in its segment", "[network][domain]") {
  const auto state = [](const std::optional<PortOverview>& at, const AllowedPlace& to_be = kCamerasAllowed) {
    return judge_place(live(), at, to_be).state;
  };
  CHECK(state(port(kCameras, {kMac})) == PlaceState::in_place);
  CHECK(state(port(kCameras, {})) == PlaceState::changing);
  CHECK(state(port(kCameras, {MacAddress({2, 0, 0, 0, 0, 2})})) == PlaceState::changing);
  CHECK(state(port(4001, {kMac})) == PlaceState::changing);
  CHECK(state(port(std::nullopt, {kMac})) == PlaceState::changing);
  CHECK(state(std::nullopt) == PlaceState::changing);
  auto troubled = port(4001, {});
  troubled.condition.problem = "SWITCH_REFUSED";
  CHECK(state(troubled) == PlaceState::obstructed);
  CHECK(judge_place(live(), troubled, kCamerasAllowed).reason->code == "SWITCH_REFUSED");
  auto accepted = live();
  accepted.state = SessionState::accepted;
  CHECK(judge_place(accepted, port(4001, {}), kCamerasAllowed).state == PlaceState::logging_on);
}

TEST_CASE("where ports cannot be read, what the session was given counts, then the plan", "[network][domain]") {
  PortOverview unread;
  auto session = live();
  const auto state = [&] { return judge_place(session, unread, kCamerasAllowed).state; };
  CHECK(state() == PlaceState::changing);
  unread.condition.plan = PortPlan{.vlan = kCameras, .stations = {{kMac, kDevice}}};
  CHECK(state() == PlaceState::in_place);
  unread.condition.dirty = true;
  CHECK(state() == PlaceState::changing);
  session.given_vlan = kCameras;
  CHECK(state() == PlaceState::in_place);
  session.given_vlan = 20;
  CHECK(state() == PlaceState::changing);
}

TEST_CASE("a session that is to end says why, or what stands in the way", "[network][domain]") {
  const auto excluded = judge_place(live(), port(kCameras, {kMac}), kNowhere);
  CHECK(excluded.state == PlaceState::changing);
  CHECK(excluded.reason->message == "it was retired");
  auto ending = live();
  ending.end_code = kEndedByOperator.code;
  CHECK(judge_place(ending, port(kCameras, {kMac}), kCamerasAllowed).reason->code == "PORT_ENDED_BY_OPERATOR");
  auto away = port(kCameras, {kMac});
  away.condition.problem = kSwitchUnreachable.code;
  const auto stuck = judge_place(ending, away, kCamerasAllowed);
  CHECK(stuck.state == PlaceState::obstructed);
  CHECK(stuck.reason->code == "SWITCH_UNREACHABLE");
}
