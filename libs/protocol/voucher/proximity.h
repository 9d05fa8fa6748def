// Which TLS server a pledge says it saw, compared by key: certificates are renewed, and replicas have their own.
#pragma once

#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/voucher_request.h"

namespace pratique::voucher {

/// The request names a registrar, as a certificate, a key or a key's hash.
bool names_registrar(const VoucherRequest& request);
/// The registrar that it names has this certificate's key. False where what it names cannot be read.
bool names_registrar(const VoucherRequest& request, const crypto::Certificate& registrar);

}  // namespace pratique::voucher
