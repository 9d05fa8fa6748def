// What is read can be written and read again as the same value; reading never exceeds its limits.
#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/codec/json/utf8.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

void walk(const json::Reader& reader, std::size_t depth) {
  require(depth <= json::Limits{}.max_depth + 1, "nesting stays within its limit");
  if (const auto* members = reader.value().as_object()) {
    for (const auto& member : *members) {
      require(json::utf8_valid(member.name), "names are UTF-8");
      const auto found = reader.at(member.name);
      require(found.has_value(), "a member is found by its name");
      require(&found->value() == &member.value, "a name stands once");
      walk(*found, depth + 1);
    }
  } else if (const auto elements = reader.as_array()) {
    for (const auto& element : *elements) walk(element, depth + 1);
  } else if (const auto text = reader.as_string()) {
    require(json::utf8_valid(*text), "strings are UTF-8");
  }
}

}  // namespace

void fuzz_json(ByteView input) {
  const auto small = json::parse(input, {.max_bytes = 64, .max_depth = 3, .max_members = 4, .max_elements = 4,
                                         .max_values = 8});
  const auto value = json::parse(input);
  require(value.has_value() || !small.has_value(), "what passes narrow limits passes wide ones");
  if (!value) return;
  walk(json::Reader(*value), 1);
  const auto text = value->dump();
  const auto again = json::parse(text);
  require(again.has_value(), "what was written can be read");
  require(*again == *value, "what was written is read as the same value");
  require(again->dump() == text, "the same value is written as the same bytes");
}

}  // namespace pratique::fuzz
