#include "libs/protocol/brski/audit_log.h"

#include <algorithm>
#include <charconv>

#include "libs/base/base64.h"
#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/protocol/voucher/reasons.h"

namespace pratique::brski {

using namespace voucher;

namespace {

constexpr json::Limits kLimits = {.max_bytes = kMaxAuditLogBytes, .max_elements = kMaxAuditEvents};

// The CDDL has numbers, the RFC's example has them in quotes.
Result<std::int64_t> count_at(const json::Reader& object, std::string_view name, std::int64_t absent) {
  const auto member = object.find(name);
  if (!member) return std::int64_t{absent};
  std::int64_t value = -1;
  if (const auto* number = member->value().as_int()) value = *number;
  if (const auto* quoted = member->value().as_string()) {
    const auto* end = quoted->data() + quoted->size();
    if (std::from_chars(quoted->data(), end, value).ptr != end) value = -1;
  }
  if (value < 0) return member->error(kAuditLogMalformed, "not a count");
  return value;
}

Result<AuditEvent> parse_event(const json::Reader& reader) {
  AuditEvent event;
  TRY(const auto date, reader.string_at("date"));
  TRY(event.date, parse_rfc3339(date).with_context(reader.path() + ".date"));
  TRY(event.domain_id, reader.string_at("domainID"));
  TRY(event.nonce, reader.optional_string("nonce"));
  TRY(const auto assertion, reader.optional_string("assertion"));
  if (assertion) event.assertion = parse_assertion(*assertion);
  TRY(event.truncated, count_at(reader, "truncated", 0));
  return event;
}

Result<AuditLog> parse(ByteView text) {
  TRY(const auto document, json::parse(text, kLimits));
  const json::Reader top(document);
  AuditLog log;
  TRY(log.version, count_at(top, "version", 1));
  TRY(const auto events, top.array_at("events"));
  for (const auto& reader : events) {
    TRY(auto event, parse_event(reader));
    log.events.push_back(std::move(event));
  }
  TRY(const auto truncation, top.optional_object("truncation"));
  if (truncation) {
    TRY(log.nonced_duplicates, count_at(*truncation, "nonced duplicates", 0));
    TRY(log.nonceless_duplicates, count_at(*truncation, "nonceless duplicates", 0));
    TRY(log.arbitrary, count_at(*truncation, "arbitrary", 0));
  }
  return log;
}

// domainIDs are compared as bytes: the same hash is written with and without padding.
bool same_domain(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto bytes_a = base64_decode_lenient(a), bytes_b = base64_decode_lenient(b);
  return bytes_a && bytes_b && !bytes_a->empty() && *bytes_a == *bytes_b;
}

bool contains_domain(std::span<const std::string> ids, std::string_view id) {
  return std::ranges::any_of(ids, [&](const std::string& other) { return same_domain(other, id); });
}

bool same_nonce(const AuditEvent& event, const Nonce& nonce) {
  if (!event.nonce) return false;
  const auto logged = Nonce::parse(*event.nonce);
  return logged && logged->matches(nonce);
}

/// Many entries of one kind become one finding that shows the first and counts them all.
struct Group {
  std::size_t count = 0;
  const AuditEvent* first = nullptr;
  void add(const AuditEvent& event) {
    if (count++ == 0) first = &event;
  }
  Evidence evidence() const {
    return {{"entries", std::to_string(count)}, {"domainID", first->domain_id}, {"date", format_rfc3339(first->date)}};
  }
};

// The entry of the voucher that was just given, or (nonceless) the newest of ours.
const AuditEvent* find_ours(const AuditLog& log, std::span<const std::string> ours, const std::optional<Nonce>& nonce) {
  const AuditEvent* found = nullptr;
  for (const auto& event : log.events) {
    if (!contains_domain(ours, event.domain_id)) continue;
    if (nonce && !same_nonce(event, *nonce)) continue;
    if (!found || event.date > found->date) found = &event;
  }
  return found;
}

}  // namespace

Result<AuditLog> parse_audit_log(ByteView text) {
  auto log = parse(text);
  if (!log) {
    Error error = std::move(log).error();
    error.reason = kAuditLogMalformed.code;
    return error;
  }
  return log;
}

std::string encode_audit_log(const AuditLog& log) {
  auto events = json::Value::array();
  for (const auto& event : log.events) {
    auto entry = json::Value::object();
    entry.set("date", format_rfc3339(event.date)).set("domainID", event.domain_id);
    entry.set("nonce", event.nonce ? json::Value(*event.nonce) : json::Value());
    if (event.assertion) entry.set("assertion", to_string(*event.assertion));
    if (event.truncated > 0) entry.set("truncated", event.truncated);
    events.push_back(std::move(entry));
  }
  auto truncation = json::Value::object();
  truncation.set("nonced duplicates", log.nonced_duplicates).set("nonceless duplicates", log.nonceless_duplicates);
  truncation.set("arbitrary", log.arbitrary);
  auto out = json::Value::object();
  out.set("version", log.version).set("events", std::move(events)).set("truncation", std::move(truncation));
  return out.dump();
}

std::string domain_id(const crypto::Certificate& pinned) {
  const auto key_id = pinned.subject_key_id();
  return base64_encode(key_id ? *key_id : pinned.public_key().fingerprint_sha256());
}

Verdict judge_audit_log(const AuditLog& log, std::span<const std::string> ours, const std::optional<Nonce>& our_nonce,
                        const AuditLogPolicy& policy) {
  Verdict verdict;
  const auto* own = find_ours(log, ours, our_nonce);
  Group since, nonceless, other, allowed;
  for (const auto& event : log.events) {
    if (contains_domain(ours, event.domain_id)) continue;
    if (own && event.date > own->date) since.add(event);
    else if (contains_domain(policy.allowed_domain_ids, event.domain_id)) allowed.add(event);
    else if (!event.nonce) nonceless.add(event);
    else other.add(event);
  }
  if (since.count) verdict.refuse(kAuditLogTakenSince, "another owner was given a voucher after us", since.evidence());
  if (nonceless.count)
    verdict.refuse(kAuditLogOtherNonceless, "another owner holds a voucher without a nonce", nonceless.evidence());
  if (other.count && policy.others == OtherOwners::refuse)
    verdict.refuse(kAuditLogOtherOwner, "the device had another owner", other.evidence());
  else if (other.count) verdict.note(kAuditLogOtherOwner, "the device had another owner", other.evidence());
  if (allowed.count) verdict.note(kAuditLogOtherOwner, "the device had an owner that is allowed", allowed.evidence());

  // Duplicates are left out beside an entry of the same owner; what was cut arbitrarily may hide an owner.
  auto hidden = log.arbitrary;
  for (const auto& event : log.events) hidden = std::max(hidden, event.truncated);
  if (hidden > 0) {
    const Evidence evidence = {{"left-out", std::to_string(hidden)}};
    if (policy.accept_truncated) verdict.note(kAuditLogTruncated, "entries were left out", evidence);
    else verdict.refuse(kAuditLogTruncated, "entries were left out", evidence);
  }
  if (!own) verdict.refuse(kAuditLogOursMissing, "our own voucher is not in the log");
  return verdict;
}

}  // namespace pratique::brski
