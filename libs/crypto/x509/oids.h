// Object identifiers that this house knows by name.
#pragma once

#include <string_view>

namespace pratique::crypto::oid {

// Extended key usages (RFC 5280 section 4.2.1.12, RFC 6402 section 2.10).
inline constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
inline constexpr std::string_view kCodeSigning = "1.3.6.1.5.5.7.3.3";
inline constexpr std::string_view kOcspSigning = "1.3.6.1.5.5.7.3.9";
inline constexpr std::string_view kCmcCa = "1.3.6.1.5.5.7.3.27";
inline constexpr std::string_view kCmcRa = "1.3.6.1.5.5.7.3.28";  // a BRSKI registrar
inline constexpr std::string_view kAnyExtendedKeyUsage = "2.5.29.37.0";

// Certificate extensions.
inline constexpr std::string_view kSubjectKeyId = "2.5.29.14";
inline constexpr std::string_view kKeyUsage = "2.5.29.15";
inline constexpr std::string_view kSubjectAltName = "2.5.29.17";
inline constexpr std::string_view kBasicConstraints = "2.5.29.19";
inline constexpr std::string_view kCrlDistributionPoints = "2.5.29.31";
inline constexpr std::string_view kAuthorityKeyId = "2.5.29.35";
inline constexpr std::string_view kExtendedKeyUsage = "2.5.29.37";
inline constexpr std::string_view kAuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
inline constexpr std::string_view kOcspNoCheck = "1.3.6.1.5.5.7.48.1.5";  // RFC 6960 section 4.2.2.2.1
inline constexpr std::string_view kMudUrl = "1.3.6.1.5.5.7.1.25";   // RFC 8520 section 11
inline constexpr std::string_view kMasaUrl = "1.3.6.1.5.5.7.1.32";  // RFC 8995 section 2.3.2

// CSR attributes (RFC 2985).
inline constexpr std::string_view kChallengePassword = "1.2.840.113549.1.9.7";
inline constexpr std::string_view kExtensionRequest = "1.2.840.113549.1.9.14";

}  // namespace pratique::crypto::oid
