// The client's side of enrolment: a request as the server asked for it, and the certificate that comes back.
//
//   TRY(const auto attrs, est::parse_csrattrs(der));
//   TRY(const auto type, est::choose_key_type(attrs));          // make a fresh key of that type
//   TRY(const auto csr, est::build_request(wish, attrs, binding, key));
//   …POST est::encode_body(csr.der()), follow next_step() of retry.h…
//   TRY(const auto enrolled, est::read_enrolled(body, key.public_key()));
//   const auto verdict = est::judge_enrolled(enrolled, anchors, options);
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/csr.h"
#include "libs/protocol/est/channel_binding.h"
#include "libs/protocol/est/csrattrs.h"

namespace pratique::est {

/// What the client itself wants in the request. On renewal: subject_der and the SAN extension of the old certificate.
struct RequestWish {
  crypto::Name subject = {};
  Bytes subject_der = {};  // in place of `subject`
  crypto::SubjectAltNames alt_names = {};
  std::vector<crypto::Extension> extensions = {};
};

/// Repeats subject and subjectAltName, as simplereenroll demands.
RequestWish renew_wish(const crypto::Certificate& current);

/// Extensions that the server gave values for are copied as they are and take the place of the client's own; the
/// binding, if given, becomes the challenge password. INVALID_ARGUMENT PROFILE_INVALID; FAILED_PRECONDITION
/// EST_KEY_TYPE_NOT_ASKED when the key is not of a kind that was asked for.
Result<crypto::Csr> build_request(const RequestWish& wish, const CsrAttrs& attrs,
                                  const std::optional<ChannelBinding>& binding, const crypto::Signer& key);

struct Enrolled {
  crypto::Certificate certificate;
  std::vector<crypto::Certificate> others;  // RFC 7030 allows none; many servers send their chain
};

/// The one certificate in the answer that is for our key. The reasons of parse_certs(), and INVALID_ARGUMENT
/// EST_CERTIFICATE_NOT_OURS, EST_CERTIFICATE_AMBIGUOUS.
Result<Enrolled> read_enrolled(std::string_view body, const crypto::PublicKey& key);

/// Does it lead to the CA certificates that the client got from cacerts? The codes of crypto::verify_chain().
crypto::ChainVerdict judge_enrolled(const Enrolled& enrolled, std::span<const crypto::Certificate> anchors,
                                    const crypto::ChainOptions& options);

}  // namespace pratique::est
