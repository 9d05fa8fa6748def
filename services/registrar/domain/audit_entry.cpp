#include "services/registrar/domain/audit_entry.h"

#include "libs/codec/json/utf8.h"
#include "libs/crypto/primitives/digest.h"

namespace pratique::registrar {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string storable_text(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = json::utf8_length(std::string_view(text).substr(at));
    const bool keep = length != 0 && text[at] != '\0';
    const std::string_view next = keep ? std::string_view(text).substr(at, length) : kReplacement;
    if (out.size() + next.size() > kMaxAuditText) break;
    out += next;
    at += keep ? length : 1;
  }
  return out;
}

void put_number(Bytes& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
}

void put_text(Bytes& out, std::string_view text) {
  put_number(out, text.size(), 4);
  const ByteView bytes = as_bytes(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

AuditRecord storable(AuditRecord record) {
  record.actor = storable_text(record.actor);
  record.action = storable_text(record.action);
  record.subject = storable_text(record.subject);
  record.reason = storable_text(record.reason);
  Facts facts;
  for (const auto& [name, value] : record.facts) {
    if (facts.size() == kMaxAuditFacts) break;
    facts.emplace(storable_text(name), storable_text(value));
  }
  record.facts = std::move(facts);
  return record;
}

AuditForm audit_form(const AuditRecord& record, Timestamp time) {
  AuditForm form{.before = {kVersion}, .after = {}};
  Bytes& out = form.after;
  put_number(out, static_cast<std::uint64_t>(time.time_since_epoch().count()), 8);
  put_text(out, record.actor);
  put_text(out, record.action);
  put_text(out, record.subject);
  put_text(out, record.reason);
  put_number(out, record.facts.size(), 4);
  for (const auto& [name, value] : record.facts) {
    put_text(out, name);
    put_text(out, value);
  }
  return form;
}

Bytes audit_hash(const AuditEntry& entry) {
  const AuditForm form = audit_form(entry.record, entry.time);
  Bytes sequence;
  put_number(sequence, static_cast<std::uint64_t>(entry.sequence), 8);
  return crypto::Sha256().update(entry.previous_hash).update(form.before).update(sequence).update(form.after).finish();
}

Bytes audit_genesis() { return Bytes(kAuditHashSize, 0); }

}  // namespace pratique::registrar
