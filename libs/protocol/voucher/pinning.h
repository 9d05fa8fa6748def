// Does a voucher speak of the owner whose TLS server this is? The pinned key is the sole anchor (RFC 8995 section
// 5.6.2): it is that of the server's own certificate, or of a CA from which that certificate demonstrably descends.
// A CA certificate that merely lies in the list that the server sent proves nothing.
#pragma once

#include <optional>
#include <span>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/voucher.h"

namespace pratique::voucher {

/// What was pinned in place of what: absent = the voucher pins nothing; unreadable = not a certificate.
enum class PinMatch { server_key, issuing_ca, different, absent, unreadable };

/// `server_chain`: leaf first, as TLS recorded it. `now` none: no clock, validity is not looked at.
PinMatch match_pin(const Voucher& voucher, std::span<const crypto::Certificate> server_chain,
                   std::optional<Timestamp> now);

}  // namespace pratique::voucher
