// hostapd's control interface as text: what it sends to one who has attached, and what it answers. Pure.
//
//   "<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02"    an event, with its level (2 debug, 3 info, …)
//   "PONG\n"                                   an answer
//
// One datagram is one message. An event may come between a command and its answer.
#pragma once

#include <string>
#include <variant>

#include "libs/base/bytes.h"
#include "libs/base/mac_address.h"
#include "libs/base/result.h"

namespace pratique::hostapd {

inline constexpr std::size_t kMaxMessage = 8192;  // bytes; hostapd 2.10 sends 4096 at most

struct Event {
  enum class Kind {
    station_on,   // AP-STA-CONNECTED: it passed 802.1X
    station_off,  // AP-STA-DISCONNECTED
    terminating,  // CTRL-EVENT-TERMINATING, INTERFACE-DISABLED, AP-DISABLED: it knows nobody any more
    other,
  };
  Kind kind = Kind::other;
  MacAddress mac = {};  // of station_on and station_off
  bool operator==(const Event&) const = default;
};

struct Answer {
  std::string text;  // without the line break at its end
  bool operator==(const Answer&) const = default;
};

/// INVALID_ARGUMENT HOSTAPD_MESSAGE_INVALID: too long, a NUL, an event without its level or, of a station, without its
/// address.
Result<std::variant<Event, Answer>> parse_message(ByteView datagram);

}  // namespace pratique::hostapd
