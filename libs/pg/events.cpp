#include "libs/pg/events.h"

namespace pratique::pg {

Result<void> append_event(Tx& tx, std::string_view type, std::string_view subject, const Facts& facts) {
  Facts told = facts;
  std::erase_if(told, [](const auto& fact) { return fact.second.empty(); });
  return outbox::append(tx, {std::string(type), std::string(subject), to_bytes(encode_facts(told))});
}

Result<Facts> event_facts(const OutboxEvent& event) { return parse_facts(as_text(event.payload)); }

}  // namespace pratique::pg
