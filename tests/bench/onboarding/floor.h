// The floor: the cryptography that one onboarding requires of the network's side, and nothing else, in a bare loop.
//
//   TLS     two handshakes as server, each with a client certificate (the device with its IDevID, then with its LDevID),
//           and one as client (towards the MASA): one connection can carry the voucher and the audit log
//   verify  the device's chain to the manufacturer, the signature of its voucher request, the voucher and its signer's
//           chain, the request for a certificate
//   sign    our voucher request, the device's certificate
// Everything with P-256 and SHA-256 under TLS 1.3, as the measured run uses it.
#pragma once

#include "libs/base/result.h"

namespace pratique::bench {

struct Floor {
  double server_handshake = 0;  // CPU seconds each
  double client_handshake = 0;
  double verify = 0;
  double sign = 0;
  /// Of one onboarding.
  double total() const { return 2 * server_handshake + client_handshake + kVerifications * verify + kSignatures * sign; }

  static constexpr int kVerifications = 5;  // chain 1, request 1, voucher 1 and its signer's chain 1, certificate request 1
  static constexpr int kSignatures = 2;
};

/// Measured on the calling thread, about `seconds` of CPU in all.
Result<Floor> measure_floor(double seconds);

}  // namespace pratique::bench
