#include <catch2/catch.hpp>

#include "libs/protocol/openflow/bundle.h"
#include "libs/protocol/openflow/bundle_message.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

constexpr Xid kFirst = 100;  // of the bundle: open; then the adds, the barrier, the end
constexpr std::uint32_t kId = 5;

std::vector<FlowMod> mods(std::size_t count) {
  std::vector<FlowMod> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(add_flow({.priority = static_cast<std::uint16_t>(i), .match = Match().in_port(1)}));
  return out;
}

/// A bundle of three, opened and sent.
Bundle three() {
  auto bundle = must(Bundle::make(kId, mods(3), kFirst));
  (void)bundle.start();
  return bundle;
}
constexpr Xid kOpen = kFirst, kAdd = kFirst + 1, kBarrier = kFirst + 4, kEnd = kFirst + 5;

Message opened() { return messages(bundle_control(kOpen, kId, 1)).at(0); }
Message committed() { return messages(bundle_control(kEnd, kId, 5)).at(0); }
Message discarded() { return messages(bundle_control(kEnd, kId, 7)).at(0); }
Message passed() { return messages(barrier_reply(kBarrier)).at(0); }
Message refused(Xid xid, std::string_view error_code = "0004 0009") { return messages(error(xid, error_code)).at(0); }

const Bytes kCommit = bytes("05 21 0010 00000069 00000005 0004 0003");
const Bytes kDiscard = bytes("05 21 0010 00000069 00000005 0006 0003");

}  // namespace

TEST_CASE("openflow bundle: open, adds and barrier in one go, each inner message with its outer xid", "[openflow]") {
  auto bundle = must(Bundle::make(kId, mods(3), kFirst));
  const auto sent = messages(bundle.start());
  REQUIRE(sent.size() == 5);
  CHECK(sent[0].type == MessageType::bundle_control);
  CHECK(sent[0].body == bytes("00000005 0000 0003"));
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& add = sent[i + 1];
    CHECK(add.type == MessageType::bundle_add_message);
    CHECK(add.xid == kFirst + 1 + i);
    CHECK(ByteView(add.body).first(8)[7] == 3);  // flags
    const auto inner = messages(ByteView(add.body).subspan(8));
    REQUIRE(inner.size() == 1);
    CHECK(inner[0].type == MessageType::flow_mod);
    CHECK(inner[0].xid == add.xid);
    CHECK(must(parse_flow_mod(inner[0].body)) == mods(3)[i]);
  }
  CHECK(sent[4].type == MessageType::barrier_request);
  CHECK(sent[4].xid == kBarrier);
  CHECK(bundle.start().empty());
  CHECK(Bundle::xids(3) == 6);
  CHECK_FALSE(bundle.owns(kFirst - 1));
  CHECK(bundle.owns(kFirst));
  CHECK(bundle.owns(kEnd));
  CHECK_FALSE(bundle.owns(kEnd + 1));
}

TEST_CASE("openflow bundle: nothing refused, so committed", "[openflow]") {
  auto bundle = three();
  CHECK(must(bundle.receive(opened())).empty());
  CHECK(bundle.state() == BundleState::filling);
  CHECK(must(bundle.receive(passed())) == kCommit);
  CHECK(bundle.state() == BundleState::committing);
  CHECK_FALSE(bundle.over());
  CHECK(must(bundle.receive(committed())).empty());
  CHECK(bundle.over());
  CHECK(bundle.outcome() == BundleOutcome{.committed = true});
}

TEST_CASE("openflow bundle: one refused, so discarded, whatever the switch would commit", "[openflow]") {
  auto bundle = three();
  must(bundle.receive(opened()));
  CHECK(must(bundle.receive(refused(kAdd + 1))).empty());
  CHECK(must(bundle.receive(refused(kAdd + 2, "0002 0000"))).empty());
  CHECK(must(bundle.receive(passed())) == kDiscard);
  CHECK(bundle.state() == BundleState::discarding);
  must(bundle.receive(discarded()));
  REQUIRE(bundle.over());
  CHECK_FALSE(bundle.outcome().committed);
  REQUIRE(bundle.outcome().refusals.size() == 2);
  CHECK(bundle.outcome().refusals[0].flow_mod == 1U);
  CHECK(bundle.outcome().refusals[0].text() == "flow-mod 1: BAD_MATCH BAD_PREREQ (4/9)");
  CHECK(bundle.outcome().refusals[1].text() == "flow-mod 2: BAD_ACTION BAD_TYPE (2/0)");
}

TEST_CASE("openflow bundle: open refused, commit refused, discard refused", "[openflow]") {
  auto unopened = three();
  must(unopened.receive(refused(kOpen, "0011 0005")));
  CHECK(must(unopened.receive(passed())) == kDiscard);
  must(unopened.receive(refused(kEnd, "0011 0002")));
  REQUIRE(unopened.over());
  CHECK_FALSE(unopened.outcome().committed);
  CHECK(unopened.outcome().refusals[0].text() == "bundle (filling): BUNDLE_FAILED OUT_OF_BUNDLES (17/5)");
  CHECK(unopened.outcome().refusals[1].text() == "bundle (discarding): BUNDLE_FAILED BAD_ID (17/2)");

  // Open vSwitch finds some errors only when it commits: it names the flow-mod, then refuses the commit.
  auto uncommitted = three();
  must(uncommitted.receive(opened()));
  must(uncommitted.receive(passed()));
  must(uncommitted.receive(refused(kAdd + 2, "0005 0003")));
  must(uncommitted.receive(refused(kEnd, "0011 000d")));
  REQUIRE(uncommitted.over());
  CHECK_FALSE(uncommitted.outcome().committed);
  CHECK(uncommitted.outcome().refusals[0].flow_mod == 2U);
  CHECK(uncommitted.outcome().refusals[0].during == BundleState::committing);
  CHECK(uncommitted.outcome().refusals[1].text() == "bundle (committing): BUNDLE_FAILED MSG_FAILED (17/13)");
}

TEST_CASE("openflow bundle: a commit that names a refused flow-mod is none", "[openflow]") {
  auto bundle = three();
  must(bundle.receive(opened()));
  must(bundle.receive(passed()));
  must(bundle.receive(refused(kAdd)));
  CHECK(reason_of(bundle.receive(committed())) == reason::kAnswerType);
}

TEST_CASE("openflow bundle: answers out of turn", "[openflow]") {
  struct Case {
    std::string_view what;
    std::vector<Message> before;
    Message message;
    std::string_view reason;
  };
  const auto control = [](Xid xid, std::uint32_t id, std::uint16_t type) {
    return messages(bundle_control(xid, id, type)).at(0);
  };
  const std::vector<Case> cases = {
      {"opened twice", {opened()}, opened(), reason::kXidAnswered},
      {"refused twice", {refused(kAdd)}, refused(kAdd), reason::kXidAnswered},
      {"barrier twice", {opened(), passed()}, passed(), reason::kXidAnswered},
      {"refused after it was over", {opened(), passed(), committed()}, refused(kAdd), reason::kAnswerType},
      {"committed twice", {opened(), passed(), committed()}, committed(), reason::kXidAnswered},
      {"barrier before the open's answer", {}, passed(), reason::kAnswerType},
      {"committed before it was asked for", {opened()}, committed(), reason::kXidUnknown},
      {"committed, though we said discard", {opened(), refused(kAdd), passed()}, committed(), reason::kAnswerType},
      {"discarded, though we said commit", {opened(), passed()}, discarded(), reason::kAnswerType},
      {"opened after the barrier", {refused(kOpen), passed()}, opened(), reason::kXidAnswered},
      {"a flow-mod refused while discarding",
       {opened(), refused(kAdd), passed()},
       refused(kAdd + 1),
       reason::kAnswerType},
      {"another bundle's id", {}, control(kOpen, kId + 1, 1), reason::kAnswerType},
      {"close, which was not asked for", {}, control(kOpen, kId, 3), reason::kAnswerType},
      {"a request as an answer", {}, control(kOpen, kId, 0), reason::kAnswerType},
      {"a barrier to an add", {}, messages(barrier_reply(kAdd)).at(0), reason::kAnswerType},
      {"a barrier refused", {opened()}, refused(kBarrier), reason::kAnswerType},
      {"half an answer", {}, messages(message(MessageType::bundle_control, kOpen, "0000")).at(0), reason::kMalformed},
      {"half an error", {}, messages(message(MessageType::error, kAdd, "0000")).at(0), reason::kMalformed},
  };
  for (const auto& each : cases) {
    INFO(each.what);
    auto bundle = three();
    for (const auto& before : each.before) must(bundle.receive(before));
    CHECK(reason_of(bundle.receive(each.message)) == each.reason);
  }
}

TEST_CASE("openflow bundle: what is not sent at all", "[openflow]") {
  CHECK(reason_of(Bundle::make(1, {}, 1)) == reason::kBundleInvalid);
  auto bad = mods(20);
  bad[17].flow.match.tcp_dst(80);
  const auto refused = Bundle::make(1, bad, 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == reason::kPrerequisiteMissing);
  CHECK(refused.error().message == "flow-mod 17: tcp_dst needs ip_proto=6");
  CHECK(refused.error().evidence.back() == std::pair<std::string, std::string>("flow_mod", "17"));
  // The wrapper adds sixteen bytes: what just fits alone does not fit here.
  auto large = mods(1);
  large[0].flow.instructions.apply.assign(4091, Output{2});
  REQUIRE(encode_flow_mod(1, large[0]));
  CHECK(reason_of(Bundle::make(1, large, 1)) == reason::kMessageTooLarge);
}
