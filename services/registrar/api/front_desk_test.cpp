// The registrar's APIs as their callers see them: real gRPC over mutual TLS, on a real database.
#include <catch2/catch.hpp>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/issue.h"
#include "libs/rpc/mtls_world_test.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"
#include "services/registrar/api/access.h"
#include "services/registrar/api/approvals_api.h"
#include "services/registrar/api/admission_api.h"
#include "services/registrar/api/devices_api.h"
#include "services/registrar/api/manufacturers_api.h"
#include "services/registrar/api/policies_api.h"
#include "services/registrar/app/front_door_test.h"
#include "services/registrar/domain/credential_reasons.h"
#include "services/registrar/domain/protocol_reasons.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

class FrontDesk {
 public:
  FrontDesk() {
    auto& server = callers.prepare(access());
    server.add<v1::Devices>(std::make_unique<DevicesApi>(server, tokens, door.devices, door.explain, reasons));
    server.add<v1::Manufacturers>(std::make_unique<ManufacturersApi>(server, tokens, door.manufacturers));
    server.add<v1::Policies>(std::make_unique<PoliciesApi>(server, tokens, door.policies, reasons));
    server.add<v1::Approvals>(std::make_unique<ApprovalsApi>(server, tokens, door.approvals));
    server.add<v1::Admission>(std::make_unique<AdmissionApi>(
        server, AdmissionApi::UseCases{door.desk, vouchers, issuance, credentials}, reasons));
    callers.open();
  }
  template <typename Service, typename Request, typename Method>
  auto call(const std::string& who, Method method, const Request& request) {
    return callers.call<Service>(who, method, request);
  }

  FrontDoor door;
  crypto::Envelope envelope{*crypto::MasterKeys::parse(*crypto::MasterKeys::make_line("k1", door.random)), door.random};
  std::unique_ptr<LocalAuthority> authority = local_authority();
  Vouchers vouchers{door.surroundings(), envelope};
  Issuance issuance{door.surroundings(), *authority, door.profiles, std::string(rpc::kTrustDomain)};
  Credentials credentials{door.surroundings()};
  ReasonCatalogue reasons{own_reasons(), credential_reasons(), protocol_reasons()};
  rpc::PageTokens tokens{Secret(Bytes(32, 7))};

 private:
  std::unique_ptr<LocalAuthority> local_authority() {
    const auto key = rpc::must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    const auto root = rpc::must(
        crypto::issue_self_signed(crypto::CertificateProfile::root_ca({.common_name = "Example Devices"},
                                                                      door.clock.now() - 24h, crypto::kNoExpiry),
                                  key, door.random));
    return rpc::must(LocalAuthority::make({root}, std::make_shared<crypto::SoftwareKey>(key), door.clock, door.random));
  }

 public:
  rpc::MtlsWorld callers{"registrar", "pratique.registrar.v1.Devices"};  // goes first
};

v1::CreateDeviceRequest announcement(const FrontDesk& desk, const std::string& serial) {
  v1::CreateDeviceRequest request;
  request.mutable_device()->set_manufacturer(desk.door.maker.name());
  request.mutable_device()->set_serial_number(serial);
  return request;
}

}  // namespace

TEST_CASE("An operator announces and changes a device; a viewer looks", "[registrar][api]") {
  FrontDesk desk;
  auto request = announcement(desk, "CAM-1");
  request.set_request_id("0193b0a0-0000-7000-8000-000000000001");
  const auto create = [&](const std::string& who) {
    return desk.call<v1::Devices>(who, &v1::Devices::Stub::CreateDevice, request);
  };
  CHECK(create("operator/vera").error().code == ErrorCode::permission_denied);
  CHECK(create("service/onboarding").error().code == ErrorCode::permission_denied);
  const auto created = create("operator/otto");
  REQUIRE(created);
  CHECK(create("operator/otto")->name() == created->name());
  CHECK(created->state() == v1::DEVICE_STATE_EXPECTED);

  v1::UpdateDeviceRequest update;
  update.mutable_device()->set_name(created->name());
  update.mutable_device()->set_segment("lab");
  update.mutable_device()->set_etag(created->etag());
  update.mutable_update_mask()->add_paths("segment");
  const auto change = [&] { return desk.call<v1::Devices>("operator/otto", &v1::Devices::Stub::UpdateDevice, update); };
  const auto updated = change();
  REQUIRE(updated);
  CHECK(updated->segment() == "lab");
  CHECK(change().error().reason == "ETAG_MISMATCH");
  update.mutable_device()->clear_etag();
  update.mutable_update_mask()->set_paths(0, "serial_number");
  CHECK(change().error().reason == "UPDATE_MASK_INVALID");

  v1::GetDeviceRequest get;
  get.set_name("devices/-");
  get.set_serial_number("CAM-1");
  const auto seen = desk.call<v1::Devices>("operator/vera", &v1::Devices::Stub::GetDevice, get);
  REQUIRE(seen);
  CHECK(seen->name() == created->name());
  CHECK(seen->segment() == "lab");
}

TEST_CASE("A list is read page by page, and a token fits its own list alone", "[registrar][api]") {
  FrontDesk desk;
  for (int i = 0; i < 5; ++i) {
    desk.door.clock.advance(1s);
    REQUIRE(desk.call<v1::Devices>("operator/otto", &v1::Devices::Stub::CreateDevice,
                                   announcement(desk, "CAM-" + std::to_string(i))));
  }
  v1::ListDevicesRequest list;
  list.set_page_size(2);
  std::string seen;
  int pages = 0;
  do {
    const auto page = desk.call<v1::Devices>("operator/vera", &v1::Devices::Stub::ListDevices, list);
    REQUIRE(page);
    for (const auto& device : page->devices()) seen += device.serial_number() + " ";
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty() && ++pages < 9);
  CHECK(seen == "CAM-4 CAM-3 CAM-2 CAM-1 CAM-0 ");
  list.set_page_token("");
  const auto first = desk.call<v1::Devices>("operator/vera", &v1::Devices::Stub::ListDevices, list);
  list.set_page_token(first->next_page_token());
  list.set_search("cam");
  CHECK(desk.call<v1::Devices>("operator/vera", &v1::Devices::Stub::ListDevices, list).error().reason ==
        "PAGE_TOKEN_INVALID");
}

TEST_CASE("People see what waits, approve it, and read why", "[registrar][api]") {
  FrontDesk desk;
  v1::CreatePolicyRequest policy;
  policy.mutable_policy()->set_display_name("ask about cameras");
  policy.mutable_policy()->set_effect(v1::POLICY_EFFECT_ASK);
  CHECK(desk.call<v1::Policies>("operator/otto", &v1::Policies::Stub::CreatePolicy, policy).error().code ==
        ErrorCode::permission_denied);
  const auto rule = desk.call<v1::Policies>("operator/ada", &v1::Policies::Stub::CreatePolicy, policy);
  REQUIRE(rule);
  const auto idevid = desk.door.idevid("CAM-1");
  CHECK(desk.door.knock(idevid).decision.outcome == Outcome::wait);

  v1::ListApprovalsRequest list;
  list.set_state(v1::APPROVAL_STATE_PENDING);
  const auto waiting = desk.call<v1::Approvals>("operator/vera", &v1::Approvals::Stub::ListApprovals, list);
  REQUIRE(waiting);
  REQUIRE(waiting->approvals_size() == 1);
  CHECK(waiting->approvals(0).policy() == rule->name());
  v1::ApproveRequest approve;
  approve.set_name(waiting->approvals(0).name());
  approve.set_reason("ordered in May");
  const auto granted = desk.call<v1::Approvals>("operator/otto", &v1::Approvals::Stub::Approve, approve);
  REQUIRE(granted);
  CHECK(granted->state() == v1::APPROVAL_STATE_GRANTED);
  CHECK(granted->votes(0).operator_() == "operator/otto");
  CHECK(desk.door.knock(idevid).decision.outcome == Outcome::allow);

  v1::ExplainDeviceRequest explain;
  explain.set_serial_number("CAM-1");
  const auto story = desk.call<v1::Devices>("operator/vera", &v1::Devices::Stub::ExplainDevice, explain);
  REQUIRE(story);
  REQUIRE(story->explanations_size() == 3);
  CHECK(story->explanations(0).summary().starts_with("was let in by policies/"));
  CHECK(story->explanations(1).actor() == "operator/otto");
  const auto& why = story->explanations(2).findings(0);
  CHECK(why.code() == "APPROVAL_REQUIRED");
  CHECK_FALSE(why.remedy().empty());

  v1::TestPoliciesRequest test;
  test.set_serial_number("LOCK-1");
  const auto tested = desk.call<v1::Policies>("operator/vera", &v1::Policies::Stub::TestPolicies, test);
  REQUIRE(tested);
  CHECK(tested->effect() == v1::POLICY_EFFECT_ASK);
  CHECK(tested->trace(0).matched());
}

TEST_CASE("Onboarding judges, records, and has a certificate issued and recognised", "[registrar][api]") {
  FrontDesk desk;
  const std::string onboarding = "service/onboarding";
  REQUIRE(desk.call<v1::Devices>("operator/otto", &v1::Devices::Stub::CreateDevice, announcement(desk, "CAM-1")));
  const auto session = SessionId::make(desk.door.clock, desk.door.random).name();
  v1::JudgeDeviceRequest knock;
  knock.set_protocol("brski");
  knock.set_session(session);
  knock.set_location("site-a");
  const auto der = desk.door.idevid("CAM-1").der();
  knock.add_idevid_chain(der.data(), der.size());
  const auto judge = [&](const std::string& who) {
    return desk.call<v1::Admission>(who, &v1::Admission::Stub::JudgeDevice, knock);
  };
  CHECK(judge("operator/ada").error().code == ErrorCode::permission_denied);
  CHECK(judge("service/network").error().code == ErrorCode::permission_denied);
  const auto judged = judge(onboarding);
  REQUIRE(judged);
  CHECK(judged->outcome() == v1::JudgeDeviceResponse::OUTCOME_ALLOW);
  CHECK(judged->credential_profile() == "default");
  CHECK(judged->manufacturer().masa_url() == "https://masa.example.com");
  CHECK(judged->manufacturer().voucher_anchors_size() == 1);
  CHECK(judged->manufacturer().wire_profile() == v1::WIRE_PROFILE_STRICT);

  v1::RecordVoucherRequest voucher;
  voucher.set_device(judged->device());
  voucher.set_session(session);
  voucher.set_voucher("as the MASA sent it");
  voucher.set_serial_number("CAM-1");
  voucher.set_assertion("proximity");
  voucher.set_nonce("abc");
  voucher.set_signer("CN=MASA");
  const auto kept = desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::RecordVoucher, voucher);
  INFO((kept ? "" : kept.error().message));
  REQUIRE(kept);
  CHECK(kept->name().starts_with("vouchers/"));
  v1::RecordTelemetryRequest telemetry;
  telemetry.set_device(judged->device());
  telemetry.set_session(session);
  telemetry.set_success(true);
  CHECK(desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::RecordTelemetry, telemetry).error().reason ==
        "FIELD_INVALID");
  telemetry.set_kind(v1::RecordTelemetryRequest::KIND_VOUCHER);
  REQUIRE(desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::RecordTelemetry, telemetry));

  v1::GetCredentialTemplateRequest asked;
  asked.set_device(judged->device());
  const auto form = desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::GetCredentialTemplate, asked);
  REQUIRE(form);
  CHECK(form->serial_number() == "CAM-1");
  CHECK(form->key_types(0) == "P-256");
  const auto key = rpc::must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  const auto csr =
      rpc::must(crypto::make_csr({.subject = {.common_name = form->common_name(), .serial_number = "CAM-1"}}, key))
          .der();
  v1::IssueCredentialRequest issue;
  issue.set_device(judged->device());
  issue.set_session(session);
  issue.set_csr(csr.data(), csr.size());
  const auto issued = desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::IssueCredential, issue);
  REQUIRE(issued);
  INFO((issued->findings_size() > 0 ? issued->findings(0).message() : ""));
  REQUIRE_FALSE(issued->certificate().empty());
  v1::IdentifyCredentialRequest identify;
  identify.set_certificate(issued->certificate());
  const auto known = desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::IdentifyCredential, identify);
  REQUIRE(known);
  CHECK(known->device() == judged->device());

  v1::GetDeviceRequest get;
  get.set_name(judged->device());
  const auto device = desk.call<v1::Devices>("operator/vera", &v1::Devices::Stub::GetDevice, get);
  REQUIRE(device);
  CHECK(device->state() == v1::DEVICE_STATE_ADMITTED);
  CHECK(device->credential() == issued->credential());
  CHECK(device->onboarding_count() == 1);

  // A renewal comes without a session; a first certificate never.
  const auto next = rpc::must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  const auto again =
      rpc::must(crypto::make_csr({.subject = {.common_name = form->common_name(), .serial_number = "CAM-1"}}, next)).der();
  v1::IssueCredentialRequest renew;
  renew.set_device(judged->device());
  renew.set_csr(again.data(), again.size());
  CHECK(desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::IssueCredential, renew).error().reason == "ID_INVALID");
  renew.set_renewed_certificate(issued->certificate());
  const auto renewed = desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::IssueCredential, renew);
  REQUIRE(renewed);
  CHECK(renewed->findings_size() == 0);
  CHECK_FALSE(renewed->certificate().empty());

  v1::ResetDeviceRequest reset;
  reset.set_name(judged->device());
  reset.set_reason("wiped");
  REQUIRE(desk.call<v1::Devices>("operator/otto", &v1::Devices::Stub::ResetDevice, reset));
  const auto gone = desk.call<v1::Admission>(onboarding, &v1::Admission::Stub::IdentifyCredential, identify);
  REQUIRE(gone);
  REQUIRE(gone->findings_size() > 0);
  CHECK_FALSE(gone->findings(0).remedy().empty());
}
