// Events of this service: written in the transaction of the change that they tell of (libs/pg/outbox.h), LAST in it.
//
// The payload of the outbox is a JSON object of texts, the event's facts.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "libs/pg/outbox.h"

namespace pratique::network {

using Facts = std::map<std::string, std::string>;

/// `type` is "<noun>.<past participle>", `subject` a resource name. Empty facts are left out.
Result<void> append_event(pg::Tx& tx, std::string_view type, std::string_view subject, const Facts& facts);
/// The facts of an event that was read. DATA_LOSS FACTS_MALFORMED.
Result<Facts> parse_event_facts(ByteView payload);

}  // namespace pratique::network
