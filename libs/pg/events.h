// A service's events: facts in the outbox (outbox.h), written in the transaction of the change that they tell of, LAST
// in it. Types and facts of each service stand in docs/events.md.
#pragma once

#include <string_view>

#include "libs/pg/facts.h"
#include "libs/pg/outbox.h"

namespace pratique::pg {

/// `type` is "<noun>.<past participle>", `subject` a resource name. Empty facts are left out. Queued (tx.h).
Result<void> append_event(Tx& tx, std::string_view type, std::string_view subject, const Facts& facts);
/// As append_event would append it.
Event make_event(std::string_view type, std::string_view subject, const Facts& facts);
/// The facts of an event that was read. DATA_LOSS FACTS_MALFORMED.
Result<Facts> event_facts(const OutboxEvent& event);

}  // namespace pratique::pg
