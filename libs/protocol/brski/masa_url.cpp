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

bool is_ipv4(std::string_view text) {
  for (int octet = 1; octet <= 4; ++octet) {
    const auto digits = text.substr(0, text.find('.'));
    if (digits.empty() || digits.size() > 3 || !std::ranges::all_of(digits, is_digit)) return false;
    if (digits.size() > 1 && digits.front() == '0') return false;
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (value > 255) return false;
    text.remove_prefix(digits.size());
    if (octet < 4) {
      if (text.empty()) return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

// RFC 3986 section 3.2.2: eight groups of hex digits, "::" once for one or more of zeros, the last two as IPv4 perhaps.
bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool gap = false;
  const auto take_gap = [&] {
    if (!text.starts_with("::") || gap) return false;
    text.remove_prefix(2);
    return gap = true;
  };
  take_gap();
  while (!text.empty()) {
    const auto group = text.substr(0, text.find(':'));
    if (group.size() == text.size() && group.contains('.')) return is_ipv4(group) && (gap ? groups < 6 : groups == 6);
    if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex)) return false;
    ++groups;
    text.remove_prefix(group.size());
    if (text.empty() || take_gap()) continue;
    text.remove_prefix(1);
    if (text.empty()) return false;
  }
  return gap ? groups < 8 : groups == 8;
}

// A name, or IPv4. A last label of digits, or of "0x" and more, is IPv4 or nothing: resolvers read "127.1" and "0x7f.1"
// as addresses of their own liking, past whoever judges where a MASA may be.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  if (is_ipv4(host)) return true;
  while (true) {
    const auto label = host.substr(0, host.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; })) return false;
    if (label.size() == host.size())
      return !std::ranges::all_of(label, is_digit) && !label.starts_with("0x") && !label.starts_with("0X");
    host.remove_prefix(label.size() + 1);
  }
}

bool is_ipv6_literal(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' && is_ipv6(host.substr(1, host.size() - 2));
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
