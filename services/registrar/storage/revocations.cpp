#include "services/registrar/storage/revocations.h"

namespace pratique::registrar {
namespace {

constexpr pg::Statement kList{"revocation_list", R"sql(
SELECT certificate_serial, state, revocation_reason, end_time FROM credential
WHERE issuer_key_id = $1 AND end_time IS NOT NULL AND not_after > $2)sql"};
constexpr pg::Statement kFind{"revocation_find", R"sql(
SELECT certificate_serial, state, revocation_reason, end_time FROM credential
WHERE certificate_serial = ANY ($2) AND issuer_key_id = $1)sql"};

std::optional<crypto::Revocation> revocation_of(const pg::Row& row) {
  const auto at = row.optional_timestamp("end_time");
  if (!at) return std::nullopt;
  const auto word = row.optional_text("revocation_reason");
  const auto reason = crypto::parse_revocation_reason(word ? *word
                                                      : row.text("state") == "superseded" ? "superseded"
                                                                                          : "unspecified");
  if (!reason) throw pg::RowDefect("revocation_reason", "is no reason of RFC 5280");
  return crypto::Revocation{std::chrono::floor<std::chrono::seconds>(*at), *reason};
}

}  // namespace

Result<std::vector<crypto::CrlEntry>> list_revocations(pg::Tx& tx, std::string_view issuer_key_id,
                                                       Timestamp valid_after) {
  TRY(const auto rows, tx.run(kList, issuer_key_id, valid_after));
  std::vector<crypto::CrlEntry> out;
  out.reserve(rows.size());
  for (const pg::Row row : rows) out.push_back({row.text("certificate_serial"), *revocation_of(row)});
  return out;
}

Result<std::map<std::string, std::optional<crypto::Revocation>>> find_revocations(
    pg::Tx& tx, std::string_view issuer_key_id, const std::vector<std::string>& serials) {
  TRY(const auto rows, tx.run(kFind, issuer_key_id, serials));
  std::map<std::string, std::optional<crypto::Revocation>> out;
  for (const pg::Row row : rows) out.emplace(row.text("certificate_serial"), revocation_of(row));
  return out;
}

}  // namespace pratique::registrar
