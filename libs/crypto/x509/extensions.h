// Internal to this room: the values of the extensions that a certificate profile asks for, as DER.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"

namespace pratique::crypto {

Bytes encode_basic_constraints(bool ca, std::optional<int> path_len);
Bytes encode_key_usage(std::uint16_t bits);
/// INVALID_ARGUMENT PROFILE_INVALID for an OID that is none.
Result<Bytes> encode_ekus(const std::vector<std::string>& oids);
Bytes encode_subject_key_id(const Bytes& id);
Bytes encode_authority_key_id(const Bytes& id);
/// IA5String; INVALID_ARGUMENT PROFILE_INVALID for other than visible ASCII. `field` names the profile's field.
Result<Bytes> encode_url(const std::string& url, const char* field);
/// One distribution point with the URL as its full name (RFC 5280 section 4.2.1.13).
Result<Bytes> encode_crl_url(const std::string& url);
/// Authority information access with one OCSP responder (RFC 5280 section 4.2.2.1).
Result<Bytes> encode_ocsp_url(const std::string& url);

}  // namespace pratique::crypto
