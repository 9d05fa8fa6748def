// A wireless network: what access points of a site are to announce. Data alone: no adapter drives access points yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/network/domain/ids.h"
#include "services/network/domain/segment.h"

namespace pratique::network {

/// By AKM suite (IEEE 802.11-2020 table 9-151). None with a password that devices share: it could not be taken away
/// from one of them.
enum class WlanSecurity {
  open,                 // nobody is authenticated, nothing is encrypted
  owe,                  // Opportunistic Wireless Encryption (RFC 8110), 00-0F-AC:18: encrypted, nobody is authenticated
  wpa3_enterprise,      // 802.1X, 00-0F-AC:5, protected management frames
  wpa3_enterprise_192,  // 802.1X, 00-0F-AC:12, nothing weaker than the CNSA suite
  dpp,                  // Wi-Fi Easy Connect, 50-6F-9A:2: the connector that a configurator signed
};
/// "wpa3-enterprise".
std::string_view to_string(WlanSecurity security);
Result<WlanSecurity> parse_wlan_security(std::string_view word);
/// RADIUS is asked about each device, and says where it goes.
bool asks_radius(WlanSecurity security);
/// Whose devices it may let into such a segment: whoever is not authenticated gets no further than onboarding.
bool may_lead_into(WlanSecurity security, SegmentPurpose purpose);

inline constexpr std::size_t kMaxWlanName = 64;
/// IEEE 802.11-2020 section 9.4.2.2. None (0 octets) would be the wildcard.
inline constexpr std::size_t kMinSsid = 1, kMaxSsid = 32;

struct Wlan {
  WlanId id = {};
  std::string name = {};
  std::string display_name = {};
  SiteId site = {};
  Bytes ssid = {};  // octets of any kind, not always a text
  WlanSecurity security = WlanSecurity::wpa3_enterprise;
  SegmentId segment = {};  // where its devices go; empty: each where RADIUS says
  bool enabled = true;
  Timestamp create_time = {};
  Timestamp update_time = {};
  std::int64_t version = 0;
};
/// INVALID_ARGUMENT FIELD_INVALID, naming the field.
Result<void> check_wlan(const Wlan& wlan);

/// For people and logs: what is no visible character is written "\x1b", a backslash "\\". Always UTF-8, never two SSIDs
/// the same.
std::string ssid_text(ByteView ssid);

}  // namespace pratique::network
