// The registrar's side of BRSKI (RFC 8995), without sockets, clocks or storage.
//
//   const auto judged = judge_pledge_request(body, tls_chain, our_certificates, profile, now);
//   if (!judged.verdict.accepted()) answer registrar_status(judged.verdict.first().code);      // status.h
//   …policy: may this serial number join? which MASA?…
//   TRY(const auto rvr, build_registrar_request(*judged.facts, {ra_cert, ra_key}, extra, issuers, profile, now));
//   …POST to the MASA…
//   const auto voucher = judge_masa_voucher(answer, anchors, expectation_of(*judged.facts, our_chain, profile, now));
//   if (voucher.verdict.accepted()) send `answer` to the pledge unchanged, byte for byte
//
// Whether the device is wanted, and whether its IDevID leads to a manufacturer that is trusted, are questions of
// their own: judge_idevid, and the registrar's policy.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/judge_voucher.h"
#include "libs/protocol/voucher/nonce.h"
#include "libs/protocol/voucher/signed_voucher.h"
#include "libs/protocol/voucher/wire_profile.h"

namespace pratique::brski {

/// A difference of the pledge's created-on from our time that is worth a note.
inline constexpr std::chrono::hours kNotedClockSkew{24};

struct PledgeRequestFacts {
  Bytes bytes;                 // the request byte for byte
  crypto::Certificate idevid;  // of the TLS connection
  std::string serial_number;  // from the IDevID's subject
  std::optional<voucher::Nonce> nonce = {};
  std::optional<voucher::Assertion> assertion = {};
  std::optional<Timestamp> created_on = {};
  /// As in the IDevID: see parse_masa_url.
  std::optional<std::string> masa_url_extension = {};
  std::optional<std::string> mud_url = {};
};

struct PledgeRequestJudgement {
  Verdict verdict;
  /// As soon as the request could be opened and read, also of a refused one.
  std::optional<PledgeRequestFacts> facts = {};
};

/// RFC 8995 section 5.2 and 5.3: opened with the IDevID's key, the same key as the TLS client's (compared by key: a
/// device may hold several certificates for it); the same serial number; a nonce; assertion proximity to one of
/// `registrar_certificates`, which are those of all active replicas.
PledgeRequestJudgement judge_pledge_request(ByteView body, std::span<const crypto::Certificate> client_chain,
                                            std::span<const crypto::Certificate> registrar_certificates,
                                            voucher::WireProfile profile, Timestamp now);

/// Does the TLS client's certificate lead to one of the manufacturers' anchors? Any key usage; `ignore_not_after`
/// per manufacturer, for identities that outlived their dates. Reason IDEVID_UNTRUSTED.
Verdict judge_idevid(std::span<const crypto::Certificate> client_chain, std::span<const crypto::Certificate> anchors,
                     Timestamp now, bool ignore_not_after = true);

/// The registrar's request to the MASA: serial number of the IDevID, idevid-issuer with its OCTET STRING header,
/// the nonce and assertion copied, the pledge's request inside byte for byte, created-on; no proximity-registrar-cert.
/// `extra`: certificates for inside the CMS: the chain of the RA certificate up to and including its anchor (of these
/// a MASA pins one), and the certificates of the other replicas. `known_issuers`: searched for the IDevID's issuer
/// where it has no authority key identifier; FAILED_PRECONDITION RVR_IDEVID_ISSUER_MISSING when strict and not found.
Result<Bytes> build_registrar_request(const PledgeRequestFacts& pledge, const voucher::SigningKey& ra,
                                      std::span<const crypto::Certificate> extra,
                                      std::span<const crypto::Certificate> known_issuers, voucher::WireProfile profile,
                                      Timestamp now);

/// A request ahead of time, without the pledge: no nonce, nothing inside. The MASA must know us.
Result<Bytes> build_nonceless_request(std::string_view serial_number, ByteView idevid_issuer,
                                      const voucher::SigningKey& ra, std::span<const crypto::Certificate> extra,
                                      voucher::WireProfile profile, Timestamp now);

/// What the MASA's answer to that request must be: for `our_chain` (the TLS server's, leaf first) as owner.
voucher::VoucherExpectation expectation_of(const PledgeRequestFacts& pledge,
                                           std::span<const crypto::Certificate> our_chain, voucher::WireProfile profile,
                                           Timestamp now);

/// The voucher before it is forwarded. A registrar is not obliged to judge it (the pledge will), but one that forwards
/// a wrong one leaves the technician without a reason. `weakest`: the least assertion that policy admits.
voucher::VoucherJudgement judge_masa_voucher(ByteView body, std::span<const crypto::Certificate> anchors,
                                             const voucher::VoucherExpectation& expected,
                                             voucher::Assertion weakest = voucher::Assertion::logged);

}  // namespace pratique::brski
