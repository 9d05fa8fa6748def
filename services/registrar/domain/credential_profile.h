// What certificates of a profile look like. Names are templates over what the registry knows of the device; nothing
// of the device's own request but its public key gets into a certificate.
//
//   common_name: "{serial_number}"
//   san_uri: ["spiffe://{trust_domain}/device/{device_id}"]
//
// Words: {device_id} {serial_number} {manufacturer} {model} {trust_domain}. In a DNS name only {device_id} and
// {trust_domain} may stand (the others hold any text); in a URI values are percent-encoded.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/crypto/x509/names.h"
#include "services/registrar/domain/credential_key.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

inline constexpr std::string_view kDefaultProfile = "default";
inline constexpr std::size_t kMaxCommonName = 64;  // characters: ub-common-name of RFC 5280
inline constexpr std::chrono::seconds kMinValidity = std::chrono::minutes(5);
inline constexpr std::chrono::seconds kMaxValidity = std::chrono::days(3660);
/// Certificates begin this much in the past, for devices whose clock is a little slow.
inline constexpr std::chrono::seconds kBackdating = std::chrono::minutes(5);

struct CredentialProfile {
  std::chrono::seconds validity = std::chrono::days(90);
  std::vector<CredentialKey> key_types = {CredentialKey::p256, CredentialKey::p384};  // preferred first
  std::string organization;
  std::string common_name = "{device_id}";
  std::vector<std::string> san_dns = {};
  std::vector<std::string> san_uri = {"spiffe://{trust_domain}/device/{device_id}"};
};

/// What the registry knows of a device, for its names.
struct DeviceFacts {
  DeviceId device;
  std::string serial_number;
  std::string manufacturer;  // display name
  std::string model;
  std::string trust_domain;
};

/// The subject always holds the device's X.520 serialNumber beside the common name.
struct CredentialNames {
  crypto::Name subject;
  crypto::SubjectAltNames alt_names;
};

/// INVALID_ARGUMENT PROFILE_INVALID: a validity out of bounds, no key type, an unknown or misplaced word, no name at
/// all.
Result<void> check_profile(const CredentialProfile& profile);
/// FAILED_PRECONDITION CREDENTIAL_NAME_UNUSABLE when this device's values do not fit (a common name over its limit).
Result<CredentialNames> names_for(const CredentialProfile& profile, const DeviceFacts& device);

/// By name; "" is kDefaultProfile, which always exists.
class CredentialProfiles {
 public:
  /// PROFILE_INVALID names the profile.
  static Result<CredentialProfiles> make(std::map<std::string, CredentialProfile> profiles);
  struct Named {
    const std::string& name;
    const CredentialProfile& profile;
  };
  /// FAILED_PRECONDITION CREDENTIAL_PROFILE_UNKNOWN. The answer lives as long as this object.
  Result<Named> get(std::string_view name) const;
  bool has(std::string_view name) const { return name.empty() || profiles_.contains(name); }

 private:
  std::map<std::string, CredentialProfile, std::less<>> profiles_;
};

}  // namespace pratique::registrar
