#include "libs/protocol/brski/masa_url.h"

#include <algorithm>
#include <charconv>

#include "libs/protocol/voucher/reasons.h"

namespace pratique::brski {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::string_view kWellKnown = "/.well-known/brski";

Error wrong(std::string_view what) { return invalid(voucher::kMasaUrlInvalid, what); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  while (!host.empty()) {
    const auto end = std::min(host.find('.'), host.size());
    const auto label = host.substr(0, end);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; })) return false;
    if (end == host.size()) return true;
    host.remove_prefix(end + 1);
  }
  return false;  // ended in a dot
}

bool is_ipv6_literal(std::string_view host) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  const auto inside = host.substr(1, host.size() - 2);
  return inside.contains(':') && std::ranges::all_of(inside, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

Result<std::string> parse_authority(std::string_view authority) {
  // The port stands behind the last colon that is outside the brackets.
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const auto host = authority.substr(0, colon);
  if (!is_host_name(host) && !is_ipv6_literal(host)) return wrong("the host is not a name or address");
  std::string out(host);
  std::ranges::transform(out, out.begin(), lower);
  if (colon == std::string_view::npos) return out;
  const auto digits = authority.substr(colon + 1);
  unsigned port = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc{} || end != digits.data() + digits.size() || port == 0 || port > 65535)
    return wrong("the port is not a number from 1 to 65535");
  return out + ":" + std::to_string(port);
}

// "." or "..", also with its dots escaped.
bool is_dot_segment(std::string_view segment) {
  int dots = 0;
  for (; !segment.empty(); ++dots) {
    const bool escaped = segment.starts_with("%2e") || segment.starts_with("%2E");
    if (!escaped && segment.front() != '.') return false;
    segment.remove_prefix(escaped ? 3 : 1);
  }
  return dots == 1 || dots == 2;
}

Result<std::string> parse_path(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '%') {
      const bool whole = i + 2 < path.size() && is_hex(path[i + 1]) && is_hex(path[i + 2]);
      if (!whole) return wrong("a broken escape in the path");
    } else if (!is_alnum(c) && !std::string_view("-._~!$&'()*+,;=:@/").contains(c)) {
      return wrong("a query, a fragment or a character that no path may hold");
    }
  }
  for (auto rest = path; !rest.empty();) {
    const auto end = std::min(rest.find('/'), rest.size());
    if (is_dot_segment(rest.substr(0, end))) return wrong("a dot segment in the path");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

}  // namespace

Result<std::string> parse_masa_url(std::string_view value) {
  if (value.empty()) return wrong("the value is empty");
  if (value.size() > kMaxMasaUrl) return wrong("the value is too long");
  std::string_view path;
  if (value.contains('/')) {
    if (value.size() < kScheme.size() || !std::ranges::equal(value.substr(0, kScheme.size()), kScheme, {}, lower))
      return wrong("not https");
    value.remove_prefix(kScheme.size());
    const auto slash = std::min(value.find('/'), value.size());
    path = value.substr(slash);
    value = value.substr(0, slash);
  }
  TRY(const auto authority, parse_authority(value));
  TRY(auto base, parse_path(path));
  if (base.empty()) base = kWellKnown;
  return std::string(kScheme) + authority + base;
}

}  // namespace pratique::brski
