#include "services/registrar/app/vouchers.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/pg/events.h"
#include "services/registrar/domain/credential_request.h"
#include "services/registrar/domain/field_text.h"
#include "services/registrar/storage/audit.h"
#include "services/registrar/storage/devices.h"

namespace pratique::registrar {

Result<VoucherId> Vouchers::record(const Call& call, VoucherRecord record, ByteView voucher) {
  if (voucher.empty() || voucher.size() > kMaxVoucherSize)
    return field_invalid("voucher", "must hold 1 byte to 256 KiB");
  TRY_VOID(check_voucher(record));
  record.receive_time = clock_.now();
  record.digest = hex_encode(crypto::sha256(voucher));
  record.id = VoucherId::make(clock_, random_);
  return pool_.with(call.deadline, [&](pg::Tx& tx) -> Result<VoucherId> {
    TRY(const auto device, lock_device(tx, record.device));
    TRY(const auto kept, find_voucher(tx, device.id, record.digest));
    if (kept) return kept->id;
    if (const Verdict verdict = judge_device_for_credential(device); !verdict.accepted())
      return verdict.as_error(ErrorCode::failed_precondition);
    if (device.serial_number != record.serial_number)
      return failed_precondition("VOUCHER_DEVICE_MISMATCH",
                                 "the voucher is for another serial number than the device's")
          .with("voucher", record.serial_number)
          .with("device", device.serial_number);
    TRY_VOID(insert_voucher(tx, envelope_, record, voucher));
    const Facts facts = {{"device", device.id.name()},       {"serial_number", record.serial_number},
                         {"assertion", record.assertion},    {"signer", record.signer},
                         {"session", record.session.name()}, {"digest", record.digest}};
    TRY_VOID(append_audit(tx, {call.actor, "voucher.record", record.id.name(), "", facts}, record.receive_time));
    TRY_VOID(append_event(tx, "voucher.recorded", record.id.name(), facts));
    return record.id;
  });
}

Result<std::vector<VoucherRecord>> Vouchers::list(const Call& call, const DeviceId& device, const VoucherId& after,
                                                  int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return list_vouchers(tx, device, after, limit); });
}

}  // namespace pratique::registrar
