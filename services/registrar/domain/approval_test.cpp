#include "services/registrar/domain/approval.h"

#include <catch2/catch.hpp>

#include "libs/base/random.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-07-01T12:00:00Z");

Approval question(int required) {
  Approval a;
  a.approvals_required = required;
  a.create_time = kNow;
  a.expire_time = kNow + kApprovalLifetime;
  return a;
}
Vote yes(std::string who, Timestamp time = kNow) { return {"operator/" + who, true, "known", time}; }
Vote no(std::string who) { return {"operator/" + who, false, "never heard of it", kNow}; }

}  // namespace

TEST_CASE("One yes grants where one is asked, two different people where two are") {
  auto one = question(1);
  REQUIRE(add_vote(one, yes("jo")).has_value());
  CHECK(one.state == ApprovalState::granted);
  CHECK(one.decide_time == kNow);

  auto two = question(2);
  REQUIRE(add_vote(two, yes("jo")).has_value());
  CHECK(two.state == ApprovalState::pending);
  const auto again = add_vote(two, yes("jo"));
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::already_exists);
  CHECK(two.votes.size() == 1);
  REQUIRE(add_vote(two, yes("kim")).has_value());
  CHECK(two.state == ApprovalState::granted);
}

TEST_CASE("One no decides, even after a yes, and of the same person") {
  auto a = question(2);
  REQUIRE(add_vote(a, yes("jo")).has_value());
  REQUIRE(add_vote(a, no("jo")).has_value());
  CHECK(a.state == ApprovalState::denied);
}

TEST_CASE("What is decided, expired or closed takes no more votes") {
  const auto refused = [](Approval a, Vote vote) {
    const auto result = add_vote(a, vote);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().reason == "APPROVAL_DECIDED");
    return result.error().evidence.front().second;
  };
  auto granted = question(1), denied = question(1), closed = question(1);
  REQUIRE(add_vote(granted, yes("jo")).has_value());
  REQUIRE(add_vote(denied, no("jo")).has_value());
  closed.closed = true;
  CHECK(refused(granted, no("kim")) == "granted");
  CHECK(refused(denied, yes("kim")) == "denied");
  CHECK(refused(question(1), yes("kim", kNow + kApprovalLifetime)) == "expired");
  CHECK(refused(closed, yes("kim")) == "pending");
  auto in_time = question(1);
  CHECK(add_vote(in_time, yes("kim", kNow + kApprovalLifetime - std::chrono::seconds(1))).has_value());
}

TEST_CASE("A yes answers the question that was asked, and no other") {
  PredictableRandom random{5};
  Policy rule{.id = PolicyId::make(FixedClock(kNow), random), .effect = PolicyEffect::ask, .segment = "cameras"};
  auto a = question(1);
  a.policy = rule.id;
  a.segment = "cameras";
  CHECK(answers(a, rule, kNow));                            // open: goes on
  CHECK_FALSE(answers(a, rule, kNow + kApprovalLifetime));  // nobody answered
  REQUIRE(add_vote(a, yes("jo")).has_value());
  CHECK(answers(a, rule, kNow));
  CHECK(answers(a, rule, kNow + kGrantLifetime - std::chrono::seconds(1)));
  CHECK_FALSE(answers(a, rule, kNow + kGrantLifetime));

  const auto otherwise = [&](auto change) {
    auto r = rule;
    change(r);
    return answers(a, r, kNow);
  };
  CHECK_FALSE(otherwise([&](Policy& r) { r.id = PolicyId::make(FixedClock(kNow), random); }));
  CHECK_FALSE(otherwise([](Policy& r) { r.segment = "lab"; }));
  CHECK_FALSE(otherwise([](Policy& r) { r.credential_profile = "long"; }));
  CHECK_FALSE(otherwise([](Policy& r) { r.approvals_required = 2; }));
  auto used = a;
  used.closed = true;
  CHECK_FALSE(answers(used, rule, kNow));

  auto refused = question(1);
  REQUIRE(add_vote(refused, no("jo")).has_value());
  CHECK(answers(refused, rule, kNow + kGrantLifetime));  // a no stands, whatever the rule
}
