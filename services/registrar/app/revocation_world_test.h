// A registry whose devices have credentials of a CA that signs lists and answers: what tests of revocation start from.
#pragma once

#include <optional>

#include "libs/crypto/revocation/crl.h"
#include "services/registrar/app/credentials.h"
#include "services/registrar/app/crl_publisher.h"
#include "services/registrar/app/devices.h"
#include "services/registrar/app/issuance.h"
#include "services/registrar/app/ocsp_responder.h"
#include "services/registrar/app/onboarded_registry_test.h"
#include "services/registrar/app/revocation_follower.h"

namespace pratique::registrar {

class RevocationWorld : public OnboardedRegistry {
 public:
  struct Ca {
    crypto::Certificate certificate;
    std::shared_ptr<const crypto::SoftwareKey> key;
  };
  /// One replica's parts.
  struct Replica {
    explicit Replica(RevocationWorld& world, double signatures = kOcspSignatures,
                     std::vector<RevocationSigner> former = {})
        : issuers(world.authority, std::move(former)),
          lists(world.surroundings(), issuers, {.lifetime = 24h, .overlap = 12h, .rest = 0}, world.log, metrics),
          responder(world.surroundings(), issuers, {.lifetime = 1h}, world.log, metrics, signatures),
          follower(world.surroundings(), lists, responder, world.log) {
      follower.turn();
    }
    obs::Metrics metrics{catalogue()};
    RevocationIssuers issuers;
    CrlPublisher lists;
    OcspResponder responder;
    RevocationFollower follower;
  };
  /// An authority whose CA a test may exchange, or take away as one upstream would.
  struct Switch final : Authority {
    Result<Issued> issue(const CertificateOrder& order) override { return now->issue(order); }
    std::vector<crypto::Certificate> chain() const override { return now->chain(); }
    std::optional<RevocationSigner> revocation_signer() const override {
      return upstream ? std::nullopt : now->revocation_signer();
    }
    std::unique_ptr<LocalAuthority> now;
    bool upstream = false;
  };

  RevocationWorld() { use(ca); }

  Ca make_ca(const std::string& name) {
    const auto key = std::make_shared<crypto::SoftwareKey>(*crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    return {*crypto::issue_self_signed(crypto::CertificateProfile::root_ca({.common_name = name}, clock.now() - 24h,
                                                                           clock.now() + 24h * 365),
                                       *key, random),
            key};
  }
  void use(const Ca& with) {
    authority.now = *LocalAuthority::make({with.certificate}, with.key, clock, random, "http://pki.example.com");
  }
  /// A certificate for a new key of this device.
  crypto::Certificate issue(const Device& device, const Bytes& renewed = {}) {
    const auto key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    const auto csr = crypto::make_csr({.subject = {.common_name = "x"}}, key)->der();
    const auto answer =
        issuance.issue(call(), {device.id, renewed.empty() ? session(device) : SessionId{}, csr, renewed});
    REQUIRE(answer);
    REQUIRE(answer->findings.empty());
    return *crypto::Certificate::parse_der(answer->certificate);
  }
  crypto::Certificate onboard(const std::string& serial_number) { return issue(allowed(serial_number)); }
  Credential credential_of(const crypto::Certificate& certificate) {
    return **with([&](pg::Tx& tx) { return find_credential(tx, ByteView(certificate.der())); });
  }
  void revoke(const crypto::Certificate& certificate) {
    REQUIRE(credentials.revoke(change(), credential_of(certificate).id, "stolen"));
  }
  /// The newest list as this replica publishes it.
  crypto::Crl list(const Replica& replica) {
    const auto published = replica.lists.find(issuer_key_id(authority.now->chain().front()));
    REQUIRE(published);
    const auto parsed = crypto::Crl::parse_der(published->der);
    REQUIRE(parsed);
    return *parsed;
  }
  std::string reason_on(const crypto::Crl& crl, const crypto::Certificate& certificate) {
    const auto found = crl.find(certificate.serial_hex());
    return found ? std::string(to_string(found->reason)) : "";
  }

  Switch authority;
  Ca ca = make_ca("Plant CA");
  CredentialProfiles profiles = *CredentialProfiles::make({});
  Issuance issuance{surroundings(), authority, profiles, "plant.example.com"};
  Credentials credentials{surroundings()};
  Devices devices{surroundings(), profiles};
};

}  // namespace pratique::registrar
