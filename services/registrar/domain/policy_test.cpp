#include "services/registrar/domain/policy.h"

#include <catch2/catch.hpp>

#include "libs/base/random.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-07-01T12:00:00Z");
PredictableRandom random_source{11};
const FixedClock fixed_clock{kNow};
const ManufacturerId kMaker = ManufacturerId::make(fixed_clock, random_source);

Policy rule(std::string name, PolicyEffect effect = PolicyEffect::allow) {
  Policy p{.id = PolicyId::make(fixed_clock, random_source), .display_name = std::move(name)};
  p.effect = effect;
  return p;
}
PolicyFacts facts() { return {kMaker, "Camera 3", "CAM-0001", "site-a", "brski", kNow}; }

}  // namespace

TEST_CASE("Each condition can be what a rule fails on, and the trace says which") {
  struct Line { std::string_view explanation; void (*limit)(Policy&); };
  const Line lines[] = {
      {"", [](Policy&) {}},
      {"the rule is disabled", [](Policy& p) { p.disabled = true; }},
      {"manufacturer differs", [](Policy& p) { p.manufacturer = ManufacturerId::make(fixed_clock, random_source); }},
      {"", [](Policy& p) { p.manufacturer = kMaker; }},
      {"model 'Camera 3' does not match 'Lock*'", [](Policy& p) { p.model_pattern = "Lock*"; }},
      {"", [](Policy& p) { p.model_pattern = "Camera [0-9]"; }},
      {"serial number 'CAM-0001' does not match 'CAM-1*'", [](Policy& p) { p.serial_pattern = "CAM-1*"; }},
      {"", [](Policy& p) { p.serial_pattern = "CAM-????"; }},
      {"location 'site-a' does not match 'site-b'", [](Policy& p) { p.location_pattern = "site-b"; }},
      {"protocol 'brski' is not one of fdo, dpp", [](Policy& p) { p.protocols = {"fdo", "dpp"}; }},
      {"the rule starts at 2026-07-01T12:00:01Z", [](Policy& p) { p.start_time = kNow + std::chrono::seconds(1); }},
      {"", [](Policy& p) { p.start_time = kNow; }},
      {"the rule ended at 2026-07-01T12:00:00Z", [](Policy& p) { p.end_time = kNow; }},
      {"", [](Policy& p) { p.end_time = kNow + std::chrono::seconds(1); }},
  };
  for (const auto& line : lines) {
    auto p = rule("r");
    line.limit(p);
    const auto decision = evaluate(std::vector{p}, facts());
    REQUIRE(decision.trace.size() == 1);
    CHECK(decision.trace.front().explanation == line.explanation);
    CHECK(decision.trace.front().matched == line.explanation.empty());
    CHECK(decision.rule.has_value() == line.explanation.empty());
  }
}

TEST_CASE("The first rule that matches decides; those behind it are not asked") {
  auto other_site = rule("other site");
  other_site.location_pattern = "site-b";
  const std::vector rules{other_site, rule("no cameras", PolicyEffect::deny), rule("all")};
  const auto decision = evaluate(rules, facts());
  REQUIRE(decision.rule.has_value());
  CHECK(decision.rule->display_name == "no cameras");
  CHECK(decision.trace.size() == 2);
  CHECK_FALSE(evaluate({}, facts()).rule.has_value());
}

TEST_CASE("A rule that cannot mean what it says is refused by field") {
  const auto problem = [](auto change) {
    auto p = rule("r");
    change(p);
    const auto checked = check_policy(p);
    return checked ? std::string() : checked.error().evidence.front().second;
  };
  CHECK(problem([](Policy&) {}).empty());
  CHECK(problem([](Policy& p) { p.display_name = ""; }) == "policy.display_name");
  CHECK(problem([](Policy& p) { p.priority = -1; }) == "policy.priority");
  CHECK(problem([](Policy& p) { p.priority = kMaxPriority + 1; }) == "policy.priority");
  CHECK(problem([](Policy& p) { p.model_pattern = "["; }) == "policy.model_pattern");
  CHECK(problem([](Policy& p) { p.serial_pattern = "x\\"; }) == "policy.serial_pattern");
  CHECK(problem([](Policy& p) { p.location_pattern = "[z-a]"; }) == "policy.location_pattern");
  CHECK(problem([](Policy& p) { p.protocols = {"x"}; }) == "policy.protocols");
  CHECK(problem([](Policy& p) { p.start_time = p.end_time = kNow; }) == "policy.end_time");
  CHECK(problem([](Policy& p) { p.segment = "a b"; }) == "policy.segment");
  CHECK(problem([](Policy& p) { p.credential_profile = "a/b"; }) == "policy.credential_profile");
  CHECK(problem([](Policy& p) { p.approvals_required = 0; }) == "policy.approvals_required");
  CHECK(problem([](Policy& p) { p.approvals_required = 3; }) == "policy.approvals_required");
}
