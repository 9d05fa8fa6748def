// Requests under way: identifiers, repeating, giving up, and answers that nobody should believe.
#include "libs/protocol/radius/client.h"

#include <catch2/catch.hpp>

#include <set>

#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/reasons.h"
#include "libs/protocol/radius/request.h"
#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/world_test.h"

using namespace pratique;
using namespace pratique::radius;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::must;
using test::secret_of;

namespace {

const Peer kNas{*IpAddress::parse("192.0.2.1"), kDynamicAuthorizationPort};

/// Fills every byte with the same.
class ConstantRandom final : public Random {
 public:
  explicit ConstantRandom(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, byte_); }

 private:
  std::uint8_t byte_;
};

struct World {
  PredictableRandom random{11};
  Client client{kNas, secret_of(test::kSecret), {}, random};
  Moment now{*parse_rfc3339("2026-06-01T12:00:00Z"), std::chrono::steady_clock::time_point(std::chrono::hours(1))};

  void pass(milliseconds by) {
    now.wall += by;
    now.steady += by;
  }
  Client::Sent start(std::string user = "dock-7") {
    return must(client.start(must(disconnect({.user_name = std::move(user)})), now, random));
  }
  static Bytes answer(const Client::Sent& sent, Code code = Code::disconnect_ack,
                      std::vector<Attribute> attributes = {}) {
    return must(
        answer_request(must(parse_packet(sent.datagram)), code, std::move(attributes), secret_of(test::kSecret)));
  }
  Client::Received receive(ByteView datagram, Peer from = kNas) { return client.receive(from, datagram, now); }
};

bool only(const Verdict& verdict, std::string_view code) {
  return verdict.findings().size() == 1 && verdict.refused_for(code);
}

}  // namespace

TEST_CASE("radius: a request is sent and answered once", "[radius]") {
  World world;
  const auto sent = world.start();
  CHECK(world.client.under_way() == 1);
  world.pass(milliseconds(3));
  const auto received = world.receive(World::answer(sent));
  REQUIRE(received.verdict.accepted());
  CHECK(received.exchange == sent.exchange);
  CHECK(received.answer->outcome == Outcome::done);
  CHECK(world.client.under_way() == 0);
  CHECK_FALSE(world.client.next_due());
  world.pass(std::chrono::minutes(1));
  const auto due = world.client.take_due(world.now, world.random);
  CHECK(due.again.empty());
  CHECK(due.given_up.empty());
}

TEST_CASE("radius: answers find their own request, in any order", "[radius]") {
  World world;
  const auto first = world.start("a"), second = world.start("b"), third = world.start("c");
  CHECK(first.exchange != second.exchange);
  const auto of_second =
      world.receive(World::answer(second, Code::disconnect_nak, {integer_attribute(AttributeType::error_cause, 503)}));
  CHECK(of_second.exchange == second.exchange);
  CHECK(of_second.answer->outcome == Outcome::session_absent);
  CHECK(world.receive(World::answer(third)).exchange == third.exchange);
  CHECK(world.receive(World::answer(first)).exchange == first.exchange);
}

TEST_CASE("radius: what nobody should believe, and the true answer still counts", "[radius]") {
  World world;
  const auto sent = world.start();
  const auto good = World::answer(sent);
  auto forged = good;
  std::string expected;
  Peer from = kNas;
  SECTION("another address") {
    from.address = *IpAddress::parse("192.0.2.2");
    expected = reason::kAnswerSourceWrong.code;
  }
  SECTION("another port") {
    from.port = 3800;
    expected = reason::kAnswerSourceWrong.code;
  }
  SECTION("no packet") {
    forged.resize(12);
    expected = reason::kAnswerUnreadable.code;
  }
  SECTION("an identifier that was never used") {
    forged[1] ^= 0x80;
    expected = reason::kAnswerUnasked.code;
  }
  SECTION("a bit of the Response Authenticator") {
    forged[4] ^= 1;
    expected = reason::kResponseAuthenticatorWrong.code;
  }
  SECTION("our own request sent back") {
    forged = sent.datagram;
    expected = reason::kAnswerCodeMismatch.code;
  }
  SECTION("without Message-Authenticator") {
    forged = must(
        answer_request(must(parse_packet(sent.datagram)), Code::disconnect_ack, {}, secret_of(test::kSecret), false));
    expected = reason::kMessageAuthenticatorMissing.code;
  }
  SECTION("an answer from an hour ago") {
    forged =
        World::answer(sent, Code::disconnect_ack,
                      {must(time_attribute(AttributeType::event_timestamp, world.now.wall - std::chrono::hours(1)))});
    expected = reason::kEventTimestampStale.code;
  }
  const auto received = world.receive(forged, from);
  CHECK(received.verdict.refused_for(expected));
  CHECK_FALSE(received.answer);
  CHECK(world.client.under_way() == 1);
  CHECK(world.receive(good).answer);
}

TEST_CASE("radius: an IPv4 NAS is the same through a dual-stack socket", "[radius]") {
  World world;
  const auto sent = world.start();
  CHECK(world.receive(World::answer(sent), {*IpAddress::parse("::ffff:192.0.2.1"), kDynamicAuthorizationPort}).answer);
}

TEST_CASE("radius: an answer counts once", "[radius]") {
  World world;
  const auto sent = world.start();
  const auto answer = World::answer(sent);
  REQUIRE(world.receive(answer).answer);
  const auto again = world.receive(answer);
  CHECK(only(again.verdict, reason::kAnswerRepeated));
  CHECK(again.exchange == sent.exchange);
  CHECK_FALSE(again.answer);
}

TEST_CASE("radius: an answer to the request that had the identifier before", "[radius]") {
  World world;
  const auto old = world.start("dock-7");
  const auto answer = World::answer(old);
  REQUIRE(world.receive(answer).answer);
  std::optional<Client::Sent> heir;
  for (int i = 0; i < 256; ++i) {
    const auto sent = world.start("dock-8");
    if (sent.datagram[1] == old.datagram[1]) heir = sent;
    else REQUIRE(world.receive(World::answer(sent)).answer);
  }
  REQUIRE(heir);
  const auto replayed = world.receive(answer);
  CHECK(replayed.verdict.refused_for(reason::kResponseAuthenticatorWrong));
  CHECK(replayed.exchange == heir->exchange);
  CHECK(world.receive(World::answer(*heir)).answer);
}

TEST_CASE("radius: 256 requests can be under way, no more", "[radius]") {
  World world;
  std::vector<Client::Sent> sent;
  std::set<std::uint8_t> identifiers;
  for (int i = 0; i < 256; ++i) {
    sent.push_back(world.start());
    identifiers.insert(sent.back().datagram[1]);
  }
  CHECK(identifiers.size() == 256);
  CHECK(world.client.under_way() == kMaxUnderWay);
  const auto more = world.client.start(must(disconnect({.user_name = "a"})), world.now, world.random);
  REQUIRE_FALSE(more);
  CHECK(more.error().code == ErrorCode::resource_exhausted);
  CHECK(more.error().reason == "RADIUS_IDENTIFIERS_EXHAUSTED");
  REQUIRE(world.receive(World::answer(sent[100])).answer);
  CHECK(world.start().datagram[1] == sent[100].datagram[1]);
}

TEST_CASE("radius: a request that cannot be sent takes no identifier", "[radius]") {
  World world;
  const DynamicRequest large{Code::coa_request,
                             std::vector<Attribute>(17, {AttributeType::filter_id, Bytes(253, 'a')})};
  CHECK(world.client.start(large, world.now, world.random).error().reason == "RADIUS_PACKET_TOO_LARGE");
  CHECK(world.client.under_way() == 0);
}

TEST_CASE("radius: a request is repeated as the same bytes, ever slower, then given up", "[radius]") {
  World world;
  const auto sent = world.start();
  const auto began = world.now.steady;
  std::vector<milliseconds> waits;
  std::vector<ExchangeId> given_up;
  auto last = began;
  while (const auto due = world.client.next_due()) {
    // A moment before nothing is due.
    world.pass(std::chrono::ceil<milliseconds>(*due - world.now.steady) - milliseconds(1));
    CHECK(world.client.take_due(world.now, world.random).again.empty());
    world.pass(milliseconds(1));
    const auto taken = world.client.take_due(world.now, world.random);
    for (const auto& again : taken.again) {
      CHECK(again.exchange == sent.exchange);
      CHECK(again.datagram == sent.datagram);
      waits.push_back(std::chrono::duration_cast<milliseconds>(world.now.steady - last));
      last = world.now.steady;
    }
    given_up = taken.given_up;
  }
  REQUIRE(waits.size() == 3);  // at about 2, 6 and 14 s; the next would be after the end
  CHECK(waits[0] >= milliseconds(1800));
  CHECK(waits[0] <= milliseconds(2200));
  for (std::size_t i = 1; i < waits.size(); ++i) {
    CHECK(waits[i] >= waits[i - 1] * 19 / 10);
    CHECK(waits[i] <= waits[i - 1] * 21 / 10 + milliseconds(1));
  }
  CHECK(given_up == std::vector{sent.exchange});
  CHECK(world.now.steady - began == seconds(30));
  CHECK(world.client.under_way() == 0);
  // It comes at last.
  const auto late = world.receive(World::answer(sent));
  CHECK(only(late.verdict, reason::kAnswerLate));
  CHECK_FALSE(late.answer);
}

TEST_CASE("radius: the answer to a repeated request counts as to the first", "[radius]") {
  World world;
  const auto sent = world.start();
  world.pass(milliseconds(2500));
  const auto due = world.client.take_due(world.now, world.random);
  REQUIRE(due.again.size() == 1);
  CHECK(world.receive(World::answer(due.again.front())).exchange == sent.exchange);
  CHECK(only(world.receive(World::answer(sent)).verdict, reason::kAnswerRepeated));
}

TEST_CASE("radius: a number of transmissions ends it, too", "[radius]") {
  World world;
  world.client = Client(kNas, secret_of(test::kSecret),
                        {.retransmission = {.initial = milliseconds(100), .transmissions = 2}}, world.random);
  const auto sent = world.start();
  world.pass(milliseconds(120));
  CHECK(world.client.take_due(world.now, world.random).again.size() == 1);
  world.pass(milliseconds(250));
  const auto due = world.client.take_due(world.now, world.random);
  CHECK(due.again.empty());
  CHECK(due.given_up == std::vector{sent.exchange});
}

TEST_CASE("radius: a clock that is set does not disturb the waits", "[radius]") {
  World world;
  const auto sent = world.start();
  world.now.wall += std::chrono::days(1);
  CHECK(world.client.take_due(world.now, world.random).again.empty());
  CHECK(world.receive(World::answer(sent)).answer);
}

TEST_CASE("radius: nobody waits any more", "[radius]") {
  World world;
  const auto sent = world.start();
  CHECK(world.client.cancel(sent.exchange));
  CHECK_FALSE(world.client.cancel(sent.exchange));
  CHECK_FALSE(world.client.cancel(ExchangeId{99}));
  CHECK(world.client.under_way() == 0);
  CHECK(only(world.receive(World::answer(sent)).verdict, reason::kAnswerLate));
}

TEST_CASE("radius: waits are those of RFC 5080 section 2.2.1", "[radius]") {
  const RetransmissionPolicy policy;
  CHECK(first_wait(policy, 0) == milliseconds(2000));
  CHECK(first_wait(policy, 0.1) == milliseconds(2200));
  CHECK(first_wait(policy, -0.1) == milliseconds(1800));
  CHECK(first_wait(policy, 5) == milliseconds(2200));
  CHECK(next_wait(policy, milliseconds(2000), 0) == milliseconds(4000));
  CHECK(next_wait(policy, milliseconds(2000), -0.1) == milliseconds(3800));
  CHECK(next_wait(policy, milliseconds(8000), 0) == milliseconds(16000));
  CHECK(next_wait(policy, milliseconds(16000), 0) == milliseconds(16000));
  CHECK(next_wait(policy, milliseconds(16000), 0.1) == milliseconds(17600));
  ConstantRandom low(0x00), high(0xff), middle(0x80);
  CHECK(draw_jitter(low) == Approx(-0.1));
  CHECK(draw_jitter(high) == Approx(0.1));
  CHECK(draw_jitter(middle) == Approx(0.0).margin(0.001));
}
