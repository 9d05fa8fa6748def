// EST's URIs and media types (RFC 7030 section 3.2.2, RFC 8951).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pratique::est {

enum class Operation { cacerts, csrattrs, simpleenroll, simplereenroll };

struct Route {
  Operation operation;
  std::string label;  // "" = the default CA
  friend bool operator==(const Route&, const Route&) = default;
};

inline constexpr std::string_view kWellKnown = "/.well-known/est";
inline constexpr std::size_t kMaxLabel = 64;

std::string_view to_string(Operation operation);
/// "GET" or "POST".
std::string_view method_of(Operation operation);
/// "/.well-known/est/factory-3/cacerts".
std::string path_of(Operation operation, std::string_view label = {});
/// None for what is no EST operation of ours. `path` is without query; one trailing slash is tolerated.
std::optional<Route> find_route(std::string_view path);
/// Unreserved characters of RFC 3986 alone, at most kMaxLabel, and not the name of an operation.
bool is_valid_label(std::string_view label);

inline constexpr std::string_view kPkcs10 = "application/pkcs10";
inline constexpr std::string_view kPkcs7 = "application/pkcs7-mime";
inline constexpr std::string_view kCertsOnly = "application/pkcs7-mime; smime-type=certs-only";
inline constexpr std::string_view kCsrAttrs = "application/csrattrs";

/// Compares type and subtype, without case and without parameters.
bool is_media_type(std::string_view header, std::string_view expected);

}  // namespace pratique::est
