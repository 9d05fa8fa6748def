#include "services/network/peers/registrar_text.h"

#include <charconv>
#include <string>

namespace pratique::network {

Error answer_unreadable(std::string_view what) {
  return internal("REGISTRAR_ANSWER_UNREADABLE", "the registrar's answer cannot be read: " + std::string(what));
}

Result<std::int64_t> parse_cursor(std::string_view text) {
  std::int64_t cursor = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), cursor);
  if (failed != std::errc{} || end != text.data() + text.size() || cursor < 0)
    return answer_unreadable("a cursor that is no number");
  return cursor;
}

}  // namespace pratique::network
