#include "services/registrar/domain/audit_chain.h"

namespace pratique::registrar {
namespace {

std::string rewritten(std::int64_t sequence) {
  return "entry " + std::to_string(sequence) + " is not the one that was seen before: the log was rewritten";
}

}  // namespace

AuditChainCheck::AuditChainCheck(AuditChainExpectation expected) : expected_(std::move(expected)) {
  const auto& [head, known, from] = expected_;
  verdict_.entries = from.sequence;
  verdict_.head_hash = from.hash;
  if (!known || known->sequence != from.sequence || equal(known->hash, from.hash)) return;
  if (from.sequence == 0) broken(1, "an empty log has another hash than the one given");
  else broken(from.sequence, rewritten(from.sequence));
}

void AuditChainCheck::broken(std::int64_t sequence, std::string problem) {
  verdict_.broken_sequence = sequence;
  verdict_.problem = std::move(problem);
}

bool AuditChainCheck::take(const AuditEntry& entry) {
  if (!verdict_.intact()) return false;
  const std::int64_t due = verdict_.entries + 1;
  const std::string number = std::to_string(due);
  if (entry.sequence != due) {
    broken(due, "entry " + number + " is missing: entry " + std::to_string(entry.sequence) + " stands in its place");
  } else if (!equal(audit_hash(entry), entry.hash)) {
    broken(due, "entry " + number + " was altered: its hash is not that of its content");
  } else if (!equal(entry.previous_hash, verdict_.head_hash)) {
    broken(due,
           "entry " + number + " does not follow entry " + std::to_string(due - 1) + ": one of the two was replaced");
  } else if (expected_.known && expected_.known->sequence == due && !equal(expected_.known->hash, entry.hash)) {
    broken(due, rewritten(due));
  } else {
    verdict_.entries = due;
    verdict_.head_hash = entry.hash;
  }
  return verdict_.intact();
}

AuditChainVerdict AuditChainCheck::finish() {
  if (!verdict_.intact()) return verdict_;
  const std::int64_t next = verdict_.entries + 1;
  const std::string number = std::to_string(next);
  const auto& [head, known, from] = expected_;
  if (head.sequence > verdict_.entries) {
    broken(next,
           "entry " + number + " is missing: the log was cut off, its head is entry " + std::to_string(head.sequence));
  } else if (head.sequence < verdict_.entries) {
    broken(head.sequence + 1, "the head of the log was put back to entry " + std::to_string(head.sequence));
  } else if (!equal(head.hash, verdict_.head_hash)) {
    broken(head.sequence > 0 ? head.sequence : 1, "the head of the log has another hash than its last entry");
  } else if (known && known->sequence > verdict_.entries) {
    broken(next, "entry " + number + " is missing: the log was cut off, entry " + std::to_string(known->sequence) +
                     " was seen before");
  }
  return verdict_;
}

}  // namespace pratique::registrar
