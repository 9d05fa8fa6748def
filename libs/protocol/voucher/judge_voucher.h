// May this voucher be believed? The checks that pledge and registrar share (RFC 8995 sections 5.6 and 5.6.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/pinning.h"
#include "libs/protocol/voucher/signed_voucher.h"

namespace pratique::voucher {

struct VoucherExpectation {
  std::string serial_number = {};
  /// Of the request. None: a nonceless voucher was asked for, and one with a nonce is refused.
  std::optional<Nonce> nonce = {};
  /// A voucher without a nonce passes though one was sent; it must then carry expires-on and `now` must be known.
  /// Cost: whoever holds such a voucher can use it again until it expires.
  bool accept_nonceless = false;
  /// The TLS server that the voucher must pin, leaf first.
  std::vector<crypto::Certificate> server_chain = {};
  /// Compared with idevid-issuer where the voucher has one.
  std::optional<crypto::Certificate> idevid = {};
  /// None: no clock. Validity and expires-on are then not looked at.
  std::optional<Timestamp> now = {};
  WireProfile profile = WireProfile::strict;
};

struct VoucherJudgement {
  Verdict verdict;
  /// What could be read, also of a refused one.
  std::optional<Voucher> voucher = {};
  std::optional<crypto::Certificate> signer = {};
  std::optional<crypto::Certificate> pinned = {};
  PinMatch pin = PinMatch::absent;
};

/// Signature and chain to one of the manufacturer's anchors, serial number, nonce, expiry, issuer, pinned owner.
/// Never fails: what cannot be read is a finding.
VoucherJudgement judge_voucher(ByteView bytes, std::span<const crypto::Certificate> anchors,
                               const VoucherExpectation& expected);

}  // namespace pratique::voucher
