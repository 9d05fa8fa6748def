// The signed envelope of vouchers and voucher requests, application/voucher-cms+json (RFC 8366 section 5.4).
//
//   auto opened = open_signed(body, Artifact::pledge_request, WireProfile::strict);
//   if (!opened.artifact) return refuse(opened.verdict);             // why: PVR_SIGNATURE_INVALID, …
//   parse_voucher_request(opened.artifact->content, …)
//
// Opening proves that the certificate's key signed these bytes, nothing about who may: chains, roles and contents
// are judged by the callers (judge_voucher.h, libs/protocol/brski). What was received is kept byte for byte, so that
// it can be forwarded and quoted in a prior-signed-voucher-request. JWS and COSE forms are recognised by their first
// bytes and refused as formats of their own; they become siblings of this file that give the same SignedArtifact.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/voucher.h"
#include "libs/protocol/voucher/voucher_request.h"
#include "libs/protocol/voucher/wire_profile.h"

namespace pratique::voucher {

inline constexpr std::size_t kMaxSignedBytes = 256 << 10;

/// Decides the prefix of the reasons: PVR_, RVR_, VOUCHER_.
enum class Artifact { pledge_request, registrar_request, voucher };

struct SignedArtifact {
  Bytes bytes;    // the envelope exactly as received (after a lenient peer's base64 is taken off)
  Bytes content;  // what was signed
  crypto::Certificate signer;
  std::vector<crypto::Certificate> certificates;  // those inside, in their order
  std::string content_type;                       // OID
  int version = 0;                                // of SignedData
  bool signed_attributes = false;
  std::optional<Timestamp> signing_time = {};
};

struct Opened {
  Verdict verdict;
  std::optional<SignedArtifact> artifact = {};  // when accepted
};

/// `also`: certificates that may have signed though they are not inside (the TLS client's). Reasons: _MALFORMED,
/// _UNSIGNED, _FORMAT_UNSUPPORTED, _PROFILE_VIOLATION, _SIGNATURE_INVALID.
Opened open_signed(ByteView bytes, Artifact kind, WireProfile profile, std::span<const crypto::Certificate> also = {});

struct SigningKey {
  const crypto::Certificate& certificate;
  const crypto::Signer& key;
};

/// DER. strict: id-ct-animaJSONVoucher, version 3; lenient: id-data, version 1, for peers that know nothing else.
/// `extra` goes inside after the signer's certificate: the chain, or the certificates that a MASA may pin.
/// `signing_time` none: the machine's clock.
Result<Bytes> sign_request(const VoucherRequest& request, const SigningKey& signer,
                           std::span<const crypto::Certificate> extra, WireProfile profile,
                           std::optional<Timestamp> signing_time);
Result<Bytes> sign_voucher(const Voucher& voucher, const SigningKey& signer, std::span<const crypto::Certificate> extra,
                           WireProfile profile, std::optional<Timestamp> signing_time);

}  // namespace pratique::voucher
