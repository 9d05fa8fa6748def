// The server's side of simpleenroll and simplereenroll (RFC 7030 section 4.2): read the request, judge it.
//
//   TRY(const auto csr, est::read_request(body));              // an Error: answer_error()
//   est::EnrollFacts facts{.presented = peer, .bindings = tls.bindings(), .asked = attrs};
//   const Verdict verdict = est::judge_enroll(csr, facts);     // a refusal: answer_refusal()
//
// Whether this device may enrol at all (voucher, audit log, policy) is not asked here, nor what the certificate will
// say: the CA takes from the request what its profile allows.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/crypto/x509/csr.h"
#include "libs/protocol/est/channel_binding.h"
#include "libs/protocol/est/csrattrs.h"

namespace pratique::est {

/// The body of simpleenroll or simplereenroll. The reasons of decode_body(), and EST_CSR_UNDECODABLE.
Result<crypto::Csr> read_request(std::string_view body);

struct EnrollFacts {
  /// The client certificate of the TLS connection: the IDevID, or the LDevID that is renewed.
  std::optional<crypto::Certificate> presented = {};
  /// simplereenroll: subject and subjectAltName must be those of `presented`, byte for byte.
  bool renewal = false;
  /// Every channel binding of the connection; empty when it has none (a resumed TLS 1.2 session).
  std::vector<ChannelBinding> bindings = {};
  /// Refuse a request without a challenge password. Cost: plain PKCS #10 clients, and TLS 1.3 clients that do not
  /// know RFC 9266, cannot enrol.
  bool binding_required = false;
  /// What was answered to csrattrs.
  CsrAttrs asked = {};
  /// An LDevID's key must be fresh: the key of `presented` is refused on enrolment always, on renewal unless this is
  /// set.
  bool renewal_may_keep_key = true;
  /// Further keys that no new certificate may have: the IDevID's on renewal, and keys known to be compromised.
  std::vector<crypto::PublicKey> barred_keys = {};
};

/// Codes: those of reasons.h that are marked as verdicts. Notes tell leniencies: a binding that could not be checked,
/// an extension or signature algorithm not as asked where that does no harm.
Verdict judge_enroll(const crypto::Csr& csr, const EnrollFacts& facts);

}  // namespace pratique::est
