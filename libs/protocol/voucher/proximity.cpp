#include "libs/protocol/voucher/proximity.h"

namespace pratique::voucher {

bool names_registrar(const VoucherRequest& request) {
  return request.proximity_registrar_cert || request.proximity_registrar_pubk ||
         request.proximity_registrar_pubk_sha256;
}

bool names_registrar(const VoucherRequest& request, const crypto::Certificate& registrar) {
  const auto& key = registrar.public_key();
  // Where several are there, all must agree.
  if (request.proximity_registrar_cert) {
    const auto seen = crypto::Certificate::parse_der(*request.proximity_registrar_cert);
    if (!seen || seen->public_key() != key) return false;
  }
  if (request.proximity_registrar_pubk && *request.proximity_registrar_pubk != key.spki()) return false;
  if (request.proximity_registrar_pubk_sha256 && *request.proximity_registrar_pubk_sha256 != key.fingerprint_sha256())
    return false;
  return names_registrar(request);
}

}  // namespace pratique::voucher
