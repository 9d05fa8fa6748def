#include "services/registrar/domain/reasons.h"

#include <catch2/catch.hpp>

#include <set>

using namespace pratique;
using namespace pratique::registrar;

TEST_CASE("Every reason says why, what to do, and little to the device") {
  std::set<std::string> codes;
  for (const auto& reason : own_reasons()) {
    INFO(reason.code);
    CHECK(codes.insert(reason.code).second);
    CHECK_FALSE(reason.cause.empty());
    CHECK_FALSE(reason.remedy.empty());
    CHECK_FALSE(reason.safe_message.empty());
    CHECK(reason.safe_message.size() < 80);
    CHECK(reason.http_status >= 200);
  }
}

TEST_CASE("Lists are put together; the first entry of a code counts") {
  const ReasonCatalogue catalogue({own_reasons(),
                                   {{"DEVICE_RETIRED", "other", "other", "other", 500},
                                    {"PVR_NONCE_MISSING", "the request has no nonce", "fix it", "no nonce", 400}}});
  CHECK(catalogue.explain({"DEVICE_RETIRED", "m"}).http_status == 403);
  const auto explained = catalogue.explain({"PVR_NONCE_MISSING", "", {{"serial", "x"}}});
  CHECK(explained.remedy == "fix it");
  CHECK(explained.http_status == 400);
  CHECK(explained.finding.message == "the request has no nonce");
  CHECK(explained.finding.evidence.size() == 1);
  CHECK(catalogue.markdown().contains("| `PVR_NONCE_MISSING` | the request has no nonce |"));
}

TEST_CASE("A code that nobody knows is kept, with words that say so") {
  const ReasonCatalogue catalogue({own_reasons()});
  CHECK_FALSE(catalogue.knows("FROM_THE_FUTURE"));
  const auto explained = catalogue.explain({"FROM_THE_FUTURE", "odd"});
  CHECK(explained.finding.code == "FROM_THE_FUTURE");
  CHECK(explained.finding.message == "odd");
  CHECK_FALSE(explained.remedy.empty());
}
