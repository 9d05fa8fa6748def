#include "services/network/api/wlan_message.h"

#include "libs/rpc/etag.h"
#include "libs/rpc/timestamp.h"
#include "services/network/api/wire.h"

namespace pratique::network {
namespace {

v1::WlanSecurity security_message(WlanSecurity security) {
  switch (security) {
    case WlanSecurity::open: return v1::WLAN_SECURITY_OPEN;
    case WlanSecurity::owe: return v1::WLAN_SECURITY_OWE;
    case WlanSecurity::wpa3_enterprise: return v1::WLAN_SECURITY_WPA3_ENTERPRISE;
    case WlanSecurity::wpa3_enterprise_192: return v1::WLAN_SECURITY_WPA3_ENTERPRISE_192;
    case WlanSecurity::dpp: return v1::WLAN_SECURITY_DPP;
  }
  return v1::WLAN_SECURITY_UNSPECIFIED;
}

Result<WlanSecurity> read_security(v1::WlanSecurity security) {
  if (security == v1::WLAN_SECURITY_UNSPECIFIED) return field_invalid("wlan.security", "must be given");
  for (const auto known : {WlanSecurity::open, WlanSecurity::owe, WlanSecurity::wpa3_enterprise,
                           WlanSecurity::wpa3_enterprise_192, WlanSecurity::dpp})
    if (security_message(known) == security) return known;
  return field_invalid("wlan.security", "is unknown");
}

}  // namespace

v1::Wlan message_of(const Wlan& wlan) {
  v1::Wlan out;
  out.set_name(wlan.id.name());
  out.set_short_name(wlan.name);
  out.set_display_name(wlan.display_name);
  out.set_site(wlan.site.name());
  out.set_ssid(std::string(as_text(wlan.ssid)));
  out.set_ssid_text(ssid_text(wlan.ssid));
  out.set_security(security_message(wlan.security));
  if (!wlan.segment.empty()) out.set_segment(wlan.segment.name());
  out.set_disabled(!wlan.enabled);
  *out.mutable_create_time() = rpc::write_time(wlan.create_time);
  *out.mutable_update_time() = rpc::write_time(wlan.update_time);
  out.set_etag(rpc::make_etag(wlan.id.name(), wlan.version));
  return out;
}

Result<Wlan> read_wlan(const v1::Wlan& message) {
  Wlan out{.name = message.short_name(), .display_name = message.display_name()};
  TRY(out.site, read_reference<SiteId>("wlan.site", message.site()));
  out.ssid = to_bytes(std::string_view(message.ssid()));
  TRY(out.security, read_security(message.security()));
  TRY(out.segment, read_reference<SegmentId>("wlan.segment", message.segment()));
  out.enabled = !message.disabled();
  return out;
}

}  // namespace pratique::network
