#include "services/network/domain/wlan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "libs/base/hex.h"
#include "libs/codec/json/utf8.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

constexpr std::array<std::pair<WlanSecurity, std::string_view>, 5> kSecurities{{
    {WlanSecurity::open, "open"},
    {WlanSecurity::owe, "owe"},
    {WlanSecurity::wpa3_enterprise, "wpa3-enterprise"},
    {WlanSecurity::wpa3_enterprise_192, "wpa3-enterprise-192"},
    {WlanSecurity::dpp, "dpp"},
}};

/// Of one character of valid UTF-8: not a control character of ASCII or of Latin-1 (U+0080 to U+009F).
bool visible(std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 1) return first >= 0x20 && first != 0x7F;
  return first != 0xC2 || static_cast<std::uint8_t>(character[1]) >= 0xA0;
}

}  // namespace

std::string_view to_string(WlanSecurity security) {
  return std::ranges::find(kSecurities, security, [](const auto& pair) { return pair.first; })->second;
}

Result<WlanSecurity> parse_wlan_security(std::string_view word) {
  const auto found = std::ranges::find(kSecurities, word, [](const auto& pair) { return pair.second; });
  if (found == kSecurities.end())
    return field_invalid("security", "must be open, owe, wpa3-enterprise, wpa3-enterprise-192 or dpp");
  return found->first;
}

bool asks_radius(WlanSecurity security) {
  return security == WlanSecurity::wpa3_enterprise || security == WlanSecurity::wpa3_enterprise_192;
}

bool may_lead_into(WlanSecurity security, SegmentPurpose purpose) {
  const bool lets_in_anybody = security == WlanSecurity::open || security == WlanSecurity::owe;
  return purpose == (lets_in_anybody ? SegmentPurpose::onboarding : SegmentPurpose::production);
}

Result<void> check_wlan(const Wlan& wlan) {
  TRY_VOID(check_name("wlan.short_name", wlan.name, kMaxWlanName));
  TRY_VOID(check_display("wlan.display_name", wlan.display_name));
  if (wlan.site.empty()) return field_invalid("wlan.site", "must be given");
  if (wlan.ssid.size() < kMinSsid || wlan.ssid.size() > kMaxSsid)
    return field_invalid("wlan.ssid", "must have 1 to 32 octets");
  if (wlan.segment.empty() && !asks_radius(wlan.security))
    return field_invalid("wlan.segment", "must be given: no RADIUS server says where devices of this WLAN go");
  return {};
}

std::string ssid_text(ByteView ssid) {
  std::string out;
  for (auto rest = as_text(ssid); !rest.empty();) {
    const auto length = json::utf8_length(rest);
    const auto character = rest.substr(0, std::max<std::size_t>(length, 1));
    if (character == "\\") {
      out += "\\\\";
    } else if (length > 0 && visible(character)) {
      out += character;
    } else {
      for (const auto octet : as_bytes(character)) out += "\\x" + hex_encode({&octet, 1});
    }
    rest.remove_prefix(character.size());
  }
  return out;
}

}  // namespace pratique::network
