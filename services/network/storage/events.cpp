#include "services/network/storage/events.h"

#include "libs/codec/json/parse.h"

namespace pratique::network {
namespace {

Error malformed(std::string_view why) { return {ErrorCode::data_loss, "FACTS_MALFORMED", std::string(why)}; }

}  // namespace

Result<void> append_event(pg::Tx& tx, std::string_view type, std::string_view subject, const Facts& facts) {
  json::Value object = json::Value::object();
  for (const auto& [name, value] : facts)
    if (!value.empty()) object.append(name, value);
  return pg::outbox::append(tx, {std::string(type), std::string(subject), to_bytes(object.dump())});
}

Result<Facts> parse_event_facts(ByteView payload) {
  const auto parsed = json::parse(payload);
  if (!parsed) return malformed(parsed.error().message);
  const auto* object = parsed->as_object();
  if (object == nullptr) return malformed("stored facts are no object");
  Facts facts;
  for (const auto& [name, value] : *object) {
    const std::string* word = value.as_string();
    if (word == nullptr) return malformed("stored fact '" + name + "' is no text");
    facts.emplace(name, *word);
  }
  return facts;
}

}  // namespace pratique::network
