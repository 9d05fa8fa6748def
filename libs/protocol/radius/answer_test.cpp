// Answers of a NAS, judged one by one; and the answering side's judgement of requests.
#include "libs/protocol/radius/answer.h"

#include <catch2/catch.hpp>

#include <functional>

#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/dynamic_request.h"
#include "libs/protocol/radius/reasons.h"
#include "libs/protocol/radius/request.h"
#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/world_test.h"

using namespace pratique;
using namespace pratique::radius;
using test::must;
using test::packet_from;
using test::secret_of;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-06-01T12:00:00Z");

struct World {
  SharedSecret secret = secret_of(test::kSecret);
  Packet request = must(sign_dynamic_request(must(disconnect({.user_name = "dock-7"})), 7, kNow, secret)).packet;
  Asked asked{request.code, request.identifier, request.authenticator};

  Packet answer(Code code, std::vector<Attribute> attributes = {}, bool with_message_authenticator = true) const {
    return must(
        parse_packet(must(answer_request(request, code, std::move(attributes), secret, with_message_authenticator))));
  }
  Verdict judge(const Packet& packet, AnswerRules rules = {}) const {
    return judge_answer(packet, asked, secret, rules, kNow);
  }
};

Attribute cause(std::uint32_t number) { return integer_attribute(AttributeType::error_cause, number); }
Attribute event_time(std::chrono::seconds after) {
  return must(time_attribute(AttributeType::event_timestamp, kNow + after));
}
bool only(const Verdict& verdict, std::string_view code) {
  return verdict.findings().size() == 1 && verdict.refused_for(code);
}
bool noted(const Verdict& verdict, std::string_view code) {
  return std::ranges::any_of(verdict.notes(), [code](const Finding& note) { return note.code == code; });
}

}  // namespace

TEST_CASE("radius: an answer says whether it was done, and why not", "[radius]") {
  const World world;
  const auto read = [&world](Code code, std::vector<Attribute> attributes) {
    const auto packet = world.answer(code, std::move(attributes));
    REQUIRE(world.judge(packet).accepted());
    return read_answer(packet);
  };
  CHECK(read(Code::disconnect_ack, {}).outcome == Outcome::done);
  CHECK(read(Code::disconnect_nak, {}).outcome == Outcome::refused);
  CHECK(read(Code::disconnect_nak, {cause(503)}).outcome == Outcome::session_absent);
  CHECK(read(Code::disconnect_nak, {cause(507)}).outcome == Outcome::request_initiated);
  CHECK(read(Code::disconnect_nak, {cause(504)}).outcome == Outcome::refused);
  // A cause does not turn an ACK into a refusal; one that cannot be read does not either.
  CHECK(read(Code::disconnect_ack, {cause(503)}).outcome == Outcome::done);
  const auto unreadable = read(Code::disconnect_nak, {{AttributeType::error_cause, Bytes(3)}});
  CHECK(unreadable.outcome == Outcome::refused);
  CHECK_FALSE(unreadable.error_cause);
  const auto twice = read(Code::disconnect_nak, {cause(503), cause(504)});
  CHECK(twice.outcome == Outcome::refused);
  const auto told = read(
      Code::disconnect_nak,
      {cause(506), must(text_attribute(AttributeType::reply_message, "busy")), {AttributeType::reply_message, {0xff}}});
  CHECK(told.reply_messages == std::vector<std::string>{"busy"});
  CHECK(to_string(*told.error_cause) == "Resources Unavailable");
}

TEST_CASE("radius: causes have the RFC's names", "[radius]") {
  CHECK(to_string(ErrorCause::residual_session_context_removed) == "Residual Session Context Removed");
  CHECK(to_string(ErrorCause{407}) == "Invalid Attribute Value");
  CHECK(to_string(ErrorCause{503}) == "Session Context Not Found");
  CHECK(to_string(ErrorCause{508}) == "Multiple Session Selection Unsupported");
  CHECK(reason_of(ErrorCause{503}) == "RADIUS_SESSION_CONTEXT_NOT_FOUND");
  CHECK_FALSE(remedy_of(ErrorCause{403}).empty());
  CHECK(to_string(ErrorCause{599}) == "Error-Cause 599");
  CHECK(reason_of(ErrorCause{0}) == "RADIUS_ERROR_CAUSE_UNKNOWN");
  CHECK_FALSE(remedy_of(ErrorCause{0}).empty());
}

TEST_CASE("radius: hostapd's answers are accepted, and only near their time", "[radius]") {
  const auto secret = secret_of(test::kSecret);
  const auto then = *parse_rfc3339("2026-11-24T10:06:37Z");
  const ErrorCause causes[] = {ErrorCause::session_context_not_found, ErrorCause::missing_attribute};
  for (std::size_t i = 0; i < test::kHostapdPairs.size(); ++i) {
    const auto request = packet_from(test::kHostapdPairs[i].first);
    const auto packet = packet_from(test::kHostapdPairs[i].second);
    const Asked asked{request.code, request.identifier, request.authenticator};
    CHECK(judge_answer(packet, asked, secret, {}, then).accepted());
    CHECK(only(judge_answer(packet, asked, secret, {}, then + std::chrono::hours(1)), reason::kEventTimestampStale));
    CHECK(read_answer(packet).error_cause == causes[i]);
  }
}

TEST_CASE("radius: an answer that is not one, each for its own reason", "[radius]") {
  const World world;
  const auto good = world.answer(Code::disconnect_ack);
  REQUIRE(world.judge(good).accepted());

  SECTION("another code") {
    const auto forged = [&](Code code) {
      Packet packet{.code = code, .identifier = 7};
      ask_for_message_authenticator(packet);
      must(sign_answer(packet, world.asked.authenticator, world.secret));
      return packet;
    };
    CHECK(only(world.judge(forged(Code::coa_ack)), reason::kAnswerCodeMismatch));
    CHECK(only(world.judge(forged(Code::access_accept)), reason::kAnswerCodeMismatch));
    CHECK(only(world.judge(forged(Code::disconnect_request)), reason::kAnswerCodeMismatch));
  }
  SECTION("a NAK turned into an ACK on its way") {
    auto packet = world.answer(Code::disconnect_nak);
    packet.code = Code::disconnect_ack;
    const auto verdict = world.judge(packet);
    CHECK(verdict.refused_for(reason::kResponseAuthenticatorWrong));
    CHECK(verdict.refused_for(reason::kMessageAuthenticatorWrong));
  }
  SECTION("another secret") {
    const auto packet = must(parse_packet(
        must(answer_request(world.request, Code::disconnect_ack, {}, secret_of("another secret 1234567")))));
    const auto verdict = world.judge(packet);
    CHECK(verdict.refused_for(reason::kResponseAuthenticatorWrong));
    CHECK(verdict.refused_for(reason::kMessageAuthenticatorWrong));
    for (const auto& finding : verdict.findings()) {
      CHECK_FALSE(finding.message.contains(test::kSecret));
      CHECK(finding.evidence.empty());
    }
  }
  SECTION("another request's") {
    auto other = world.asked;
    other.authenticator[0] ^= 1;
    CHECK(judge_answer(good, other, world.secret, {}, kNow).refused_for(reason::kResponseAuthenticatorWrong));
  }
  SECTION("another identifier") {
    auto other = world.asked;
    other.identifier = 8;
    CHECK(only(judge_answer(good, other, world.secret, {}, kNow), reason::kAnswerUnasked));
  }
  SECTION("only the Response Authenticator is right") {
    // What Blast-RADIUS makes of an answer: MD5 fits, HMAC-MD5 does not.
    Packet packet{.code = Code::disconnect_ack, .identifier = 7};
    ask_for_message_authenticator(packet);
    packet.attributes.front().value.assign(16, 0x55);
    const auto place = packet.attributes.front();
    packet.attributes.front().type = AttributeType::class_value;  // keeps the signing from filling it in
    must(sign_answer(packet, world.asked.authenticator, world.secret));
    packet.attributes.front() = place;
    CHECK(world.judge(packet).refused_for(reason::kMessageAuthenticatorWrong));
  }
  SECTION("only the Message-Authenticator is right") {
    auto packet = good;
    packet.authenticator[15] ^= 1;
    CHECK(only(world.judge(packet), reason::kResponseAuthenticatorWrong));
  }
  SECTION("its Message-Authenticator taken with a zero authenticator, as FreeRADIUS 3.2.1 does") {
    Packet packet{.code = Code::disconnect_ack, .identifier = 7};
    ask_for_message_authenticator(packet);
    auto inner = packet;
    must(sign_request(inner, world.secret));
    packet.attributes = inner.attributes;
    CHECK(request_message_authenticator(packet, world.secret) == MessageAuthenticator::right);
    CHECK(world.judge(packet).refused_for(reason::kMessageAuthenticatorWrong));
  }
  SECTION("no Message-Authenticator") {
    const auto packet = world.answer(Code::disconnect_ack, {}, false);
    CHECK(only(world.judge(packet), reason::kMessageAuthenticatorMissing));
    const auto lenient = world.judge(packet, {.message_authenticator_required = false});
    CHECK(lenient.accepted());
    CHECK(noted(lenient, reason::kMessageAuthenticatorUnchecked));
  }
  SECTION("a wrong Message-Authenticator where none is demanded") {
    auto packet = good;
    packet.attributes.front().value[0] ^= 1;
    CHECK(
        world.judge(packet, {.message_authenticator_required = false}).refused_for(reason::kMessageAuthenticatorWrong));
  }
}

TEST_CASE("radius: an answer's time, if it has one, is near ours", "[radius]") {
  using std::chrono::seconds;
  const World world;
  const auto judged = [&](Attribute time) {
    return world.judge(world.answer(Code::disconnect_ack, {std::move(time)}));
  };
  CHECK(judged(event_time(seconds(0))).accepted());
  CHECK(judged(event_time(seconds(-300))).accepted());
  CHECK(judged(event_time(seconds(300))).accepted());
  CHECK(only(judged(event_time(seconds(-301))), reason::kEventTimestampStale));
  CHECK(only(judged(event_time(seconds(301))), reason::kEventTimestampStale));
  CHECK(only(judged({AttributeType::event_timestamp, Bytes(3)}), reason::kEventTimestampUnreadable));
  const auto twice = world.answer(Code::disconnect_ack, {event_time(seconds(0)), event_time(seconds(0))});
  CHECK(only(world.judge(twice), reason::kEventTimestampUnreadable));
  const auto wide = world.answer(Code::disconnect_ack, {event_time(seconds(-3000))});
  CHECK(world.judge(wide, {.event_timestamp_window = std::chrono::hours(1)}).accepted());
}

TEST_CASE("radius: a cause in the wrong place is remarked", "[radius]") {
  const World world;
  CHECK(noted(world.judge(world.answer(Code::disconnect_ack, {cause(503)})), reason::kErrorCauseMisplaced));
  CHECK(noted(world.judge(world.answer(Code::disconnect_nak, {cause(201)})), reason::kErrorCauseMisplaced));
  CHECK_FALSE(noted(world.judge(world.answer(Code::disconnect_ack, {cause(201)})), reason::kErrorCauseMisplaced));
  CHECK_FALSE(noted(world.judge(world.answer(Code::disconnect_nak, {cause(503)})), reason::kErrorCauseMisplaced));
}

TEST_CASE("radius: the answering side takes what radclient sends", "[radius]") {
  const auto secret = secret_of(test::kSecret);
  const auto strict = RequestRules::dynamic_authorization();
  for (const auto& datagram : {test::kRadclientDisconnect, test::kRadclientCoa})
    CHECK(judge_request(packet_from(datagram), secret, strict, kNow).accepted());
  CHECK(only(judge_request(packet_from(test::kRadclientDisconnect), secret, strict, kNow + std::chrono::minutes(6)),
             reason::kEventTimestampStale));
  const auto bare = judge_request(packet_from(test::kRadclientTagged), secret, strict, kNow);
  CHECK(bare.findings().size() == 2);
  CHECK(bare.refused_for(reason::kMessageAuthenticatorMissing));
  CHECK(bare.refused_for(reason::kEventTimestampMissing));
  // Records may be late and signed by their Request Authenticator alone.
  const auto stop = packet_from(test::kRadclientStop);
  const auto verdict = judge_request(stop, secret, RequestRules::accounting(), kNow + std::chrono::days(3));
  CHECK(verdict.accepted());
  CHECK(noted(verdict, reason::kMessageAuthenticatorUnchecked));
}

TEST_CASE("radius: the answering side refuses, each for its own reason", "[radius]") {
  const auto secret = secret_of(test::kSecret);
  const auto strict = RequestRules::dynamic_authorization();
  auto request = packet_from(test::kRadclientDisconnect);
  SECTION("another secret") {
    const auto verdict = judge_request(request, secret_of("another secret 1234567"), strict, kNow);
    CHECK(verdict.refused_for(reason::kRequestAuthenticatorWrong));
    CHECK(verdict.refused_for(reason::kMessageAuthenticatorWrong));
  }
  SECTION("not served here") {
    CHECK(only(judge_request(request, secret, RequestRules::accounting(), kNow), reason::kRequestUnexpected));
    CHECK(only(judge_request(packet_from(test::kRadclientStop), secret, strict, kNow), reason::kRequestUnexpected));
  }
  SECTION("an Access-Request has no signature to check here") {
    request.code = Code::access_request;
    auto rules = strict;
    rules.expected.push_back(Code::access_request);
    CHECK(only(judge_request(request, secret, rules, kNow), reason::kRequestUnexpected));
  }
  SECTION("the session changed on its way") {
    request.attributes.front().value.back() ^= 1;
    CHECK(judge_request(request, secret, strict, kNow).findings().size() == 2);
  }
  SECTION("a time is demanded, how old does not matter") {
    auto rules = RequestRules::accounting();
    rules.event_timestamp_required = true;
    Packet bare{.code = Code::accounting_request};
    must(sign_request(bare, secret));
    CHECK(only(judge_request(bare, secret, rules, kNow), reason::kEventTimestampMissing));
    CHECK(judge_request(packet_from(test::kRadclientStop), secret, rules, kNow + std::chrono::days(3)).accepted());
  }
}

TEST_CASE("radius: an answer brings back every Proxy-State in order", "[radius]") {
  const auto secret = secret_of(test::kSecret);
  const auto stop = packet_from(test::kRadclientStop);
  const auto answer = must(parse_packet(must(answer_request(stop, Code::accounting_response, {}, secret, false))));
  CHECK(all_octets(answer, AttributeType::proxy_state) == std::vector{to_bytes("1"), to_bytes("2")});
  CHECK(answer.identifier == stop.identifier);
  CHECK(response_authenticator_fits(answer, stop.authenticator, secret));
  CHECK(answer_request(stop, Code::coa_ack, {}, secret).error().reason == "RADIUS_ANSWER_CODE_MISMATCH");
}

TEST_CASE("radius: reasons are a list without doubles", "[radius]") {
  for (const auto& reason : reasons()) {
    CHECK(find_reason(reason.code) == &reason);
    CHECK_FALSE(reason.meaning.empty());
    CHECK_FALSE(reason.remedy.empty());
  }
  CHECK(find_reason("RADIUS_NO_SUCH") == nullptr);
}
