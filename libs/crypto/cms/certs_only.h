// Degenerate SignedData that carries certificates and nothing else: EST's certs-only response (RFC 7030 section 4.1.3,
// RFC 5272 section 4.1). DER here; base64 is the transport's.
#pragma once

#include <span>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::crypto::cms {

inline constexpr std::size_t kMaxCertsOnlySize = 256 << 10;  // bytes of DER

/// In the order given.
Result<Bytes> encode_certs_only(std::span<const Certificate> certificates);
/// One certificate at least; the whole of `der`. Signers or content inside are ignored: the degenerate form has none.
/// INVALID_ARGUMENT CERTS_ONLY_INVALID, CERTS_ONLY_TOO_LARGE.
Result<std::vector<Certificate>> parse_certs_only(ByteView der);

}  // namespace pratique::crypto::cms
