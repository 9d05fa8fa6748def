// What is kept of a voucher beside its sealed bytes: enough to say who vouched for whom, when, and what became of it.
#pragma once

#include <optional>
#include <string>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "services/registrar/domain/ids.h"

namespace pratique::registrar {

inline constexpr std::size_t kMaxVoucherSize = 256 << 10;  // bytes

struct VoucherRecord {
  VoucherId id;
  DeviceId device;
  SessionId session;
  std::string serial_number;
  std::string assertion;  // "proximity", "logged", "verified"
  bool nonced = false;
  std::string signer;              // subject of the certificate that signed it
  std::string pinned_fingerprint;  // SHA-256 of the pinned domain certificate, lower-case hex
  std::optional<Timestamp> created_on = {};
  std::optional<Timestamp> expires_on = {};
  std::string masa_url;
  Timestamp receive_time = {};
  std::string device_status;  // "", "accepted", "refused: <reason>"
  std::string digest;         // SHA-256 of the voucher's bytes, lower-case hex
};

/// What a caller may have kept. FIELD_INVALID names the field.
Result<void> check_voucher(const VoucherRecord& record);

}  // namespace pratique::registrar
