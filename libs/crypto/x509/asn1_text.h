// Internal to libs/crypto: small ASN.1 values as our own, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/primitives/openssl.h"
#include "libs/crypto/x509/names.h"

namespace pratique::crypto {

/// Dotted decimal.
std::string oid_text(const ASN1_OBJECT* object);
/// Null unless dotted decimal.
Asn1ObjectPtr oid_object(std::string_view dotted);

/// UTC; none for a time that is none.
std::optional<Timestamp> time_of(const ASN1_TIME* time);
/// UTCTime before 2050, else GeneralizedTime, whole seconds (RFC 5280 section 4.1.2.5). Null when out of range.
Asn1TimePtr asn1_time(Timestamp time);

/// Lower-case hex, whole bytes, "00" for zero; a negative number as its magnitude.
std::string integer_hex(const ASN1_INTEGER* integer);

/// Any character string type as UTF-8.
std::optional<std::string> text_of(const ASN1_STRING* string);

/// RFC 4514.
std::string name_text(const X509_NAME* name);
/// The same of DER; "" for what is no name.
std::string name_text(ByteView der);
std::optional<std::string> name_entry(const X509_NAME* name, int nid);
/// INVALID_ARGUMENT PROFILE_INVALID. `der`, where not empty, in place of `name`.
Result<X509NamePtr> make_name(const Name& name, const Bytes& der);

SubjectAltNames alt_names_of(const GENERAL_NAMES* names);
/// The DER of GeneralNames. INVALID_ARGUMENT PROFILE_INVALID.
Result<Bytes> encode_alt_names(const SubjectAltNames& names);

Extension extension_of(X509_EXTENSION* extension);
/// INVALID_ARGUMENT PROFILE_INVALID for an OID that is none.
Result<X509ExtensionPtr> make_extension(const Extension& extension);

}  // namespace pratique::crypto
