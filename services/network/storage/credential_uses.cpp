#include "services/network/storage/credential_uses.h"

namespace pratique::network {
namespace {

constexpr pg::Statement kNote{"credential_use_note", R"(
  INSERT INTO credential_use (serial, authority_key_id, use_time)
  SELECT used.serial, used.authority_key_id, $3 FROM credential used
  WHERE used.serial = $1 AND used.authority_key_id = $2 AND EXISTS (
    SELECT FROM credential other WHERE other.device = used.device AND other.live
      AND (other.serial, other.authority_key_id) <> (used.serial, used.authority_key_id))
  ON CONFLICT DO NOTHING)"};
constexpr pg::Statement kList{"credential_use_list",
                              "SELECT serial, authority_key_id FROM credential_use ORDER BY use_time LIMIT $1"};
constexpr pg::Statement kForget{"credential_use_forget",
                                "DELETE FROM credential_use WHERE serial = $1 AND authority_key_id = $2"};

}  // namespace

Result<void> note_use(pg::Tx& tx, std::string_view authority_key_id, std::string_view serial, Timestamp now) {
  return tx.queue(kNote, serial, authority_key_id, now);
}

Result<std::vector<CredentialUse>> list_uses(pg::Tx& tx, int limit) {
  TRY(const auto rows, tx.run(kList, limit));
  std::vector<CredentialUse> out;
  for (const pg::Row row : rows) out.push_back({row.text("authority_key_id"), row.text("serial")});
  return out;
}

Result<void> forget_use(pg::Tx& tx, const CredentialUse& use) {
  return tx.queue(kForget, use.serial, use.authority_key_id);
}

}  // namespace pratique::network
