#include "libs/net/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "libs/base/hex.h"

namespace pratique::net {
namespace {

Error bad(std::string_view what) { return invalid("URL_INVALID", what); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

bool is_ipv4(const std::string& text) {
  in_addr ignored{};
  return inet_pton(AF_INET, text.c_str(), &ignored) == 1;
}
// Without its scope.
bool is_ipv6(const std::string& text) {
  in6_addr ignored{};
  return inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

// Letters, digits, '-', '_' and '.', labels of 1..63 (RFC 1123; '_' since real names carry it), or IPv4. A last label
// of digits alone must be IPv4, so that no resolver reads "0x7f.1" or "127.1" as an address of its own liking.
Result<std::string> parse_name(std::string_view text) {
  if (text.empty()) return bad("the host is empty");
  if (text.size() > 253) return bad("the host is longer than 253 characters");
  const auto name = lower(text);
  if (is_ipv4(name)) return name;
  std::size_t start = 0;
  std::string_view label;
  while (start <= name.size()) {
    const auto dot = std::min(name.find('.', start), name.size());
    label = std::string_view(name).substr(start, dot - start);
    if (label.empty() || label.size() > 63) return bad("the host '" + name + "' has a label of a wrong length");
    for (const char c : label)
      if (!is_alnum(c) && c != '-' && c != '_') return bad("the host has a character that no name has");
    if (label.front() == '-' || label.back() == '-') return bad("a label of the host begins or ends with '-'");
    start = dot + 1;
  }
  if (std::ranges::all_of(label, is_digit) || label.starts_with("0x"))
    return bad("the host '" + name + "' is neither a name nor an IPv4 address");
  return name;
}

// The inside of the brackets.
Result<std::string> parse_ipv6(std::string_view text) {
  const auto percent = text.find('%');
  const auto address = lower(text.substr(0, percent));
  if (!is_ipv6(address)) return bad("'" + address + "' is no IPv6 address");
  if (percent == std::string_view::npos) return address;
  auto scope = text.substr(percent + 1);
  if (scope.starts_with("25") && scope.size() > 2) scope.remove_prefix(2);
  if (scope.empty() || scope.size() > 32) return bad("the scope of the IPv6 address is empty or too long");
  for (const char c : scope)
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') return bad("the scope of the IPv6 address is malformed");
  return address + "%" + std::string(scope);
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value == 0 || value > 65535 || text.size() > 5)
    return bad("the port is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(value);
}

// RFC 3986: pchar, '/', '?'.
Result<void> check_target(std::string_view text) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return bad("a broken percent-escape");
    } else if (!is_alnum(text[i]) && !kMarks.contains(text[i])) {
      return bad("path or query hold a character that must be escaped");
    }
  }
  return {};
}

std::string_view without_scope(std::string_view host) { return host.substr(0, host.find('%')); }

}  // namespace

bool Url::is_ip_literal() const { return is_ipv4(host) || is_ipv6(std::string(without_scope(host))); }

std::string Url::target() const { return query.empty() ? path : path + "?" + query; }

std::string Url::authority() const {
  std::string out = host.contains(':') ? "[" + std::string(without_scope(host)) + "]" : host;
  if (port != (scheme == "https" ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::text() const {
  std::string shown = host;
  if (host.contains(':')) {
    const auto percent = host.find('%');
    shown = percent == std::string::npos ? "[" + host + "]"
                                         : "[" + host.substr(0, percent) + "%25" + host.substr(percent + 1) + "]";
  }
  if (port != (scheme == "https" ? 443 : 80)) shown += ":" + std::to_string(port);
  return scheme + "://" + shown + target();
}

Result<Url> parse_url(std::string_view text, UrlSchemes schemes) {
  if (text.size() > kMaxUrlBytes) return bad("the URL is longer than " + std::to_string(kMaxUrlBytes) + " bytes");
  for (const char c : text)
    if (c <= ' ' || c > '~') return bad("the URL holds white space, a control or a non-ASCII character");
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return bad("the URL has no 'scheme://'");
  Url url;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "https" && (url.scheme != "http" || schemes == UrlSchemes::https_only))
    return invalid("URL_SCHEME_REFUSED", schemes == UrlSchemes::https_only ? "only https URLs are accepted here"
                                                                           : "only http and https URLs are accepted");
  text.remove_prefix(colon + 3);
  if (text.contains('#')) return bad("the URL has a fragment");

  const auto authority = text.substr(0, text.find_first_of("/?"));
  const auto rest = text.substr(authority.size());
  if (authority.contains('@')) return bad("the URL has user information");
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return bad("the IPv6 address lacks its ']'");
    TRY(url.host, parse_ipv6(authority.substr(1, close - 1)));
    port = authority.substr(close + 1);
    if (!port.empty() && port.front() != ':') return bad("only a port may follow the IPv6 address");
  } else {
    const auto name = authority.substr(0, authority.find(':'));
    TRY(url.host, parse_name(name));
    port = authority.substr(name.size());
  }
  url.port = url.scheme == "https" ? 443 : 80;
  if (!port.empty()) {
    TRY(url.port, parse_port(port.substr(1)));
  }

  TRY_VOID(check_target(rest));
  const auto question = rest.find('?');
  url.path = rest.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = rest.substr(question + 1);
  return url;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    auto byte = hex_decode(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return bad("a broken percent-escape");
    out += static_cast<char>(byte->front());
    i += 2;
  }
  return out;
}

}  // namespace pratique::net
