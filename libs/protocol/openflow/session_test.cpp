#include <catch2/catch.hpp>

#include "libs/protocol/openflow/bundle_message.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/session.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

constexpr Xid kFeaturesXid = 2;  // our hello is 1
constexpr Xid kNext = 3;

struct Heard {
  std::vector<Event> events;
  Result<void> result;
};
Heard hear(Session& session, ByteView bytes) {
  std::vector<Event> events;
  auto result = session.receive(bytes, events);
  return {std::move(events), std::move(result)};
}

/// Connected; what it said so far is taken.
Session connected(SessionLimits limits = {}) {
  Session session(limits);
  must(hear(session, hello() + features(kFeaturesXid)).result);
  (void)session.take_output();
  return session;
}

Bytes multipart(Xid xid, std::string_view type, bool more, std::string_view body) {
  return message(MessageType::multipart_reply, xid,
                 std::string(type) + (more ? "0001" : "0000") + "00000000" + std::string(body));
}
const std::string_view kFlowEntry =
    "0040 0a 00 00000001 00000000 0050 0000 0000 0000 0000 0000 0000000000000007 0000000000000003 00000000000000c0"
    "0001 000c 80000004 00000001 00000000";
const std::string_view kTableEntry = "0a 000000 00000003 0000000000000004 0000000000000005";

}  // namespace

TEST_CASE("openflow session: the opening", "[openflow]") {
  Session session;
  CHECK(session.take_output() == bytes("05 00 0010 00000001  0001 0008 00000020"));
  CHECK_FALSE(session.ready());
  CHECK(reason_of(session.ask_barrier()) == reason::kNotReady);
  CHECK(reason_of(session.start_bundle({})) == reason::kNotReady);
  auto heard = hear(session, hello());
  must(heard.result);
  CHECK(heard.events.empty());
  CHECK(session.take_output() == bytes("05 05 0008 00000002"));
  CHECK(reason_of(session.ask_barrier()) == reason::kNotReady);
  heard = hear(session, features(kFeaturesXid));
  must(heard.result);
  REQUIRE(heard.events.size() == 1);
  CHECK(std::get<Connected>(heard.events[0]).features.datapath_id == 0x4ad48ee36d41);
  CHECK(session.ready());
  CHECK(session.features()->tables == 254);
  CHECK(session.pending() == 0);
}

TEST_CASE("openflow session: openings that fail", "[openflow]") {
  struct Case {
    std::string_view what;
    Bytes bytes;
    std::string_view reason;
  };
  const auto four = bytes("04 00 0010 00000001  0001 0008 00000012");
  const std::vector<Case> cases = {
      {"no common version", four, reason::kNoCommonVersion},
      {"our hello refused", message(MessageType::error, 1, "0000 0000 6e6f"), reason::kHelloRefused},
      {"refused in its own version", bytes("01 01 000c 00000001 0000 0000"), reason::kHelloRefused},
      {"something before hello", message(MessageType::echo_request, 1), reason::kHelloExpected},
      {"an answer before hello", features(1), reason::kHelloExpected},
      {"a long hello", bytes("06 00 0408 00000001") + Bytes(1024), reason::kOversize},
      {"HTTP", to_bytes("HTTP/1.1 400 Bad Request\r\n"), reason::kOversize},
      {"TLS", bytes("16 03 0300 0200 0100"), reason::kHelloExpected},
      {"hello twice", hello() + hello(), reason::kVersionWrong},
      {"hello twice, in our version", hello() + message(MessageType::hello, 1), reason::kHelloTwice},
      {"version 6 after the opening", hello() + bytes("06 02 0008 00000001"), reason::kVersionWrong},
      {"features refused", hello() + error(kFeaturesXid, "0001 0005"), reason::kFeaturesRefused},
      {"features cut short", hello() + message(MessageType::features_reply, kFeaturesXid, "00"), reason::kMalformed},
      {"features under another xid", hello() + features(9), reason::kXidUnknown},
      {"features answered by a barrier", hello() + barrier_reply(kFeaturesXid), reason::kAnswerType},
      {"features twice", hello() + features(kFeaturesXid) + features(kFeaturesXid), reason::kXidAnswered},
  };
  for (const auto& each : cases) {
    INFO(each.what);
    Session session;
    (void)session.take_output();
    auto input = each.bytes;
    if (each.what == "TLS") input.resize(0x0300);
    CHECK(reason_of(hear(session, input).result) == each.reason);
    CHECK(reason_of(hear(session, hello()).result) == reason::kSessionOver);
    CHECK(reason_of(session.ask_barrier()) == reason::kSessionOver);
    if (each.reason == reason::kNoCommonVersion)
      CHECK(messages(session.take_output()).at(0).type == MessageType::error);
  }
}

TEST_CASE("openflow session: an echo is answered, at any time after the hello", "[openflow]") {
  Session session;
  must(hear(session, hello()).result);
  (void)session.take_output();
  must(hear(session, message(MessageType::echo_request, 0x99, "0102")).result);
  CHECK(session.take_output() == message(MessageType::echo_reply, 0x99, "0102"));
}

TEST_CASE("openflow session: every question and its answer, cut at each byte", "[openflow]") {
  std::string description;
  for (int i = 0; i < 1056; ++i) description += "41";
  const auto ask = [](Session& session) {
    CHECK(must(session.ask_barrier()) == kNext);
    CHECK(must(session.ask_echo()) == kNext + 1);
    CHECK(must(session.ask_flows({})) == kNext + 2);
    CHECK(must(session.ask_tables()) == kNext + 3);
    CHECK(must(session.ask_ports()) == kNext + 4);
    CHECK(must(session.ask_description()) == kNext + 5);
    CHECK(must(session.ask_role({})) == kNext + 6);
    CHECK(session.pending() == 7);
  };
  // Answers need not come in order; what comes unasked comes between.
  const auto answers = multipart(kNext + 2, "0001", true, kFlowEntry) + barrier_reply(kNext) +
                       message(MessageType::role_reply, kNext + 6, "00000001 00000000 ffffffffffffffff") +
                       multipart(kNext + 2, "0001", true, "") +
                       message(MessageType::port_status, 0,
                               "00 00000000000000 00000001 0028 0000 020000000001 0000"
                               "70310000000000000000000000000000 00000000 00000000") +
                       multipart(kNext + 3, "0003", false, kTableEntry) +
                       multipart(kNext + 2, "0001", false, kFlowEntry) + multipart(kNext + 4, "000d", false, "") +
                       multipart(kNext + 5, "0000", false, description) + message(MessageType::echo_reply, kNext + 1) +
                       message(MessageType::role_status, 0, "00");
  Session whole = connected();
  ask(whole);
  CHECK(messages(whole.take_output()).size() == 7);
  const auto heard = hear(whole, answers);
  must(heard.result);
  REQUIRE(heard.events.size() == 9);
  CHECK(std::get<BarrierPassed>(heard.events[0]).xid == kNext);
  CHECK(std::get<RoleGiven>(heard.events[1]).role.role == RoleKind::equal);
  CHECK(std::get<PortStatus>(heard.events[2]).port.name == "p1");
  CHECK(std::get<TablesRead>(heard.events[3]).tables.size() == 1);
  const auto& flows = std::get<FlowsRead>(heard.events[4]);
  CHECK(flows.xid == kNext + 2);
  REQUIRE(flows.flows.size() == 2);
  CHECK(flows.flows[0].flow.instructions.drops());
  CHECK(std::get<PortsRead>(heard.events[5]).ports.empty());
  CHECK(std::get<DescriptionRead>(heard.events[6]).description.serial_number == std::string(32, 'A'));
  CHECK(std::get<Echoed>(heard.events[7]).xid == kNext + 1);
  CHECK(std::get<Ignored>(heard.events[8]).type == MessageType::role_status);
  CHECK(whole.pending() == 0);

  for (std::size_t cut = 1; cut < answers.size(); cut += cut < 400 ? 1 : 97) {
    INFO("cut at " << cut);
    Session session = connected();
    ask(session);
    std::vector<Event> events;
    must(session.receive(ByteView(answers).first(cut), events));
    must(session.receive(ByteView(answers).subspan(cut), events));
    CHECK(events == heard.events);
  }
  Session session = connected();
  ask(session);
  std::vector<Event> events;
  for (const auto byte : answers) must(session.receive(ByteView(&byte, 1), events));
  CHECK(events == heard.events);
}

TEST_CASE("openflow session: answers that nobody asked for", "[openflow]") {
  struct Case {
    std::string_view what;
    Bytes bytes;
    std::string_view reason;
  };
  // Asked: a barrier (3) and flows (4).
  const std::vector<Case> cases = {
      {"a xid that was not given out", barrier_reply(kNext + 2), reason::kXidUnknown},
      {"xid 0", barrier_reply(0), reason::kXidUnknown},
      {"the hello's xid", barrier_reply(1), reason::kXidAnswered},
      {"twice", barrier_reply(kNext) + barrier_reply(kNext), reason::kXidAnswered},
      {"refused after it was answered", barrier_reply(kNext) + error(kNext, "0001 0005"), reason::kXidAnswered},
      {"answered after it was refused", error(kNext, "0001 0005") + barrier_reply(kNext), reason::kXidAnswered},
      {"another kind", message(MessageType::role_reply, kNext, "00000001 00000000 0000000000000000"),
       reason::kAnswerType},
      {"another kind of multipart", multipart(kNext + 1, "0003", false, kTableEntry), reason::kAnswerType},
      {"an unknown kind of multipart", multipart(kNext + 1, "0063", false, ""), reason::kAnswerType},
      {"another kind in a later part",
       multipart(kNext + 1, "0001", true, kFlowEntry) + multipart(kNext + 1, "000d", false, ""), reason::kAnswerType},
      {"a part after the last",
       multipart(kNext + 1, "0001", false, kFlowEntry) + multipart(kNext + 1, "0001", false, kFlowEntry),
       reason::kXidAnswered},
      {"a bundle's answer without a bundle", bundle_control(kNext, 1, 1), reason::kAnswerType},
      {"an error under no xid of ours", error(77, "0001 0005"), reason::kXidUnknown},
      {"half an entry", multipart(kNext + 1, "0001", false, "0040 0a00"), reason::kMalformed},
      {"a controller's message", message(MessageType::flow_mod, 5), reason::kUnexpected},
      {"an unknown type", bytes("05 63 0008 00000003"), reason::kUnexpected},
      {"a port status cut short", message(MessageType::port_status, 0, "00"), reason::kMalformed},
      {"a packet cut short", message(MessageType::packet_in, 0, "00"), reason::kMalformed},
      {"a removal cut short", message(MessageType::flow_removed, 0, "00"), reason::kMalformed},
  };
  for (const auto& each : cases) {
    INFO(each.what);
    auto session = connected();
    must(session.ask_barrier());
    must(session.ask_flows({}));
    CHECK(reason_of(hear(session, each.bytes).result) == each.reason);
    CHECK(reason_of(session.ask_barrier()) == reason::kSessionOver);
  }
  // What came before the breach is not lost.
  auto session = connected();
  must(session.ask_barrier());
  const auto heard = hear(session, barrier_reply(kNext) + barrier_reply(kNext));
  CHECK(heard.events == std::vector<Event>{BarrierPassed{kNext}});
}

TEST_CASE("openflow session: a refused request, and the others live on", "[openflow]") {
  auto session = connected();
  const auto flows = must(session.ask_flows({}));
  const auto barrier = must(session.ask_barrier());
  // In the middle of its parts.
  const auto heard =
      hear(session, multipart(flows, "0001", true, kFlowEntry) + error(flows, "0001 000d") + barrier_reply(barrier));
  must(heard.result);
  REQUIRE(heard.events.size() == 2);
  const auto& refused = std::get<Refused>(heard.events[0]);
  CHECK(refused.xid == flows);
  CHECK(refused.error.text() == "BAD_REQUEST MULTIPART_BUFFER_OVERFLOW (1/13)");
  CHECK(std::get<BarrierPassed>(heard.events[1]).xid == barrier);
}

TEST_CASE("openflow session: orders wait for a barrier", "[openflow]") {
  auto session = connected({.pending = 3});
  const auto mod = add_flow({.match = Match().in_port(1)});
  must(session.hear_events());
  CHECK(session.take_output() == bytes("05 09 000c 00000003 0000 ffff"));
  const auto flow = must(session.send_flow_mod(mod));
  const auto barrier = must(session.ask_barrier());
  CHECK(reason_of(session.send_packet_out({})) == reason::kTooManyPending);
  CHECK(reason_of(session.ask_flows({})) == reason::kTooManyPending);
  auto heard = hear(session, error(flow, "0005 0001"));
  must(heard.result);
  CHECK(std::get<Refused>(heard.events.at(0)).error.text() == "FLOW_MOD_FAILED TABLE_FULL (5/1)");
  const auto later = must(session.send_flow_mod(mod));
  must(hear(session, barrier_reply(barrier)).result);
  CHECK(session.pending() == 1);  // the one after the barrier
  // Too late: the barrier said that this one was carried out.
  auto early = session;
  CHECK(reason_of(hear(early, error(flow - 1, "000a 0000")).result) == reason::kXidAnswered);
  CHECK(reason_of(hear(session, barrier_reply(later)).result) == reason::kAnswerType);
  // What our own check refuses uses no xid and leaves no trace.
  auto fresh = connected();
  CHECK(reason_of(fresh.send_flow_mod(add_flow({.match = Match().tcp_dst(80)}))) == reason::kPrerequisiteMissing);
  CHECK(fresh.take_output().empty());
  CHECK(fresh.pending() == 0);
  CHECK(must(fresh.ask_barrier()) == kNext);
}

TEST_CASE("openflow session: a multipart answer has an end", "[openflow]") {
  auto session = connected({.multipart_bytes = 300});
  const auto xid = must(session.ask_flows({}));
  const auto part = multipart(xid, "0001", true, kFlowEntry);
  REQUIRE(part.size() == 80);
  for (int i = 0; i < 3; ++i) must(hear(session, part).result);
  CHECK(reason_of(hear(session, part).result) == reason::kMultipartTooLarge);
  // Empty parts count too.
  auto other = connected({.multipart_bytes = 300});
  const auto empty = multipart(must(other.ask_flows({})), "0001", true, "");
  for (int i = 0; i < 18; ++i) must(hear(other, empty).result);
  CHECK(reason_of(hear(other, empty).result) == reason::kMultipartTooLarge);
  // A description has one part.
  auto third = connected();
  CHECK(reason_of(hear(third, multipart(must(third.ask_description()), "0000", true, "")).result) ==
        reason::kMalformed);
}

TEST_CASE("openflow session: bundles, one at a time", "[openflow]") {
  auto session = connected();
  const std::vector mods{add_flow({.match = Match().in_port(1)}), add_flow({.match = Match().in_port(2)})};
  const auto order = must(session.send_flow_mod(mods[0]));
  CHECK_FALSE(session.bundle_state());
  const auto id = must(session.start_bundle(mods));
  CHECK(session.bundle_state() == BundleState::filling);
  const Xid open = order + 1, barrier = order + 4, end = order + 5;
  CHECK(reason_of(session.start_bundle(mods)) == reason::kBundleBusy);
  const auto asked = must(session.ask_echo());
  CHECK(asked == end + 1);
  (void)session.take_output();
  auto heard = hear(session, bundle_control(open, id, 1) + error(open + 2, "0004 0009") + barrier_reply(barrier));
  must(heard.result);
  CHECK(heard.events.empty());
  CHECK(session.bundle_state() == BundleState::discarding);
  CHECK(must(parse_bundle_control(messages(session.take_output()).at(0).body)).type ==
        BundleControlType::discard_request);
  heard = hear(session, bundle_control(end, id, 7) + message(MessageType::echo_reply, asked));
  must(heard.result);
  REQUIRE(heard.events.size() == 2);
  const auto& over = std::get<BundleOver>(heard.events[0]);
  CHECK(over.id == id);
  CHECK_FALSE(over.outcome.committed);
  CHECK(over.outcome.refusals.at(0).flow_mod == 1U);
  CHECK_FALSE(session.bundle_state());
  CHECK(session.pending() == 0);  // the barrier in the bundle retired the order before it

  // The next one has another id and other xids; what is left of the old one is out of turn.
  const auto second = must(session.start_bundle(mods));
  CHECK(second == id + 1);
  (void)session.take_output();
  const Xid again = end + 2;
  heard =
      hear(session, bundle_control(again, second, 1) + barrier_reply(again + 3) + bundle_control(again + 4, second, 5));
  must(heard.result);
  CHECK(std::get<BundleOver>(heard.events.at(0)).outcome.committed);
  CHECK(reason_of(hear(session, bundle_control(again + 4, second, 5)).result) == reason::kXidAnswered);

  // Our own check refuses before anything is sent.
  auto fresh = connected();
  auto bad = mods;
  bad[1].flow.match.tcp_dst(80);
  CHECK(reason_of(fresh.start_bundle(bad)) == reason::kPrerequisiteMissing);
  CHECK(fresh.take_output().empty());
  CHECK_FALSE(fresh.bundle_state());
  CHECK(must(fresh.ask_barrier()) == kNext);
}
