// The MASA's audit log of a device: who was given vouchers for it (RFC 8995 section 5.8).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/base/timestamp.h"
#include "libs/base/verdict.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/protocol/voucher/assertion.h"
#include "libs/protocol/voucher/nonce.h"

namespace pratique::brski {

inline constexpr std::size_t kMaxAuditLogBytes = 1 << 20;
inline constexpr std::size_t kMaxAuditEvents = 4096;

struct AuditEvent {
  Timestamp date = {};
  std::string domain_id = {};                        // base64, see domain_id()
  std::optional<std::string> nonce = {};             // none: that voucher had none and can be used again
  std::optional<voucher::Assertion> assertion = {};  // none: a word that we do not know
  std::int64_t truncated = 0;                        // entries left out after this one
};

struct AuditLog {
  std::int64_t version = 1;
  std::vector<AuditEvent> events = {};
  std::int64_t nonced_duplicates = 0;     // left out
  std::int64_t nonceless_duplicates = 0;  // left out
  std::int64_t arbitrary = 0;             // left out
};

/// Numbers as numbers or, as in the RFC's example, in quotes. INVALID_ARGUMENT AUDIT_LOG_MALFORMED names the member.
Result<AuditLog> parse_audit_log(ByteView json);
/// Numbers as numbers, as the CDDL has them.
std::string encode_audit_log(const AuditLog& log);

/// Names an owner: the subject key identifier of the pinned certificate, else the SHA-256 of its key, in base64
/// (RFC 8995 section 5.8.2).
std::string domain_id(const crypto::Certificate& pinned);

/// What to do about owners that are neither we nor on the allow list.
enum class OtherOwners { refuse, note };

struct AuditLogPolicy {
  OtherOwners others = OtherOwners::refuse;
  std::vector<std::string> allowed_domain_ids = {};  // whose devices we take over
  bool accept_truncated = false;
};

/// `ours`: the domainIDs of all certificates that a MASA may have pinned for us. `our_nonce`: of the voucher that was
/// just given; its entry must be there. A voucher to another owner *after* ours refuses under every policy, and one
/// without a nonce (which that owner can use again at any reset) unless its owner is allowed by name.
Verdict judge_audit_log(const AuditLog& log, std::span<const std::string> ours,
                        const std::optional<voucher::Nonce>& our_nonce, const AuditLogPolicy& policy);

}  // namespace pratique::brski
