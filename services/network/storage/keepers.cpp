#include "services/network/storage/keepers.h"

namespace pratique::network {
namespace {

// A lock of its own, since the next statement must see what whoever held it has committed.
constexpr pg::Statement kTurn{"keeper_turn",
                              "SELECT pg_advisory_xact_lock(hashtext('network.replica'), hashtext(current_schema()))"};
constexpr pg::Statement kRenew{"keeper_renew", R"(
  INSERT INTO replica (name, life, until, locked)
  VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond', $4)
  ON CONFLICT (name) DO UPDATE SET life = excluded.life, until = excluded.until, locked = excluded.locked)"};
constexpr pg::Statement kEndLife{"keeper_end_life", "DELETE FROM replica WHERE life = $1"};
constexpr pg::Statement kLetGo{"keeper_let_go", R"(
  UPDATE switch_lease l SET keeper = '' FROM switch s WHERE s.id = l.switch AND l.keeper = $1 AND NOT s.enabled)"};
constexpr pg::Statement kTake{"keeper_take", R"(
  WITH free AS (
    SELECT l.switch FROM switch_lease l JOIN switch s ON s.id = l.switch
    WHERE s.enabled AND l.keeper <> $1
      AND NOT EXISTS (SELECT FROM replica r WHERE r.life = l.keeper AND r.until > clock_timestamp())
    ORDER BY l.switch FOR UPDATE OF l),
  taken AS (
    UPDATE switch_lease l SET keeper = $1, holder = '', until = '-infinity', fence = fence + 1, failures = 0,
           retry_time = '-infinity', observe_time = '-infinity'
    FROM free WHERE l.switch = free.switch RETURNING l.switch)
  SELECT count(*) AS number, pg_notify(current_schema() || '_work', '') FROM taken)"};
constexpr pg::Statement kKept{"keeper_kept", R"(
  SELECT s.id, s.version, coalesce((
           SELECT md5(string_agg(concat_ws(' ', p.name, p.authenticator, p.disconnect_at), E'\n' ORDER BY p.name))
           FROM port p
           WHERE p.switch = s.id AND p.authenticator <> ''), '') AS authenticators
  FROM switch_lease l JOIN switch s ON s.id = l.switch WHERE l.keeper = $1 AND s.enabled ORDER BY s.id)"};
constexpr pg::Statement kKeeps{"keeper_keeps",
                               "SELECT 1 FROM switch_lease WHERE switch = $1 AND keeper = $2 FOR NO KEY UPDATE"};
constexpr pg::Statement kAuthenticators{
    "keeper_authenticators",
    "SELECT name, authenticator, disconnect_at FROM port WHERE switch = $1 AND authenticator <> '' ORDER BY name"};

}  // namespace

Result<void> renew_life(pg::Tx& tx, std::string_view replica, std::string_view life, std::chrono::milliseconds length,
                        bool locked) {
  TRY_VOID(tx.run(kTurn));
  return tx.queue(kRenew, replica, life, static_cast<std::int64_t>(length.count()), locked);
}

Result<void> end_life(pg::Tx& tx, std::string_view life) { return tx.queue(kEndLife, life); }

Result<std::int64_t> take_switches(pg::Tx& tx, std::string_view life) {
  TRY_VOID(tx.queue(kLetGo, life));
  TRY(const auto row, tx.run_one(kTake, life));
  return row.integer("number");
}

Result<std::vector<KeptSwitch>> kept_switches(pg::Tx& tx, std::string_view life) {
  TRY(const auto rows, tx.run(kKept, life));
  std::vector<KeptSwitch> out;
  for (const pg::Row row : rows)
    out.push_back({row.id<SwitchId>("id"), row.integer("version"), row.text("authenticators")});
  return out;
}

Result<bool> keeps(pg::Tx& tx, std::string_view life, const SwitchId& on_switch) {
  TRY(const auto row, tx.find(kKeeps, on_switch, life));
  return row.has_value();
}

Result<std::vector<PortAuthenticator>> list_authenticators(pg::Tx& tx, const SwitchId& on_switch) {
  TRY(const auto rows, tx.run(kAuthenticators, on_switch));
  std::vector<PortAuthenticator> out;
  for (const pg::Row row : rows)
    out.push_back({row.text("name"), row.text("authenticator"), row.text("disconnect_at")});
  return out;
}

}  // namespace pratique::network
