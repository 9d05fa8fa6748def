#include "libs/base/verdict.h"

#include <catch2/catch.hpp>

using namespace pratique;

TEST_CASE("a verdict accepts until something is found", "[base][verdict]") {
  Verdict verdict;
  CHECK(verdict.accepted());
  verdict.note("CLOCK_UNSET", "the device sent no time");
  CHECK(verdict.accepted());
  CHECK_FALSE(verdict.refused_for("CLOCK_UNSET"));

  verdict.refuse("NONCE_MISMATCH", "the nonce is not the one sent", {{"nonce", "abcd"}});
  verdict.refuse("EXPIRED", "too old");
  CHECK_FALSE(verdict.accepted());
  CHECK(verdict.first().code == "NONCE_MISMATCH");
  CHECK(verdict.refused_for("EXPIRED"));
  CHECK_FALSE(verdict.refused_for("SIGNATURE_BAD"));

  const Error error = verdict.as_error();
  CHECK(error.code == ErrorCode::permission_denied);
  CHECK(error.reason == "NONCE_MISMATCH");
  REQUIRE(error.evidence.size() == 2);
  CHECK(error.evidence[0] == std::pair<std::string, std::string>{"nonce", "abcd"});
  CHECK(error.evidence[1] == std::pair<std::string, std::string>{"also", "EXPIRED"});
}

TEST_CASE("a whole absorbs its parts in order", "[base][verdict]") {
  Verdict whole;
  whole.refuse("FIRST", "one");
  Verdict part;
  part.refuse("SECOND", "two");
  part.note("REMARK", "three");
  whole.absorb(std::move(part));
  REQUIRE(whole.findings().size() == 2);
  CHECK(whole.findings()[1].code == "SECOND");
  CHECK(whole.notes().size() == 1);
}
