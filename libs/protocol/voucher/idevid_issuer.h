// idevid-issuer: which CA gave the device its identity, so that serial numbers of different issuers do not collide.
//
// RFC 8995 section 5.5 with erratum 7263: the whole extnValue of the authority key identifier with its OCTET STRING
// header, 04 18 30 16 80 14 …. Also met in the field, and recognised: the bare AuthorityKeyIdentifier SEQUENCE, the
// bare key identifier, and the issuer's Name.
#pragma once

#include <optional>
#include <span>

#include "libs/base/bytes.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::voucher {

/// What a request for this device carries. `known_issuers` are searched for the issuer's certificate where the IDevID
/// itself has no authority key identifier; none when it is not among them either.
std::optional<Bytes> make_idevid_issuer(const crypto::Certificate& idevid,
                                        std::span<const crypto::Certificate> known_issuers = {});

/// unknown: the certificate has no authority key identifier and its issuer is not among `known_issuers`.
enum class IssuerMatch { same, different, unknown };
IssuerMatch match_idevid_issuer(ByteView sent, const crypto::Certificate& idevid,
                                std::span<const crypto::Certificate> known_issuers = {});

}  // namespace pratique::voucher
