// Is this TLS server a registrar of the domain that the device belongs to? After onboarding, when the domain's CA
// certificates are known (RFC 7030 section 3.6.1: either the certificate is an RA's, or it is for the host's name).
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::device {

/// `chain` leaf first. `now` none: no clock. Codes of crypto::verify_chain, and DOMAIN_SERVER_NOT_RA.
Verdict judge_domain_server(std::span<const crypto::Certificate> chain, std::span<const crypto::Certificate> anchors,
                            std::string_view host, std::optional<Timestamp> now);

}  // namespace pratique::device
