#include "services/registrar/storage/events.h"

#include "services/registrar/storage/facts.h"

namespace pratique::registrar {

Result<void> append_event(pg::Tx& tx, std::string_view type, std::string_view subject, const Facts& facts) {
  return pg::outbox::append(tx, {std::string(type), std::string(subject), to_bytes(encode_facts(facts))});
}

Result<Facts> parse_event_facts(ByteView payload) { return parse_facts(as_text(payload)); }

}  // namespace pratique::registrar
