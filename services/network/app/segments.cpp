#include "services/network/app/sites.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

pg::Facts facts_of(const Segment& s, const Change& change) {
  return {{"name", s.name},
          {"display_name", s.display_name},
          {"vlan", std::to_string(s.vlan)},
          {"purpose", std::string(to_string(s.purpose))},
          {"actor", change.actor}};
}

}  // namespace

Result<Segment> Segments::create(const Change& change, const Segment& wanted) {
  TRY_VOID(check_segment(wanted));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Segment> {
    TRY(const auto name, pg::once(tx, change, [&]() -> Result<std::string> {
      const Timestamp now = clock_.now();
      const Segment s{.id = SegmentId::make(clock_, random_), .name = wanted.name, .display_name = wanted.display_name,
                      .vlan = wanted.vlan, .create_time = now, .update_time = now, .version = 1};
      TRY(const auto inserted, insert_segment(tx, s));
      if (!inserted)
        return Error{ErrorCode::already_exists, "SEGMENT_EXISTS", "another segment has this name or this VLAN"};
      TRY_VOID(mark_ports_of_segment(tx, s));
      TRY_VOID(append_event(tx, "segment.created", s.id.name(), facts_of(s, change)));
      return s.id.name();
    }));
    TRY(const auto id, SegmentId::parse_name(name));
    return get_segment(tx, id);
  });
}

Result<Segment> Segments::get(const Call& call, const SegmentId& id) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return get_segment(tx, id); });
}

Result<std::vector<Segment>> Segments::list(const Call& call, std::string_view after, int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_segments(tx, after, limit); });
}

Result<Segment> Segments::update(const Change& change, const SegmentId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Segment> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto before, lock_segment(tx, id));
      TRY(const auto wanted, edit(before));
      auto s = before;
      s.name = wanted.name;
      s.display_name = wanted.display_name;
      s.vlan = wanted.vlan;
      s.update_time = clock_.now();
      TRY_VOID(check_segment(s));
      TRY_VOID(update_segment(tx, s));
      if (s.vlan != before.vlan || s.name != before.name) TRY_VOID(mark_ports_of_segment(tx, before));
      if (s.name != before.name) TRY_VOID(mark_ports_of_segment(tx, s));
      TRY_VOID(append_event(tx, "segment.updated", id.name(), facts_of(s, change)));
      return id.name();
    }));
    return get_segment(tx, id);
  });
}

Result<void> Segments::remove(const Change& change, const SegmentId& id, const Consent& consent) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto s, lock_segment(tx, id));
      TRY_VOID(consent(s));
      if (s.purpose != SegmentPurpose::production)
        return failed_precondition("SEGMENT_SPECIAL", "the onboarding and the quarantine segment always exist");
      TRY_VOID(mark_ports_of_segment(tx, s));
      TRY_VOID(delete_segment(tx, id));
      TRY_VOID(append_event(tx, "segment.deleted", id.name(), facts_of(s, change)));
      return std::string();
    }));
    return {};
  });
}

}  // namespace pratique::network
