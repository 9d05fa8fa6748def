// http and https URLs (RFC 3986, RFC 9110 section 4.2), read strictly: what a voucher, a certificate
// extension or a configuration names as a place to connect to.
//
//   TRY(const auto url, net::parse_url("https://masa.example.com:9443/.well-known/brski"));
//   url.host == "masa.example.com", url.port == 9443, url.path == "/.well-known/brski"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace pratique::net {

inline constexpr std::size_t kMaxUrlBytes = 2048;

/// Which schemes a caller accepts.
enum class UrlSchemes { https_only, http_and_https };

struct Url {
  std::string scheme;      // "https" or "http", lower case
  std::string host;        // lower case; an IPv6 literal without brackets, with its scope: "fe80::1%eth0"
  std::uint16_t port = 0;  // always set: 443 or 80 where the text has none
  std::string path;        // starts with '/'; "/" where the text has none; percent-escapes left as they are
  std::string query;       // without '?'; escapes left as they are

  bool is_ip_literal() const;
  /// What stands in the request line: path and "?query".
  std::string target() const;
  /// "host" or "host:port" for the Host header: brackets round IPv6, no scope, default port left out.
  std::string authority() const;
  /// The whole URL again.
  std::string text() const;
  bool operator==(const Url&) const = default;
};

/// INVALID_ARGUMENT URL_INVALID (says what and where) or URL_SCHEME_REFUSED. Refused besides bad syntax: user
/// information, fragments, white space, control and non-ASCII characters, empty hosts, port 0. A scope may be
/// written "%25eth0" (RFC 6874) or "%eth0".
Result<Url> parse_url(std::string_view text, UrlSchemes schemes = UrlSchemes::https_only);

/// Turns %41 into 'A'. INVALID_ARGUMENT URL_INVALID on a broken escape; '+' is left alone.
Result<std::string> percent_decode(std::string_view text);

}  // namespace pratique::net
