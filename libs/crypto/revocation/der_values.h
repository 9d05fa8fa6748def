// Internal to this room: the values of which CRLs and OCSP messages are made, as DER: times, serial numbers, reasons,
// extensions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/revocation_reason.h"
#include "libs/crypto/x509/names.h"

namespace pratique::crypto {

inline constexpr std::uint8_t kEnumerated = 0x0a, kUtcTime = 0x17, kGeneralizedTime = 0x18;
inline constexpr std::size_t kMaxSerialSize = 20;  // octets (RFC 5280 section 4.1.2.2)

/// Whole seconds, fractions cut off. CRLs: UTCTime before 2050, else GeneralizedTime (RFC 5280 section 5.1.2.4). OCSP:
/// GeneralizedTime in every year (RFC 6960 section 4.2.2.1). INVALID_ARGUMENT DER_INVALID before 1950, after 9999.
Result<Bytes> encode_time(Timestamp time);
Result<Bytes> encode_generalized_time(Timestamp time);
/// Either type; with seconds, without fractions, "Z" (RFC 5280 section 4.1.2.5). INVALID_ARGUMENT DER_INVALID.
Result<Timestamp> decode_time(const der::Element& element);

/// "0a1b" as an INTEGER; kMaxSerialSize octets at most. INVALID_ARGUMENT DER_INVALID.
Result<Bytes> encode_serial(std::string_view serial_hex);
/// The octets without leading zeros, empty for 0; a negative one is refused. INVALID_ARGUMENT DER_INVALID.
Result<ByteView> decode_serial(ByteView content);
/// As Certificate::serial_hex.
std::string serial_text(ByteView octets);

/// INVALID_ARGUMENT DER_INVALID.
Result<RevocationReason> decode_reason(const der::Element& element);
Bytes encode_reason(RevocationReason reason);

/// `content`: what is inside SEQUENCE OF Extension. None may be there twice. INVALID_ARGUMENT DER_INVALID.
Result<std::vector<Extension>> parse_extensions(ByteView content, std::size_t at_most);
/// SEQUENCE OF Extension, in the order given.
Result<Bytes> encode_extensions(const std::vector<Extension>& extensions);

inline constexpr std::size_t kMaxUnknownExtensions = 16;  // that are remembered
/// Adds the OID unless it is there.
void remember_unknown(std::vector<std::string>& unknown, const std::string& oid);

}  // namespace pratique::crypto
