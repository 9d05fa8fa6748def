#include "libs/protocol/brski/paths.h"

#include <algorithm>

namespace pratique::brski {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The text up to `separator`, which is taken off together with it.
std::string_view take(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto head = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return trim(head);
}

// "0", "0.0", "0.000": not acceptable.
bool excluded(std::string_view parameters) {
  while (!parameters.empty()) {
    auto parameter = take(parameters, ';');
    if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
    return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

// How closely a media range names the type: 3 exactly, 2 by "type/*", 1 by "*/*", 0 not.
int closeness(std::string_view range, std::string_view media_type) {
  if (same(range, media_type)) return 3;
  if (range == "*/*") return 1;
  const auto slash = media_type.find('/');
  return range.ends_with("/*") && same(range.substr(0, range.size() - 1), media_type.substr(0, slash + 1)) ? 2 : 0;
}

}  // namespace

std::string_view media_type(VoucherFormat format) {
  switch (format) {
    case VoucherFormat::cms_json: return kVoucherCmsJson;
    case VoucherFormat::jws_json: return kVoucherJwsJson;
    case VoucherFormat::cose_cbor: return kVoucherCose;
  }
  return {};
}

bool is_media_type(std::string_view content_type, std::string_view media_type) {
  return same(take(content_type, ';'), media_type);
}

std::optional<VoucherFormat> parse_voucher_media_type(std::string_view content_type) {
  for (const auto format : {VoucherFormat::cms_json, VoucherFormat::jws_json, VoucherFormat::cose_cbor})
    if (is_media_type(content_type, media_type(format))) return format;
  return std::nullopt;
}

bool accepts(std::string_view accept, std::string_view media_type) {
  if (trim(accept).empty()) return true;
  int closest = 0;
  bool accepted = false;
  while (!accept.empty()) {
    auto element = take(accept, ',');
    const auto range = take(element, ';');
    const int close = closeness(range, media_type);
    if (close <= closest) continue;
    closest = close;
    accepted = !excluded(element);
  }
  return accepted;
}

}  // namespace pratique::brski
