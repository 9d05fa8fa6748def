#include "services/registrar/storage/policies.h"

namespace pratique::registrar {
namespace {

// Columns by name: an added one must not change what a prepared statement gives.
#define PRATIQUE_POLICY_COLUMNS \
  "id, display_name, priority, disabled, manufacturer, model_pattern, serial_pattern, location_pattern, protocols, " \
  "start_time, end_time, effect, segment, credential_profile, approvals_required, create_time, update_time, version"
constexpr pg::Statement kInsert{"policy_insert", R"(
  INSERT INTO policy (id, display_name, priority, disabled, manufacturer, model_pattern, serial_pattern,
                      location_pattern, protocols, start_time, end_time, effect, segment, credential_profile,
                      approvals_required, create_time, update_time, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING)"};
constexpr pg::Statement kPriorityTaken{"policy_priority_taken",
                                       "SELECT 1 FROM policy WHERE priority = $1 AND id <> $2"};
constexpr pg::Statement kUpdate{"policy_update", R"(
  UPDATE policy SET display_name = $2, priority = $3, disabled = $4, manufacturer = $5, model_pattern = $6,
         serial_pattern = $7, location_pattern = $8, protocols = $9, start_time = $10, end_time = $11, effect = $12,
         segment = $13, credential_profile = $14, approvals_required = $15, update_time = $16, version = $17
  WHERE id = $1)"};
constexpr pg::Statement kDelete{"policy_delete", "DELETE FROM policy WHERE id = $1"};
constexpr pg::Statement kFind{"policy_find", "SELECT " PRATIQUE_POLICY_COLUMNS " FROM policy WHERE id = $1"};
constexpr pg::Statement kLock{"policy_lock",
                              "SELECT " PRATIQUE_POLICY_COLUMNS " FROM policy WHERE id = $1 FOR NO KEY UPDATE"};
constexpr pg::Statement kCount{"policy_count", "SELECT count(*) AS count FROM policy"};
constexpr pg::Statement kList{
    "policy_list", "SELECT " PRATIQUE_POLICY_COLUMNS " FROM policy WHERE priority > $1 ORDER BY priority LIMIT $2"};
constexpr pg::Statement kVersion{"policy_set_version", "SELECT version FROM policy_set"};
constexpr pg::Statement kMove{"policy_set_move", "UPDATE policy_set SET version = version + 1"};
#undef PRATIQUE_POLICY_COLUMNS

Result<Policy> read(const pg::Row& row) {
  Policy p;
  p.id = row.id<PolicyId>("id");
  p.display_name = row.text("display_name");
  p.priority = static_cast<std::int32_t>(row.integer("priority"));
  p.disabled = row.boolean("disabled");
  p.manufacturer = row.optional_id<ManufacturerId>("manufacturer");
  p.model_pattern = row.text("model_pattern");
  p.serial_pattern = row.text("serial_pattern");
  p.location_pattern = row.text("location_pattern");
  p.protocols = row.texts("protocols");
  p.start_time = row.optional_timestamp("start_time");
  p.end_time = row.optional_timestamp("end_time");
  const auto effect = parse_policy_effect(row.text("effect"));
  if (!effect) return internal("POLICY_ROW_DEFECT", "unknown effect '" + row.text("effect") + "'");
  p.effect = *effect;
  p.segment = row.text("segment");
  p.credential_profile = row.text("credential_profile");
  p.approvals_required = static_cast<std::int32_t>(row.integer("approvals_required"));
  p.create_time = row.timestamp("create_time");
  p.update_time = row.timestamp("update_time");
  p.version = row.integer("version");
  return p;
}

Result<Policy> read_one(const std::optional<pg::Row>& row, const PolicyId& id) {
  if (!row) return not_found("POLICY_UNKNOWN", "no policy '" + id.name() + "'").with("policy", id.name());
  return read(*row);
}

Error taken(std::int32_t priority) {
  return Error{ErrorCode::already_exists, "POLICY_PRIORITY_TAKEN", "another policy has this priority"}.with(
      "priority", std::to_string(priority));
}

/// Also the lock under which the set changes: taken first, so that two changes come one after the other.
Result<void> move_set(pg::Tx& tx) {
  return tx.queue(kMove);
}

}  // namespace

Result<void> insert_policy(pg::Tx& tx, const Policy& p) {
  TRY_VOID(move_set(tx));
  TRY(const auto done,
      tx.run(kInsert, p.id, p.display_name, p.priority, p.disabled, p.manufacturer, p.model_pattern, p.serial_pattern,
             p.location_pattern, p.protocols, p.start_time, p.end_time, to_string(p.effect), p.segment,
             p.credential_profile, p.approvals_required, p.create_time, p.update_time, p.version));
  if (done.affected() == 0) return taken(p.priority);
  return {};
}

Result<void> update_policy(pg::Tx& tx, Policy& p) {
  TRY_VOID(move_set(tx));
  TRY(const auto other, tx.find(kPriorityTaken, p.priority, p.id));
  if (other) return taken(p.priority);
  ++p.version;
  return tx.queue(kUpdate, p.id, p.display_name, p.priority, p.disabled, p.manufacturer, p.model_pattern,
                  p.serial_pattern, p.location_pattern, p.protocols, p.start_time, p.end_time, to_string(p.effect),
                  p.segment, p.credential_profile, p.approvals_required, p.update_time, p.version);
}

Result<void> delete_policy(pg::Tx& tx, const PolicyId& id) {
  TRY_VOID(move_set(tx));
  return tx.queue(kDelete, id);
}

Result<Policy> get_policy(pg::Tx& tx, const PolicyId& id) {
  TRY(const auto row, tx.find(kFind, id));
  return read_one(row, id);
}

Result<Policy> lock_policy(pg::Tx& tx, const PolicyId& id) {
  TRY(const auto row, tx.find(kLock, id));
  return read_one(row, id);
}

Result<std::int64_t> count_policies(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kCount));
  return row.integer("count");
}

Result<std::vector<Policy>> list_policies(pg::Tx& tx, std::int32_t after_priority, int limit) {
  TRY(const auto rows, tx.run(kList, after_priority, limit));
  std::vector<Policy> out;
  for (const pg::Row row : rows) {
    TRY(auto policy, read(row));
    out.push_back(std::move(policy));
  }
  return out;
}

Result<std::int64_t> load_policy_version(pg::Tx& tx) {
  TRY(const auto row, tx.run_one(kVersion));
  return row.integer("version");
}

}  // namespace pratique::registrar
