// The device's side of BRSKI (RFC 8995), without sockets or clocks.
//
//   1  TLS to the registrar: accept its chain provisionally, keep it.
//   2  build_pledge_request(...)           POST to kRequestVoucherPath; retry.h says what an answer means
//   3  judge_voucher_as_pledge(...)        accepted: the pinned key is now the only anchor
//   4  voucher_status report               on the same connection, whatever was judged
//   5  EST; then enrollstatus report       on a new connection with the new certificate
// Until step 3 accepts, everything that came over the connection is hostile.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/brski/telemetry.h"
#include "libs/protocol/voucher/judge_voucher.h"
#include "libs/protocol/voucher/nonce.h"
#include "libs/protocol/voucher/wire_profile.h"

namespace pratique::brski {

struct PledgeIdentity {
  const crypto::Certificate& idevid;
  const crypto::Signer& key;
  std::span<const crypto::Certificate> chain = {};  // intermediates, sent along
};

struct PledgeRequest {
  Bytes body;  // sent again unchanged on every retry
  voucher::Nonce nonce;
};

/// A request of assertion proximity with a fresh nonce, signed by the IDevID key. `registrar`: the certificate of the
/// TLS server. `now` none: no clock, and no created-on. FAILED_PRECONDITION IDEVID_SERIAL_MISSING.
Result<PledgeRequest> build_pledge_request(const PledgeIdentity& identity, const crypto::Certificate& registrar,
                                           Random& random, std::optional<Timestamp> now,
                                           voucher::WireProfile profile = voucher::WireProfile::strict);

struct PledgePolicy {
  voucher::WireProfile profile = voucher::WireProfile::strict;
  /// See VoucherExpectation::accept_nonceless.
  bool accept_nonceless = false;
};

/// Signature and chain to an anchor built into the device, serial number, nonce, expiry where there is a clock, and
/// the owner: a voucher that pins another one than the TLS server seen refuses this network. An accepted judgement
/// always has `pinned` or a pinned key in `voucher`.
voucher::VoucherJudgement judge_voucher_as_pledge(ByteView body, std::span<const crypto::Certificate> anchors,
                                                  const crypto::Certificate& idevid, const voucher::Nonce& nonce,
                                                  std::span<const crypto::Certificate> registrar_chain,
                                                  std::optional<Timestamp> now, const PledgePolicy& policy = {});

/// The report of step 4: the finding's code and text, never its evidence.
StatusReport report_voucher_status(const Verdict& verdict);
/// The report of step 5. `why` for a failure.
StatusReport report_enroll_status(bool success, std::string_view why = {});

}  // namespace pratique::brski
