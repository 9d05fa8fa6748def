#include "services/registrar/api/audit_api.h"

#include <charconv>

#include "libs/base/hex.h"
#include "libs/rpc/change.h"
#include "libs/rpc/timestamp.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

constexpr std::string_view kList = "ListAuditEntries";

void fill(const AuditEntry& entry, v1::AuditEntry* out) {
  out->set_sequence(entry.sequence);
  *out->mutable_time() = rpc::write_time(entry.time);
  out->set_actor(entry.record.actor);
  out->set_action(entry.record.action);
  out->set_subject(entry.record.subject);
  out->set_reason(entry.record.reason);
  for (const auto& [name, value] : entry.record.facts) (*out->mutable_facts())[name] = value;
  out->set_previous_hash(hex_encode(entry.previous_hash));
  out->set_hash(hex_encode(entry.hash));
}

Result<std::int64_t> read_sequence(const std::string& text) {
  std::int64_t sequence = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (failed != std::errc{} || end != text.data() + text.size()) return field_invalid("page_token", "is none of ours");
  return sequence;
}

/// `<name>_sequence` and `<name>_hash`; nothing where both are unset.
Result<std::optional<AuditHead>> read_head(const std::string& name, std::int64_t sequence, const std::string& hex) {
  if (sequence == 0 && hex.empty()) return std::optional<AuditHead>{};
  auto hash = hex_decode(hex);
  if (sequence < 0) return field_invalid(name + "_sequence", "is negative");
  if (!hash || hash->size() != kAuditHashSize) return field_invalid(name + "_hash", "is no SHA-256 in hexadecimal");
  return std::optional(AuditHead{sequence, *std::move(hash)});
}

}  // namespace

grpc::ServerUnaryReactor* AuditApi::ListAuditEntries(grpc::CallbackServerContext* context,
                                                     const v1::ListAuditEntriesRequest* request,
                                                     v1::ListAuditEntriesResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AuditApi::list, this));
}

grpc::ServerUnaryReactor* AuditApi::VerifyAudit(grpc::CallbackServerContext* context,
                                                const v1::VerifyAuditRequest* request,
                                                v1::VerifyAuditResponse* response) {
  return rpc::serve(server_, context, request, response, std::bind_front(&AuditApi::verify, this));
}

Result<v1::ListAuditEntriesResponse> AuditApi::list(const rpc::CallContext& call,
                                                    const v1::ListAuditEntriesRequest& request) {
  TRY_VOID(check_text("subject", request.subject(), kMaxAuditText, Presence::optional));
  TRY_VOID(check_text("actor", request.actor(), kMaxAuditText, Presence::optional));
  const std::string filter = request.subject() + '\n' + request.actor();
  TRY(const auto page, rpc::parse_page(tokens_, kList, filter, request.page_size(), request.page_token()));
  std::int64_t before = kNewestAudit;
  if (!page.after.empty()) {
    TRY(before, read_sequence(page.after));
  }
  TRY(const auto entries, log_.list(to_call(call), {request.subject(), request.actor()}, before, page.size + 1));
  v1::ListAuditEntriesResponse response;
  for (const AuditEntry& entry : entries) {
    if (response.entries_size() == page.size) {
      const auto last = response.entries(response.entries_size() - 1).sequence();
      response.set_next_page_token(tokens_.seal(kList, filter, std::to_string(last)));
      break;
    }
    fill(entry, response.add_entries());
  }
  return response;
}

Result<v1::VerifyAuditResponse> AuditApi::verify(const rpc::CallContext& call, const v1::VerifyAuditRequest& request) {
  AuditQuestion question;
  TRY(question.known, read_head("known", request.known_sequence(), request.known_hash()));
  TRY(auto from, read_head("after", request.after_sequence(), request.after_hash()));
  if (from) {
    if (from->sequence == 0) return field_invalid("after_sequence", "is missing");
    question.from = *std::move(from);
  }
  if (question.known && question.known->sequence < question.from.sequence)
    return field_invalid("known_sequence", "lies before after_sequence, where nothing is looked at");
  if (request.allow_partial()) question.stop_after = kAuditVerifyTime;
  TRY(const auto proof, log_.verify(to_call(call), question));
  const auto& verdict = proof.verdict;
  v1::VerifyAuditResponse response;
  response.set_intact(verdict.intact());
  response.set_entries(verdict.entries);
  response.set_head_hash(hex_encode(verdict.head_hash));
  response.set_broken_sequence(verdict.broken_sequence);
  response.set_problem(verdict.problem);
  response.set_partial(proof.stopped);
  response.set_log_entries(proof.log_entries);
  return response;
}

}  // namespace pratique::registrar
