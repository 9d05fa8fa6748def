#include "libs/pg/events.h"

namespace pratique::pg {

Event make_event(std::string_view type, std::string_view subject, const Facts& facts) {
  Facts told = facts;
  std::erase_if(told, [](const auto& fact) { return fact.second.empty(); });
  return {std::string(type), std::string(subject), to_bytes(encode_facts(told))};
}

Result<void> append_event(Tx& tx, std::string_view type, std::string_view subject, const Facts& facts) {
  return outbox::append(tx, make_event(type, subject, facts));
}

Result<Facts> event_facts(const OutboxEvent& event) { return parse_facts(as_text(event.payload)); }

}  // namespace pratique::pg
