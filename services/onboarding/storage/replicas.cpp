#include "services/onboarding/storage/replicas.h"

namespace pratique::onboarding {

namespace {
constexpr pg::Statement kAnnounce{"replica_announce",
                                  "INSERT INTO replica (fingerprint, certificate, name, seen_at) VALUES ($1, $2, $3, $4) "
                                  "ON CONFLICT (fingerprint) DO UPDATE SET seen_at = excluded.seen_at, name = excluded.name"};
constexpr pg::Statement kActive{"replica_active", "SELECT certificate FROM replica WHERE seen_at >= $1 ORDER BY fingerprint"};
constexpr pg::Statement kForget{"replica_forget", "DELETE FROM replica WHERE seen_at < $1"};
}  // namespace

Result<void> announce_replica(pg::Tx& tx, std::string_view name, const crypto::Certificate& certificate, Timestamp now) {
  return tx.queue(kAnnounce, certificate.fingerprint_sha256(), certificate.der(), name, now);
}

Result<std::vector<crypto::Certificate>> active_replicas(pg::Tx& tx, Timestamp seen_since) {
  TRY(const auto rows, tx.run(kActive, seen_since));
  std::vector<crypto::Certificate> out;
  for (const auto row : rows) {
    TRY(auto certificate, crypto::Certificate::parse_der(row.bytes("certificate")));
    out.push_back(std::move(certificate));
  }
  return out;
}

Result<std::int64_t> forget_replicas(pg::Tx& tx, Timestamp seen_before) {
  TRY(const auto rows, tx.run(kForget, seen_before));
  return rows.affected();
}

}  // namespace pratique::onboarding
