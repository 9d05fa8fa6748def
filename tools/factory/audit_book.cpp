#include "tools/factory/audit_book.h"

#include <algorithm>

namespace pratique::factory {
namespace {

std::string file_of(std::string_view serial) { return std::string(serial) + ".json"; }

void leave_one_out(brski::AuditLog& log) {
  const auto repeated = std::ranges::find_if(log.events, [&](const brski::AuditEvent& event) {
    return std::ranges::count(log.events, event.domain_id, &brski::AuditEvent::domain_id) > 1 &&
           event.nonce.has_value();
  });
  if (repeated == log.events.end()) {
    log.events.erase(log.events.begin());
    ++log.arbitrary;
  } else {
    log.events.erase(repeated);
    ++log.nonced_duplicates;
  }
}

}  // namespace

Result<brski::AuditLog> AuditBook::get(std::string_view serial) const {
  TRY(const auto text, folder_.find(file_of(serial)));
  if (!text) return brski::AuditLog{};
  return brski::parse_audit_log(as_bytes(*text)).with_context(file_of(serial));
}

Result<void> AuditBook::append(std::string_view serial, brski::AuditEvent event) {
  const std::lock_guard lock(mutex_);
  TRY(auto log, get(serial));
  log.events.push_back(std::move(event));
  while (log.events.size() > kMaxKeptEvents) leave_one_out(log);
  return folder_.put(file_of(serial), brski::encode_audit_log(log));
}

}  // namespace pratique::factory
