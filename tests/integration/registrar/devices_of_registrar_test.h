// A registrar that runs, and devices of one manufacturer, as operators and the onboarding service deal with them there.
#pragma once

#include <chrono>
#include <string>

#include "libs/base/hex.h"
#include "libs/base/id.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/issue.h"
#include "pratique/registrar/v1/admission.grpc.pb.h"
#include "pratique/registrar/v1/credential.grpc.pb.h"
#include "pratique/registrar/v1/device.grpc.pb.h"
#include "pratique/registrar/v1/manufacturer.grpc.pb.h"
#include "tests/integration/registrar/running_registrar_test.h"

namespace pratique {

/// A device with a credential that the registrar gave it.
struct Onboarded {
  std::string serial_number;
  std::string device;                    // "devices/<uuid>"
  std::string credential;                // "credentials/<uuid>"
  Bytes certificate;                     // DER
  std::string serial, authority_key_id;  // of the certificate, hex

  crypto::Certificate x509() const {
    const auto parsed = crypto::Certificate::parse_der(certificate);
    REQUIRE(parsed);
    return *parsed;
  }
};

class DevicesOfRegistrar : public RunningRegistrar {
 public:
  using RunningRegistrar::RunningRegistrar;

  template <typename Service, typename Request, typename Response>
  static Response answer_of(const rpc::Peer& peer,
                            grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                            const Request& request) {
    const auto stub = Service::NewStub(peer.channel());
    auto answer = peer.call(*stub, method, request);
    if (!answer) FAIL(answer.error().reason << ": " << answer.error().message);
    return *std::move(answer);
  }
  /// Of the registrar, by whom is named: "operators/ada", "services/onboarding-1".
  template <typename Service, typename Request, typename Response>
  Response call(const std::string& who,
                grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    return answer_of<Service>(as(who), method, request);
  }

  /// Announced, judged, and given a certificate. `segment`: the registrar's own choice where it is empty.
  Onboarded onboard(const std::string& serial_number, const std::string& segment = "") {
    registrar::v1::CreateDeviceRequest device;
    device.mutable_device()->set_manufacturer(manufacturer());
    device.mutable_device()->set_serial_number(serial_number);
    device.mutable_device()->set_segment(segment);
    call<registrar::v1::Devices>("operators/ada", &registrar::v1::Devices::Stub::CreateDevice, device);
    const auto idevid = *crypto::issue_certificate(
        crypto::CertificateProfile::idevid({.serial_number = serial_number}, clock.now() - std::chrono::hours(1),
                                           "masa.example.com"),
        crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)->public_key(), maker_ca_, maker_key_, random);
    registrar::v1::JudgeDeviceRequest knock;
    knock.set_protocol("brski");
    knock.set_session("sessions/" + make_uuid7(clock, random));
    knock.add_idevid_chain(idevid.der().data(), idevid.der().size());
    using registrar::v1::Admission;
    const auto judged = call<Admission>(kOnboarding, &Admission::Stub::JudgeDevice, knock);
    REQUIRE(judged.outcome() == registrar::v1::JudgeDeviceResponse::OUTCOME_ALLOW);
    registrar::v1::IssueCredentialRequest request;
    request.set_device(judged.device());
    request.set_session(knock.session());
    return issue(serial_number, request);
  }
  /// Given another certificate for the one that it has.
  Onboarded renew(const Onboarded& who) {
    registrar::v1::IssueCredentialRequest request;
    request.set_device(who.device);
    request.set_renewed_certificate(who.certificate.data(), who.certificate.size());
    return issue(who.serial_number, request);
  }
  void revoke(const Onboarded& who) {
    registrar::v1::RevokeCredentialRequest request;
    request.set_name(who.credential);
    request.set_reason("stolen");
    call<registrar::v1::Credentials>("operators/ada", &registrar::v1::Credentials::Stub::RevokeCredential, request);
  }
  void quarantine(const Onboarded& who) {
    registrar::v1::QuarantineDeviceRequest request;
    request.set_name(who.device);
    request.set_reason("looks odd");
    call<registrar::v1::Devices>("operators/ada", &registrar::v1::Devices::Stub::QuarantineDevice, request);
  }
  void release(const Onboarded& who) {
    registrar::v1::ReleaseDeviceRequest request;
    request.set_name(who.device);
    request.set_reason("it was us");
    call<registrar::v1::Devices>("operators/ada", &registrar::v1::Devices::Stub::ReleaseDevice, request);
  }

 private:
  static constexpr auto kOnboarding = "services/onboarding-1";

  Onboarded issue(const std::string& serial_number, registrar::v1::IssueCredentialRequest request) {
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    const auto csr = crypto::make_csr({.subject = {.common_name = serial_number}}, key)->der();
    request.set_csr(csr.data(), csr.size());
    using registrar::v1::Admission;
    const auto issued = call<Admission>(kOnboarding, &Admission::Stub::IssueCredential, request);
    REQUIRE(issued.findings().empty());
    const auto certificate = crypto::Certificate::parse_der(as_bytes(issued.certificate()));
    REQUIRE(certificate);
    return {serial_number,         request.device(),          issued.credential(),
            certificate->der(),    certificate->serial_hex(), hex_encode(*certificate->authority_key_id())};
  }
  /// Registered when the first device comes.
  const std::string& manufacturer() {
    if (!manufacturer_.empty()) return manufacturer_;
    registrar::v1::CreateManufacturerRequest maker;
    maker.mutable_manufacturer()->set_display_name("Example Lamps");
    maker.mutable_manufacturer()->set_wire_profile(registrar::v1::WIRE_PROFILE_STRICT);
    auto& anchor = *maker.mutable_manufacturer()->add_trust_anchors();
    anchor.set_certificate(maker_ca_.der().data(), maker_ca_.der().size());
    anchor.add_purposes(registrar::v1::ANCHOR_PURPOSE_IDEVID);
    using registrar::v1::Manufacturers;
    manufacturer_ = call<Manufacturers>("operators/ada", &Manufacturers::Stub::CreateManufacturer, maker).name();
    return manufacturer_;
  }

  std::string manufacturer_;
  crypto::SoftwareKey maker_key_ = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  crypto::Certificate maker_ca_ = *crypto::issue_self_signed(
      crypto::CertificateProfile::root_ca({.common_name = "Example Lamps"}, clock.now() - std::chrono::hours(1),
                                          crypto::kNoExpiry),
      maker_key_, random);
};

}  // namespace pratique
