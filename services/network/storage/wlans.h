// WLANs: few, and changed seldom.
#pragma once

#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/wlan.h"

namespace pratique::network {

/// Its site and its segment are there, and held (storage/sites.h). False if its name, or its SSID at the site, is
/// taken: nothing was written.
Result<bool> insert_wlan(pg::Tx& tx, const Wlan& wlan);
/// NOT_FOUND WLAN_UNKNOWN.
Result<Wlan> get_wlan(pg::Tx& tx, const WlanId& id);
/// As get_wlan; nobody else changes it until the transaction ends.
Result<Wlan> lock_wlan(pg::Tx& tx, const WlanId& id);
/// Everything that operators write, update_time and version, which grows by one. ALREADY_EXISTS WLAN_EXISTS. The row is
/// locked; site and segment as for insert_wlan.
Result<void> update_wlan(pg::Tx& tx, Wlan& wlan);
Result<void> delete_wlan(pg::Tx& tx, const WlanId& id);

struct WlanFilter {
  SiteId site = {};
  SegmentId segment = {};
};
/// By name, behind `after`.
Result<std::vector<Wlan>> list_wlans(pg::Tx& tx, const WlanFilter& filter, std::string_view after, int limit);

}  // namespace pratique::network
