// The CA certificates (RFC 7030 section 4.1.3): a certs-only CMS as an EST body.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::est {

/// The body; the certificates in this order, the issuing CA first. Also the answer to an enrolment.
Result<std::string> encode_certs(std::span<const crypto::Certificate> certificates);
/// The reasons of decode_body() and of crypto::cms::parse_certs_only().
Result<std::vector<crypto::Certificate>> parse_certs(std::string_view body);

}  // namespace pratique::est
