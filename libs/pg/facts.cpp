#include "libs/pg/facts.h"

#include "libs/codec/json/parse.h"

namespace pratique::pg {
namespace {

Error malformed(std::string_view why) { return {ErrorCode::data_loss, "FACTS_MALFORMED", std::string(why)}; }

}  // namespace

std::string encode_facts(const Facts& facts) {
  json::Value object = json::Value::object();
  for (const auto& [name, value] : facts) object.append(name, value);
  return object.dump();
}

Result<Facts> parse_facts(std::string_view text) {
  const auto parsed = json::parse(text);
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

}  // namespace pratique::pg
