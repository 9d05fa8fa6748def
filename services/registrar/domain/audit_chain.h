// Is a chain of audit entries whole? Entries are shown one by one, oldest first, so that a log of any length is
// judged in constant memory.
//
//   AuditChainCheck check({.head = head, .known = what_the_caller_saw});
//   for (each entry, in the order of the table) check.take(entry);
//   const AuditChainVerdict verdict = check.finish();
//
// A long chain may be judged in parts: so_far() says how far one came, and the next begins there with that number and
// hash as `from`. Each entry is then looked at once, as in one go. What `from` says of entries up to it is believed.
//
// What is found, and how it is named:
//   altered        an entry whose hash is not that of its content (also: one that was moved or redated)
//   missing        the next number is absent, or the head says that more were written
//   replaced       an entry that does not follow the one before it, though it fits itself
//   rewritten      all fits, but not with the head that somebody kept outside: history was exchanged as a whole
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "services/registrar/domain/audit_entry.h"

namespace pratique::registrar {

/// The newest entry's number and hash; number 0 and the genesis hash while there is none.
struct AuditHead {
  std::int64_t sequence = 0;
  Bytes hash = audit_genesis();
};

struct AuditChainVerdict {
  std::int64_t entries = 0;  // that were good, up to the first bad one
  Bytes head_hash;           // of the last good entry
  std::int64_t broken_sequence = 0;  // 0: intact
  std::string problem;
  bool intact() const { return broken_sequence == 0; }
};

struct AuditChainExpectation {
  AuditHead head = {};                  // as the database has it
  std::optional<AuditHead> known = {};  // as somebody noted it outside, earlier; not before `from`
  AuditHead from = {};                  // how far it was judged before
};

class AuditChainCheck {
 public:
  explicit AuditChainCheck(AuditChainExpectation expected);
  /// False once something bad was found: further entries change nothing.
  bool take(const AuditEntry& entry);
  /// Before the end.
  const AuditChainVerdict& so_far() const { return verdict_; }
  AuditChainVerdict finish();

 private:
  void broken(std::int64_t sequence, std::string problem);

  AuditChainExpectation expected_;
  AuditChainVerdict verdict_;
};

}  // namespace pratique::registrar
