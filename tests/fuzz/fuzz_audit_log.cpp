// A MASA's audit log: read, judged, written.
#include <array>

#include "libs/protocol/brski/audit_log.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {

void fuzz_audit_log(ByteView input) {
  const auto log = brski::parse_audit_log(input);
  if (!log) return;
  require(log->events.size() <= brski::kMaxAuditEvents, "the limit of events");
  const auto text = brski::encode_audit_log(*log);
  if (text.size() <= brski::kMaxAuditLogBytes) {
    const auto again = brski::parse_audit_log(as_bytes(text));
    require(again.has_value(), "a log that was read can be written and read");
    require(brski::encode_audit_log(*again) == text, "the same log is written as the same bytes");
  }
  const std::array<std::string, 1> ours = {log->events.empty() ? "us" : log->events.front().domain_id};
  const auto nonce = voucher::Nonce::parse(log->events.empty() ? "" : log->events.front().nonce.value_or(""));
  const auto our_nonce = nonce ? std::optional(*nonce) : std::nullopt;
  const auto strict = brski::judge_audit_log(*log, ours, our_nonce, {});
  const auto relaxed = brski::judge_audit_log(*log, ours, our_nonce,
                                              {.others = brski::OtherOwners::note, .accept_truncated = true});
  require(relaxed.accepted() || !strict.accepted(), "a relaxed policy admits what a strict one does");
  if (log->events.empty() && our_nonce) require(!strict.accepted(), "our own entry must be there");
}

}  // namespace pratique::fuzz
