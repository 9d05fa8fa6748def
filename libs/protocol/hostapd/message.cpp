#include "libs/protocol/hostapd/message.h"

#include <string_view>
#include <utility>

namespace pratique::hostapd {
namespace {

constexpr std::pair<std::string_view, Event::Kind> kEvents[] = {
    {"AP-STA-CONNECTED", Event::Kind::station_on},
    {"AP-STA-DISCONNECTED", Event::Kind::station_off},
    {"CTRL-EVENT-TERMINATING", Event::Kind::terminating},
    {"INTERFACE-DISABLED", Event::Kind::terminating},
    {"AP-DISABLED", Event::Kind::terminating},
};

Error bad(std::string_view what) { return invalid("HOSTAPD_MESSAGE_INVALID", what); }

/// Up to the next space, which is taken away, too.
std::string_view take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

Result<std::variant<Event, Answer>> parse_event(std::string_view text) {
  const auto end = text.find('>');
  if (end != 2 || text[1] < '0' || text[1] > '9') return bad("an event must begin with its level, as in <3>");
  text.remove_prefix(end + 1);
  const auto name = take_word(text);
  for (const auto& [word, kind] : kEvents) {
    if (name != word) continue;
    if (kind == Event::Kind::terminating) return Event{.kind = kind};
    TRY(const auto mac, MacAddress::parse(take_word(text)).with_context(name));
    return Event{.kind = kind, .mac = mac};
  }
  return Event{};
}

}  // namespace

Result<std::variant<Event, Answer>> parse_message(ByteView datagram) {
  if (datagram.size() > kMaxMessage) return bad("a message has at most 8192 bytes");
  auto text = as_text(datagram);
  if (text.contains('\0')) return bad("a message is text, and holds no NUL");
  if (text.starts_with('<')) return parse_event(text);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return Answer{std::string(text)};
}

}  // namespace pratique::hostapd
