#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

// Rows are locked in one order, so that two changes of many ports do not wait for each other.
#define PRATIQUE_MARK(which, decided)                                                                              \
  "WITH meant AS (SELECT port FROM port_state WHERE " which " ORDER BY port FOR UPDATE), "                         \
  "marked AS (UPDATE port_state t SET wanted = wanted + 1, decided_time = least(decided_time, " decided ") "       \
  "FROM meant WHERE t.port = meant.port RETURNING 1) "                                                             \
  "SELECT pg_notify(current_schema() || '_work', '') FROM (SELECT FROM marked LIMIT 1) one"
constexpr pg::Statement kPort{"mark_port", PRATIQUE_MARK("port = $1", "$2::timestamptz")};
constexpr pg::Statement kDevice{"mark_ports_of_device", PRATIQUE_MARK(
    "port IN (SELECT port FROM session WHERE device = $1 AND end_time IS NULL)", "$2::timestamptz")};
constexpr pg::Statement kSwitch{"mark_ports_of_switch", PRATIQUE_MARK("switch = $1", "NULL::timestamptz")};
constexpr pg::Statement kAll{"mark_all_ports", PRATIQUE_MARK("true", "NULL::timestamptz")};
constexpr pg::Statement kSegment{"mark_ports_of_segment", PRATIQUE_MARK(
    "port IN (SELECT s.port FROM grant_ g JOIN session s ON s.device = g.device AND s.end_time IS NULL"
    " WHERE g.segment = $2 UNION ALL SELECT id FROM port WHERE fixed_segment = $1)", "NULL::timestamptz")};
constexpr pg::Statement kQuarantine{"mark_ports_of_quarantine", PRATIQUE_MARK(
    "port IN (SELECT s.port FROM grant_ g JOIN session s ON s.device = g.device AND s.end_time IS NULL"
    " WHERE g.standing = 'quarantined' UNION ALL SELECT id FROM port WHERE fixed_segment = $1)", "NULL::timestamptz")};
#undef PRATIQUE_MARK

}  // namespace

std::string work_channel(std::string_view schema) { return std::string(schema) + "_work"; }

Result<void> mark_port(pg::Tx& tx, const PortId& port, std::optional<Timestamp> decided) {
  return tx.queue(kPort, port, decided);
}

Result<void> mark_ports_of_device(pg::Tx& tx, const DeviceId& device, std::optional<Timestamp> decided) {
  return tx.queue(kDevice, device, decided);
}

Result<void> mark_ports_of_segment(pg::Tx& tx, const Segment& segment) {
  switch (segment.purpose) {
    case SegmentPurpose::onboarding: return tx.queue(kAll);
    case SegmentPurpose::quarantine: return tx.queue(kQuarantine, segment.id);
    case SegmentPurpose::production: return tx.queue(kSegment, segment.id, segment.name);
  }
  return {};
}

Result<void> mark_ports_of_switch(pg::Tx& tx, const SwitchId& on_switch) { return tx.queue(kSwitch, on_switch); }

}  // namespace pratique::network
