// Keeping vouchers, and showing their history.
#pragma once

#include <vector>

#include "libs/base/call.h"
#include "libs/pg/pool.h"
#include "services/registrar/app/surroundings.h"
#include "services/registrar/storage/vouchers.h"

namespace pratique::registrar {

class Vouchers {
 public:
  /// The envelope outlives it.
  Vouchers(Surroundings surroundings, const crypto::Envelope& envelope)
      : pool_(surroundings.pool), clock_(surroundings.clock), random_(surroundings.random), envelope_(envelope) {}

  /// Keeps a voucher before the device gets it; the same bytes for the same device are kept once. `record` comes
  /// without id, receive_time and digest. FAILED_PRECONDITION VOUCHER_DEVICE_MISMATCH (another serial number than the
  /// device's), DEVICE_NOT_ADMISSIBLE; NOT_FOUND DEVICE_UNKNOWN; INVALID_ARGUMENT FIELD_INVALID.
  Result<VoucherId> record(const Call& call, VoucherRecord record, ByteView voucher);
  Result<std::vector<VoucherRecord>> list(const Call& call, const DeviceId& device, const VoucherId& after, int limit);

 private:
  pg::Pool& pool_;
  const Clock& clock_;
  Random& random_;
  const crypto::Envelope& envelope_;
};

}  // namespace pratique::registrar
