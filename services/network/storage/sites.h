// Sites and segments: few, and changed seldom.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/tx.h"
#include "services/network/domain/plan.h"
#include "services/network/domain/segment.h"
#include "services/network/domain/site.h"

namespace pratique::network {

/// False if the name is taken: nothing was written.
Result<bool> insert_site(pg::Tx& tx, const Site& site);
/// NOT_FOUND SITE_UNKNOWN.
Result<Site> get_site(pg::Tx& tx, const SiteId& id);
/// As get_site; nobody else changes or holds it until the transaction ends.
Result<Site> lock_site(pg::Tx& tx, const SiteId& id);
/// Before something is written that refers to it: it stays until the transaction ends. NOT_FOUND SITE_UNKNOWN.
Result<void> hold_site(pg::Tx& tx, const SiteId& id);
/// Names, update_time and version, which grows by one. ALREADY_EXISTS SITE_EXISTS. The row is locked.
Result<void> update_site(pg::Tx& tx, Site& site);
/// FAILED_PRECONDITION SITE_IN_USE where switches stand there, or WLANs are.
Result<void> delete_site(pg::Tx& tx, const SiteId& id);
/// By name, behind `after`.
Result<std::vector<Site>> list_sites(pg::Tx& tx, std::string_view after, int limit);

/// False if the name or the VLAN is taken: nothing was written.
Result<bool> insert_segment(pg::Tx& tx, const Segment& segment);
/// NOT_FOUND SEGMENT_UNKNOWN.
Result<Segment> get_segment(pg::Tx& tx, const SegmentId& id);
Result<Segment> lock_segment(pg::Tx& tx, const SegmentId& id);
Result<Segment> hold_segment(pg::Tx& tx, const SegmentId& id);
/// Names, VLAN, update_time and version. ALREADY_EXISTS SEGMENT_EXISTS. The row is locked.
Result<void> update_segment(pg::Tx& tx, Segment& segment);
/// FAILED_PRECONDITION SEGMENT_IN_USE where a port is fixed to it, or a WLAN leads into it.
Result<void> delete_segment(pg::Tx& tx, const SegmentId& id);
/// By name, behind `after`.
Result<std::vector<Segment>> list_segments(pg::Tx& tx, std::string_view after, int limit);
/// For the judgement.
Result<SiteSegments> load_segments(pg::Tx& tx);

using SegmentNames = std::map<VlanId, std::string>;
/// For people: what the segment of a VLAN is called.
Result<SegmentNames> load_segment_names(pg::Tx& tx);
/// "" where there is no VLAN, or no segment of that VLAN.
std::string name_at(const SegmentNames& names, std::optional<VlanId> vlan);

}  // namespace pratique::network
