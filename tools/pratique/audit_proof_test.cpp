#include "tools/pratique/audit_proof.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace pratique;
using namespace pratique::cli;

namespace {

struct Registrar {
  Result<AuditVerdict> answer(const AuditQuestion& question) {
    asked.push_back(question);
    CHECK(question.allow_partial());
    AuditVerdict out;
    const auto to = std::min(question.after_sequence() + step, entries);
    out.set_intact(bad == 0 || to < bad);
    out.set_entries(out.intact() ? to : bad - 1);
    out.set_head_hash("hash " + std::to_string(out.entries()));
    out.set_broken_sequence(out.intact() ? 0 : bad);
    out.set_partial(out.intact() && to < entries);
    out.set_log_entries(entries);
    return out;
  }
  Result<AuditVerdict> prove(const AuditQuestion& question = {}) {
    return prove_audit(question, [this](const auto& one) { return answer(one); },
                       [this](const auto& verdict) { told.push_back(verdict.entries()); });
  }
  std::int64_t entries = 10, step = 4, bad = 0;
  std::vector<AuditQuestion> asked;
  std::vector<std::int64_t> told;
};

}  // namespace

TEST_CASE("the audit log is proven part by part, each going on where the one before ended") {
  Registrar registrar;
  const auto verdict = registrar.prove();
  REQUIRE(verdict);
  CHECK(verdict->intact());
  CHECK(verdict->entries() == 10);
  CHECK(registrar.told == std::vector<std::int64_t>{4, 8});
  REQUIRE(registrar.asked.size() == 3);
  CHECK(registrar.asked[1].after_sequence() == 4);
  CHECK(registrar.asked[2].after_hash() == "hash 8");
}

TEST_CASE("a head that was seen before is given along until it is passed") {
  AuditQuestion question;
  question.set_known_sequence(GENERATE(3, 4, 5, 10));
  question.set_known_hash("seen");
  Registrar registrar;
  REQUIRE(registrar.prove(question));
  for (const auto& asked : registrar.asked) {
    const bool due = question.known_sequence() > asked.after_sequence();
    CHECK(asked.known_hash() == (due ? "seen" : ""));
    CHECK((asked.known_sequence() != 0) == due);
  }
}

TEST_CASE("a proof ends at the first bad entry, at a failure, and where it comes no further") {
  Registrar registrar;
  SECTION("a bad entry") {
    registrar.bad = 7;
    const auto verdict = registrar.prove();
    REQUIRE(verdict);
    CHECK(verdict->broken_sequence() == 7);
    CHECK(registrar.asked.size() == 2);
  }
  SECTION("a registrar that gives up") {
    const auto verdict = prove_audit({}, [&](const auto& one) -> Result<AuditVerdict> {
      if (one.after_sequence() == 8) return unavailable("GONE", "gone");
      return registrar.answer(one);
    }, [&](const auto& told) { registrar.told.push_back(told.entries()); });
    CHECK(verdict.error().reason == "GONE");
    CHECK(registrar.told.back() == 8);
  }
  SECTION("a registrar that stands still") {
    registrar.step = 0;
    CHECK(registrar.prove().error().reason == "AUDIT_PROOF_STUCK");
  }
  SECTION("one that is older than parts gives the whole at once") {
    registrar.step = registrar.entries;
    CHECK(registrar.prove()->entries() == 10);
    CHECK(registrar.told.empty());
  }
}
