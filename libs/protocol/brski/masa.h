// The manufacturer's side of BRSKI (RFC 8995 sections 5.5 and 5.6), without sockets, clocks or storage.
//
//   const auto opened = open_registrar_request(body, profile);       // who asks, for which serial number
//   if (!opened.facts) refuse(opened.verdict);                        // masa_status(first().code), status.h
//   …look the device up by opened.facts->serial_number…
//   const auto judged = judge_registrar_request(*opened.facts, device, policy, now);
//   if (!judged.verdict.accepted()) refuse(judged.verdict);
//   TRY(const auto made, build_voucher(*opened.facts, judged, {masa_certificate, masa_key}, chain, policy, now));
//   …append made.audit to the device's audit log, in the transaction that answers…
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/brski/audit_log.h"
#include "libs/protocol/voucher/signed_voucher.h"
#include "libs/protocol/voucher/voucher.h"
#include "libs/protocol/voucher/voucher_request.h"

namespace pratique::brski {

/// The registrar's clock may be off by this much.
inline constexpr std::chrono::minutes kMaxRequestFuture{10};

struct RegistrarRequestFacts {
  voucher::SignedArtifact artifact;
  voucher::VoucherRequest request;
  std::string serial_number;
};

struct OpenedRegistrarRequest {
  Verdict verdict;
  std::optional<RegistrarRequestFacts> facts = {};  // when accepted
};

/// Signature and form of the registrar's request. 406 for what is no signed request.
OpenedRegistrarRequest open_registrar_request(ByteView body, voucher::WireProfile profile);

/// What the manufacturer knows of one device.
struct RegisteredDevice {
  std::string serial_number;
  /// CA certificates under which its IDevID was issued; never empty.
  std::vector<crypto::Certificate> issuers = {};
  /// Key of its IDevID, where recorded at production: then no other certificate of the same CA will do.
  std::optional<crypto::PublicKey> idevid_key = {};
  bool blocked = false;  // reported stolen, withdrawn
};

struct MasaPolicy {
  voucher::WireProfile profile = voucher::WireProfile::strict;
  /// The asking registrar is known by its TLS client certificate or by a contract: nonceless vouchers are given.
  bool owner_authenticated = false;
  /// How old created-on of the registrar's request may be; devices can wait for days at a registrar, its request not.
  std::chrono::seconds max_request_age = std::chrono::hours{24};
  /// Of a voucher without a nonce; cut to the validity of the registrar's certificates.
  std::chrono::seconds nonceless_lifetime = std::chrono::hours{24 * 14};
};

struct RegistrarRequestJudgement {
  Verdict verdict;
  voucher::Assertion assertion = voucher::Assertion::logged;  // what may be asserted, when accepted
  /// RA certificate first, the anchor that the request brought last.
  std::vector<crypto::Certificate> registrar_chain = {};
  std::optional<crypto::Certificate> idevid = {};  // the signer of the pledge's request
};

/// Every check of RFC 8995 section 5.5: the request's own chain up to an anchor that it brings (trust on first use:
/// any owner may ask), cmcRA on its signer, freshness, no forbidden member; the device known and not blocked; the
/// pledge's request inside: signed by the registered IDevID, the same serial number three times, the same nonce, and
/// proximity to the asking registrar or to another cmcRA certificate in the request under the same anchor (a
/// replica). `device` null: RVR_DEVICE_UNKNOWN. A request without the pledge's inside: strict refuses, lenient
/// asserts no more than logged.
RegistrarRequestJudgement judge_registrar_request(const RegistrarRequestFacts& facts, const RegisteredDevice* device,
                                                  const MasaPolicy& policy, Timestamp now);

struct MadeVoucher {
  Bytes body;
  voucher::Voucher content;
  crypto::Certificate pinned;
  AuditEvent audit;  // to be appended
};

/// Only after an accepted judgement. Pins the anchor of the registrar's chain (the domain CA). With a nonce: no
/// expires-on. Without: expires-on, within the validity of every certificate of the chain. `extra`: the MASA's chain.
Result<MadeVoucher> build_voucher(const RegistrarRequestFacts& facts, const RegistrarRequestJudgement& judgement,
                                  const voucher::SigningKey& masa, std::span<const crypto::Certificate> extra,
                                  const MasaPolicy& policy, Timestamp now);

}  // namespace pratique::brski
