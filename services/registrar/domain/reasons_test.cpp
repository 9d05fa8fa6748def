#include "services/registrar/domain/reasons.h"

#include <catch2/catch.hpp>

#include <set>

#include "services/registrar/domain/credential_reasons.h"
#include "services/registrar/domain/protocol_reasons.h"

using namespace pratique;
using namespace pratique::registrar;

TEST_CASE("Every reason says why, what to do, and little to the device") {
  std::set<std::string> codes;
  for (const auto& list : {own_reasons(), protocol_reasons()}) {
    codes.clear();
    for (const auto& reason : list) {
      INFO(reason.code);
      CHECK(codes.insert(reason.code).second);
      CHECK_FALSE(reason.cause.empty());
      CHECK_FALSE(reason.remedy.empty());
      CHECK_FALSE(reason.safe_message.empty());
      CHECK(reason.safe_message.size() < 160);
      CHECK(reason.http_status >= 200);
    }
  }
}

TEST_CASE("What onboarding reports is in the catalogue", "[registrar][domain]") {
  const ReasonCatalogue catalogue({own_reasons(), credential_reasons(), protocol_reasons()});
  for (const auto* code :
       {"PVR_NONCE_MISSING", "MASA_UNREACHABLE", "AUDIT_LOG_OTHER_OWNER", "VOUCHER_REFUSED_BY_DEVICE",
        "EST_CSR_SIGNATURE_INVALID", "POLICY_DENIED", "CREDENTIAL_KEY_REUSED"})
    CHECK(catalogue.knows(code));
  CHECK(catalogue.explain({"PVR_SERIAL_MISMATCH", "m"}).http_status == 401);
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
