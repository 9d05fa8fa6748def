// A small world for BRSKI tests: a manufacturer with its CA, MASA and two devices; an owner with a CA and two
// registrars; a stranger with the same. Keys are fresh in each process, times are fixed.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/crypto/x509/issue.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::test {

/// The value, or an exception that fails the test with the error's text.
template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return *std::move(result);
}

struct Identity {
  crypto::Certificate certificate;
  crypto::SoftwareKey key;
};

class BrskiWorld {
  crypto::SystemRandom random_;  // first: what follows is made with it

 public:
  using Profile = crypto::CertificateProfile;

  const Timestamp now = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1) + std::chrono::hours(12);
  const Timestamp from = now - std::chrono::days(30);
  const Timestamp until = now + std::chrono::days(365);

  const Identity maker_ca = root("Example Devices Root");
  const Identity masa = issue(Profile{.subject = {.common_name = "Example Devices MASA"}, .not_before = from,
                                      .not_after = until, .key_usage = crypto::key_usage::kDigitalSignature}, maker_ca);
  const Identity device = idevid("00-D0-E5-F2-00-02", maker_ca);
  const Identity other_device = idevid("00-D0-E5-F2-00-03", maker_ca);
  /// Says it is the first device, by another maker's CA of the same name.
  const Identity impostor_ca = root("Example Devices Root");
  const Identity impostor = idevid("00-D0-E5-F2-00-02", impostor_ca);

  const Identity owner_ca = root("Example Owner Root");
  const Identity registrar = ra("registrar-1.example.com", owner_ca);
  const Identity replica = ra("registrar-2.example.com", owner_ca);
  /// A TLS server of the owner that is no registration authority.
  const Identity web_server = server("www.example.com", owner_ca);

  const Identity stranger_ca = root("Stranger Root");
  const Identity stranger = ra("registrar.example.net", stranger_ca);

  Identity root(std::string name) {
    auto key = must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    auto certificate =
        must(crypto::issue_self_signed(Profile::root_ca({.common_name = std::move(name)}, from, until), key, random_));
    return {std::move(certificate), std::move(key)};
  }
  Identity issue(const Profile& profile, const Identity& issuer) {
    auto key = must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    return {certify(profile, key, issuer), key};
  }
  crypto::Certificate certify(const Profile& profile, const crypto::SoftwareKey& key, const Identity& issuer) {
    return must(crypto::issue_certificate(profile, key.public_key(), issuer.certificate, issuer.key, random_));
  }
  Identity idevid(std::string serial, const Identity& issuer) {
    return issue(Profile::idevid({.serial_number = std::move(serial)}, from, "masa.example.com:9443"), issuer);
  }
  Identity ra(std::string name, const Identity& issuer) { return issue(ra_profile(std::move(name)), issuer); }
  Identity server(std::string name, const Identity& issuer) {
    return issue(Profile::tls({.common_name = name}, {.dns = {name}}, from, until), issuer);
  }
  Profile ra_profile(std::string name) const {
    auto profile = Profile::tls({.common_name = name}, {.dns = {name}}, from, until);
    profile.ekus.emplace_back(crypto::oid::kCmcRa);
    profile.critical_eku = true;
    return profile;
  }

  std::vector<crypto::Certificate> owner_chain() const { return {registrar.certificate, owner_ca.certificate}; }
  std::vector<crypto::Certificate> maker_anchors() const { return {maker_ca.certificate}; }
};

/// One for all tests of a process; nobody changes it.
inline BrskiWorld& brski_world() {
  static BrskiWorld world;
  return world;
}

}  // namespace pratique::test
