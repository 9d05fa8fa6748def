#include "libs/protocol/est/status.h"

#include <set>

#include <catch2/catch.hpp>

#include "libs/protocol/est/reasons.h"

using namespace pratique;
using namespace pratique::est;

TEST_CASE("every reason is in the list once and can be explained", "[protocol][est]") {
  std::set<std::string_view> codes;
  for (const auto& reason : reasons()) {
    CAPTURE(std::string(reason.code));
    CHECK(codes.insert(reason.code).second);
    CHECK(reason.code.starts_with("EST_"));
    CHECK_FALSE(reason.meaning.empty());
    CHECK_FALSE(reason.remedy.empty());
    CHECK((reason.found == Found::remark ? reason.http_status == 0
                                         : reason.http_status >= 400 && reason.http_status < 500));
    CHECK(find_reason(reason.code) == &reason);
  }
  CHECK(find_reason("EST_UNHEARD_OF") == nullptr);
}

TEST_CASE("a device is told the meaning and never the evidence", "[protocol][est]") {
  Verdict verdict;
  verdict.refuse(reason::kBindingMismatch, "inner words", {{"binding", "s3cret"}});
  verdict.refuse(reason::kExtensionMissing, "inner words", {{"extension", "1.2.3"}});
  verdict.refuse(reason::kExtensionMissing, "inner words", {{"extension", "1.2.4"}});
  const Answer refusal = answer_refusal(verdict);
  CHECK(refusal.status == 403);
  CHECK(refusal.body ==
        "the request is bound to another TLS connection\nan extension that csrattrs asks for is missing\n");

  Verdict foreign;
  foreign.refuse("POLICY_SAYS_NO", "because of the owner");
  CHECK(answer_refusal(foreign).status == 403);
  CHECK_FALSE(answer_refusal(foreign).body.contains("owner"));
}

TEST_CASE("an error has a status, and keeps its message to itself", "[protocol][est]") {
  CHECK(answer_error(invalid(reason::kBodyTooLarge, "x")).status == 413);
  CHECK(answer_error(invalid(reason::kCsrUndecodable, "x")).body == "the body is no PKCS #10 request\n");
  CHECK(answer_error(unavailable("CA_OFFLINE", "socket /run/ca.sock")).status == 503);
  CHECK(answer_error(internal("BROKEN", "at line 7")).status == 500);
  CHECK_FALSE(answer_error(internal("BROKEN", "at line 7")).body.contains("line"));
  CHECK(answer_error(not_found("NO_SUCH_LABEL", "x")).status == 404);
}
