#include "services/registrar/storage/vouchers.h"

namespace pratique::registrar {
namespace {

constexpr pg::Statement kInsert{"voucher_insert", R"sql(
INSERT INTO voucher (id, device, session, serial_number, assertion, nonced, signer, pinned_fingerprint, created_on,
                     expires_on, masa_url, receive_time, digest, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14))sql"};
constexpr pg::Statement kFind{"voucher_find", "SELECT * FROM voucher WHERE device = $1 AND digest = $2"};
constexpr pg::Statement kOpen{"voucher_open", "SELECT sealed FROM voucher WHERE id = $1"};
constexpr pg::Statement kSetStatus{"voucher_set_status",
    "UPDATE voucher SET device_status = $3 WHERE id = (SELECT id FROM voucher WHERE device = $1 AND session = $2"
    " ORDER BY id DESC LIMIT 1)"};
constexpr pg::Statement kList{"voucher_list",
    "SELECT * FROM voucher WHERE ($1::uuid IS NULL OR device = $1) AND ($2::uuid IS NULL OR id < $2)"
    " ORDER BY id DESC LIMIT $3"};
constexpr pg::Statement kTakeSealed{"voucher_take_sealed",
    "SELECT id, sealed FROM voucher WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR UPDATE"};
constexpr pg::Statement kReplaceSealed{"voucher_replace_sealed", "UPDATE voucher SET sealed = $2 WHERE id = $1"};

Bytes context_of(const VoucherId& id) { return crypto::envelope_context({"registrar.voucher", "sealed", id.text()}); }

VoucherRecord record_of(const pg::Row& row) {
  VoucherRecord out;
  out.id = row.id<VoucherId>("id");
  out.device = row.id<DeviceId>("device");
  out.session = row.id<SessionId>("session");
  out.serial_number = row.text("serial_number");
  out.assertion = row.text("assertion");
  out.nonced = row.boolean("nonced");
  out.signer = row.text("signer");
  out.pinned_fingerprint = row.text("pinned_fingerprint");
  out.created_on = row.optional_timestamp("created_on");
  out.expires_on = row.optional_timestamp("expires_on");
  out.masa_url = row.text("masa_url");
  out.receive_time = row.timestamp("receive_time");
  out.device_status = row.text("device_status");
  out.digest = row.text("digest");
  return out;
}

}  // namespace

Result<void> insert_voucher(pg::Tx& tx, const crypto::Envelope& envelope, const VoucherRecord& record,
                            ByteView voucher) {
  TRY(const auto sealed, envelope.seal(voucher, context_of(record.id)));
  return tx.queue(kInsert, record.id, record.device, record.session, record.serial_number, record.assertion,
                  record.nonced, record.signer, record.pinned_fingerprint, record.created_on, record.expires_on,
                  record.masa_url, record.receive_time, record.digest, sealed);
}

Result<std::optional<VoucherRecord>> find_voucher(pg::Tx& tx, const DeviceId& device, std::string_view digest) {
  TRY(const auto row, tx.find(kFind, device, digest));
  if (!row) return std::optional<VoucherRecord>{};
  return std::optional(record_of(*row));
}

Result<Secret> open_voucher(pg::Tx& tx, const crypto::Envelope& envelope, const VoucherId& id) {
  TRY(const auto row, tx.find(kOpen, id));
  if (!row) return not_found("VOUCHER_UNKNOWN", "there is no voucher " + id.name());
  return envelope.open(row->bytes("sealed"), context_of(id));
}

Result<void> set_voucher_status(pg::Tx& tx, const DeviceId& device, const SessionId& session, std::string_view status) {
  return tx.queue(kSetStatus, device, session, status);
}

Result<std::vector<VoucherRecord>> list_vouchers(pg::Tx& tx, const DeviceId& device, const VoucherId& after,
                                                 int limit) {
  TRY(const auto rows, tx.run(kList, device, after, limit));
  std::vector<VoucherRecord> out;
  out.reserve(rows.size());
  for (const pg::Row row : rows) out.push_back(record_of(row));
  return out;
}

Result<RewrapStep> rewrap_vouchers(pg::Tx& tx, const crypto::Envelope& envelope, const VoucherId& after, int limit) {
  TRY(const auto rows, tx.run(kTakeSealed, after, limit));
  RewrapStep step;
  for (const pg::Row row : rows) {
    ++step.looked_at;
    const auto id = row.id<VoucherId>("id");
    step.last = id;
    const Bytes sealed = row.bytes("sealed");
    TRY(const auto key, crypto::Envelope::key_id_of(sealed));
    if (key == envelope.current_key_id()) continue;
    auto again = envelope.rewrap(sealed);
    if (!again) return std::move(again).error().with_context(id.name());
    TRY_VOID(tx.queue(kReplaceSealed, id, *again));
    ++step.rewrapped;
  }
  if (step.looked_at < limit) step.last = {};
  return step;
}

}  // namespace pratique::registrar
