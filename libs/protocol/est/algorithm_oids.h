// Object identifiers of keys and signatures as they stand in CSR attributes and requests.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace pratique::est::oid {

// Keys (RFC 5480, RFC 8017, RFC 8410).
inline constexpr std::string_view kEcPublicKey = "1.2.840.10045.2.1";
inline constexpr std::string_view kRsaEncryption = "1.2.840.113549.1.1.1";
inline constexpr std::string_view kEd25519 = "1.3.101.112";  // names the signature as well
inline constexpr std::string_view kP256 = "1.2.840.10045.3.1.7";
inline constexpr std::string_view kP384 = "1.3.132.0.34";
inline constexpr std::string_view kP521 = "1.3.132.0.35";

inline constexpr std::string_view kRsaPss = "1.2.840.113549.1.1.10";
/// Signatures that are strong by their name alone: ECDSA and RSA with SHA-2, Ed25519.
inline constexpr std::array<std::string_view, 7> kStrongSignatures = {
    "1.2.840.10045.4.3.2",   "1.2.840.10045.4.3.3",   "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.11",
    "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", kEd25519};
/// SHA-256, SHA-384, SHA-512.
inline constexpr std::array<std::string_view, 3> kStrongHashes = {"2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2",
                                                                  "2.16.840.1.101.3.4.2.3"};
/// Named in CSR attributes by servers of old; known, never made.
inline constexpr std::array<std::string_view, 3> kOldSignatures = {"1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5",
                                                                   "1.2.840.10045.4.1"};

template <typename List>
constexpr bool contains(const List& list, std::string_view oid) {
  return std::ranges::find(list, oid) != std::ranges::end(list);
}

}  // namespace pratique::est::oid
