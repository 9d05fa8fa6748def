// What the tests of this room share: a CA, its OCSP responder, a device; and another CA of the same name.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/x509/issue.h"

namespace pratique::crypto::test {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return *std::move(result);
}

/// Signs like its key, which cannot be reached: as one in an HSM that no OpenSSL provider leads to.
class RemoteSigner final : public Signer {
 public:
  explicit RemoteSigner(SoftwareKey key) : key_(std::move(key)) {}
  const PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> sign(ByteView message, Hash hash) const override {
    if (broken) return unavailable("SIGNER_UNAVAILABLE", "the token was pulled out");
    return key_.sign(message, hash);
  }
  std::string description() const override { return "remote"; }
  const KeyHandle& handle() const override { throw std::logic_error("the private key was reached for"); }
  bool broken = false;

 private:
  SoftwareKey key_;
};

inline Timestamp whole_seconds_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

struct World {
  explicit World(Timestamp at = *parse_rfc3339("2026-06-01T12:00:00Z"), KeyType type = KeyType::ec_p256)
      : now(at), ca_key(must(SoftwareKey::generate(type))), responder_key(must(SoftwareKey::generate(type))) {}

  SystemRandom random = {};
  Timestamp now;
  Timestamp from = now - std::chrono::days(365), until = now + std::chrono::days(3650);
  SoftwareKey ca_key, responder_key, device_key = must(SoftwareKey::generate(KeyType::ec_p256));
  Certificate ca = must(issue_self_signed(CertificateProfile::root_ca({.common_name = "Example CA"}, from, until),
                                          ca_key, random));
  Certificate device = issue({.common_name = "device"}, "http://pki.example.com/ca.crl");
  Certificate other_device = issue({.common_name = "other device"}, "");
  Certificate responder_certificate = must(
      issue_certificate(CertificateProfile::ocsp_responder({.common_name = "Example OCSP"}, from, until),
                        responder_key.public_key(), ca, ca_key, random));
  ocsp::Responder responder = {ca, responder_certificate, &responder_key};

  // Of the same name, with another key.
  SoftwareKey false_key = must(SoftwareKey::generate(KeyType::ec_p256));
  Certificate false_ca = must(issue_self_signed(CertificateProfile::root_ca({.common_name = "Example CA"}, from, until),
                                                false_key, random));

  Certificate issue(Name name, std::string crl_url) {
    auto profile = CertificateProfile::tls(std::move(name), {.dns = {"d.example.com"}}, from, until);
    profile.crl_url = std::move(crl_url);
    profile.ocsp_url = "http://ocsp.example.com";
    return must(issue_certificate(profile, device_key.public_key(), ca, ca_key, random));
  }
};

}  // namespace pratique::crypto::test
