// Vouchers: records in the clear, bytes sealed under the installation's master key. The envelope's context is
// table, column and row, so that a sealed value moved to another row does not open.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/crypto/primitives/envelope.h"
#include "libs/pg/tx.h"
#include "services/registrar/domain/voucher_record.h"

namespace pratique::registrar {

Result<void> insert_voucher(pg::Tx& tx, const crypto::Envelope& envelope, const VoucherRecord& record,
                            ByteView voucher);
/// By device and digest: one voucher is kept once.
Result<std::optional<VoucherRecord>> find_voucher(pg::Tx& tx, const DeviceId& device, std::string_view digest);
/// The bytes, opened. NOT_FOUND VOUCHER_UNKNOWN, or as Envelope::open().
Result<Secret> open_voucher(pg::Tx& tx, const crypto::Envelope& envelope, const VoucherId& id);
/// What the device said of the voucher that it got in this session; nothing where there is none.
Result<void> set_voucher_status(pg::Tx& tx, const DeviceId& device, const SessionId& session, std::string_view status);
/// Newest first, those older than `after` (empty: from the newest); of one device unless `device` is empty.
Result<std::vector<VoucherRecord>> list_vouchers(pg::Tx& tx, const DeviceId& device, const VoucherId& after, int limit);

/// Wraps up to `limit` vouchers, behind `after` in the order of their ids, by the current master key.
struct RewrapStep {
  std::int64_t looked_at = 0;
  std::int64_t rewrapped = 0;
  VoucherId last;  // empty: the end is reached
};
Result<RewrapStep> rewrap_vouchers(pg::Tx& tx, const crypto::Envelope& envelope, const VoucherId& after, int limit);

}  // namespace pratique::registrar
