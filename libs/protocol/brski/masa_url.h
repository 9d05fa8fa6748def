// The address of a device's MASA, from its IDevID (RFC 8995 section 2.3.2): an extension value without "/" is an
// authority, to which https:// and the well-known path are put; with "/" it is a complete URI.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::brski {

inline constexpr std::size_t kMaxMasaUrl = 1024;  // characters

/// The base to which "/requestvoucher" and "/requestauditlog" are put; no slash at its end:
///   "highway-test.example.com:9443"          https://highway-test.example.com:9443/.well-known/brski
///   "https://masa.example.com/brski/"        https://masa.example.com/brski
/// The value comes from a device that nobody has admitted yet, so it is judged as hostile: INVALID_ARGUMENT
/// MASA_URL_INVALID unless it is https with a plain host (name, IPv4, bracketed IPv6), an optional port and path, and
/// neither user information, query, fragment, dot segments nor characters outside RFC 3986. Whether the host may be
/// contacted (loopback, private ranges) is the caller's policy.
Result<std::string> parse_masa_url(std::string_view extension_value);

}  // namespace pratique::brski
