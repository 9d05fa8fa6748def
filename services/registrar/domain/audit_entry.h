// An entry of the audit log, and the one form of it that is hashed.
//
// Canonical form, version 1: 0x01 | sequence (8) | microseconds since 1970 (8) | actor | action | subject | reason
//                            | number of facts (4) | (name | value)*        numbers big-endian, texts as length (4) |
//                            UTF-8
// Facts stand in the order of their names. hash = SHA-256(previous hash | canonical form); the first entry's previous
// hash is 32 zero bytes. Sequence and time are inside the hash, so an entry can be neither moved nor redated.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"

namespace pratique::registrar {

/// By name; what stands in events and audit entries beside the fixed fields. Never a secret.
using Facts = std::map<std::string, std::string>;

inline constexpr std::size_t kMaxAuditText = 4096;  // bytes of one text
inline constexpr std::size_t kMaxAuditFacts = 64;
inline constexpr std::size_t kAuditHashSize = 32;

/// What a decision leaves behind.
struct AuditRecord {
  std::string actor;    // "operator/<name>", "service/onboarding"
  std::string action;   // "credential.issue": <noun>.<verb>
  std::string subject;  // resource name
  std::string reason;   // the operator's words, or a code of the catalogue
  Facts facts = {};
};

/// The record as it can be stored and read back byte for byte: texts cut to their limit, bytes that are not UTF-8 and
/// zero characters replaced by U+FFFD, surplus facts left out. Devices choose some of these texts.
AuditRecord storable(AuditRecord record);

struct AuditEntry {
  std::int64_t sequence = 0;  // 1, 2, 3, …
  Timestamp time = {};
  AuditRecord record;
  Bytes previous_hash;
  Bytes hash;
};

/// The hash that the entry ought to have; its own `hash` is not looked at.
Bytes audit_hash(const AuditEntry& entry);
/// The canonical form before the sequence, and what follows it: for who appends an entry whose sequence and previous
/// hash are known to the database alone.
struct AuditForm {
  Bytes before, after;
};
AuditForm audit_form(const AuditRecord& record, Timestamp time);
/// The previous hash of entry 1.
Bytes audit_genesis();

}  // namespace pratique::registrar
