#include "services/network/app/wlans.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/network/storage/sites.h"

namespace pratique::network {
namespace {

pg::Facts facts_of(const Wlan& w, const Change& change) {
  return {{"name", w.name},
          {"display_name", w.display_name},
          {"site", w.site.name()},
          {"ssid", ssid_text(w.ssid)},
          {"security", std::string(to_string(w.security))},
          {"segment", w.segment.empty() ? "" : w.segment.name()},
          {"enabled", w.enabled ? "true" : "false"},
          {"actor", change.actor}};
}

/// A segment's purpose never changes: what is held now stays right.
Result<void> hold_references(pg::Tx& tx, const Wlan& w) {
  TRY_VOID(hold_site(tx, w.site));
  if (w.segment.empty()) return {};
  TRY(const auto segment, hold_segment(tx, w.segment));
  if (may_lead_into(w.security, segment.purpose)) return {};
  return failed_precondition("WLAN_SEGMENT_UNFIT",
                             "a WLAN with security " + std::string(to_string(w.security)) +
                                 " may not lead into segment '" + segment.name + "', which is for " +
                                 std::string(to_string(segment.purpose)));
}

}  // namespace

Result<Wlan> Wlans::create(const Change& change, const Wlan& wanted) {
  TRY_VOID(check_wlan(wanted));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Wlan> {
    TRY(const auto name, pg::once(tx, change, [&]() -> Result<std::string> {
      Wlan w = wanted;
      w.id = WlanId::make(clock_, random_);
      w.create_time = w.update_time = clock_.now();
      w.version = 1;
      TRY_VOID(hold_references(tx, w));
      TRY(const auto inserted, insert_wlan(tx, w));
      if (!inserted)
        return Error{ErrorCode::already_exists, "WLAN_EXISTS", "another WLAN has this name, or this SSID at the site"};
      TRY_VOID(append_event(tx, "wlan.created", w.id.name(), facts_of(w, change)));
      return w.id.name();
    }));
    TRY(const auto id, WlanId::parse_name(name));
    return get_wlan(tx, id);
  });
}

Result<Wlan> Wlans::get(const Call& call, const WlanId& id) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return get_wlan(tx, id); });
}

Result<std::vector<Wlan>> Wlans::list(const Call& call, const WlanFilter& filter, std::string_view after, int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_wlans(tx, filter, after, limit); });
}

Result<Wlan> Wlans::update(const Change& change, const WlanId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Wlan> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto before, lock_wlan(tx, id));
      TRY(const auto wanted, edit(before));
      Wlan w = wanted;
      w.id = before.id;
      w.create_time = before.create_time;
      w.version = before.version;
      w.update_time = clock_.now();
      TRY_VOID(check_wlan(w));
      TRY_VOID(hold_references(tx, w));
      TRY_VOID(update_wlan(tx, w));
      TRY_VOID(append_event(tx, "wlan.updated", id.name(), facts_of(w, change)));
      return id.name();
    }));
    return get_wlan(tx, id);
  });
}

Result<void> Wlans::remove(const Change& change, const WlanId& id, const Consent& consent) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto w, lock_wlan(tx, id));
      TRY_VOID(consent(w));
      TRY_VOID(delete_wlan(tx, id));
      TRY_VOID(append_event(tx, "wlan.deleted", id.name(), facts_of(w, change)));
      return std::string();
    }));
    return {};
  });
}

}  // namespace pratique::network
