#include "libs/protocol/ovsdb/message_reader.h"

#include <string>

#include "libs/codec/json/parse.h"
#include "libs/protocol/ovsdb/reasons.h"

namespace pratique::ovsdb {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Error MessageReader::fail(Error error) {
  broken_ = error;
  text_.clear();
  text_.shrink_to_fit();
  return error;
}

Result<std::optional<json::Value>> MessageReader::next(ByteView& piece) {
  if (broken_) return *broken_;
  const auto input = as_text(piece);
  std::size_t at = 0;
  if (depth_ == 0) {
    while (at < input.size() && is_space(input[at])) ++at;
    if (at < input.size() && input[at] != '{') return fail(invalid(reason::kFraming, "a message is a JSON object"));
  }
  const std::size_t begin = at;
  bool whole = false;
  for (; at < input.size() && !whole; ++at) {
    // Refused at the first byte beyond the limit, not once a message has come that is too large.
    if (text_.size() + (at - begin) >= limits_.max_bytes)
      return fail(invalid(reason::kMessageTooLarge,
                          "a message is longer than " + std::to_string(limits_.max_bytes) + " bytes"));
    const char c = input[at];
    if (in_string_) {
      if (escaped_) escaped_ = false;
      else if (c == '\\') escaped_ = true;
      else if (c == '"') in_string_ = false;
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      if (++depth_ > limits_.max_depth)
        return fail(invalid(reason::kMessageTooDeep, "nesting is limited to " + std::to_string(limits_.max_depth)));
    } else if (c == '}' || c == ']') {
      whole = --depth_ == 0;
    }
  }
  text_.append(input.substr(begin, at - begin));
  piece = piece.subspan(at);
  if (!whole) return std::optional<json::Value>();

  auto value = json::parse(text_, {.max_bytes = limits_.max_bytes,
                                   .max_depth = limits_.max_depth,
                                   .max_members = limits_.max_members,
                                   .max_elements = limits_.max_elements,
                                   .max_values = limits_.max_values});
  if (!value)
    return fail(std::move(value).error().with_context("a message of " + std::to_string(text_.size()) + " bytes"));
  text_.clear();
  constexpr std::size_t kKeep = std::size_t{1} << 20;  // what one large message took is given back
  if (text_.capacity() > kKeep) text_.shrink_to_fit();
  return std::optional<json::Value>(*std::move(value));
}

}  // namespace pratique::ovsdb
