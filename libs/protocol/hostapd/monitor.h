// An attachment to one hostapd interface: asks for its events and asks from time to time whether it lives. Pure: the
// caller has the socket and the clock, and opens a new socket with a new Monitor when this one is lost.
//
//   Monitor monitor(times, now);
//   while (auto command = monitor.take_command()) socket.send(*command)
//   monitor.receive(datagram, now);  monitor.tick(now);  monitor.take_events();
//   monitor.next_due()                                  when to tick
//
//   state      on                        then
//   attaching  OK                        attached
//   attached   ping interval over        pinging
//   pinging    PONG                      attached
//   any        other answer, silence, terminating, what cannot be read    lost, for good
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/protocol/hostapd/message.h"

namespace pratique::hostapd {

struct MonitorTimes {
  std::chrono::milliseconds ping_interval{2000};
  std::chrono::milliseconds patience{1000};  // with an answer
};

class Monitor {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State { attaching, attached, pinging, lost };

  Monitor(MonitorTimes times, Time now);

  std::optional<std::string> take_command();
  void receive(ByteView datagram, Time now);
  void tick(Time now);
  /// The socket failed.
  void lose(std::string why);
  /// Never of a lost one.
  std::optional<Time> next_due() const;

  State state() const { return state_; }
  bool is_attached() const { return state_ == State::attached || state_ == State::pinging; }
  const std::string& why_lost() const { return why_lost_; }
  /// station_on and station_off in their order; none from before it was attached.
  std::vector<Event> take_events();

 private:
  void answer(const std::string& text, Time now);

  MonitorTimes times_;
  State state_ = State::attaching;
  Time due_;
  std::optional<std::string> command_ = "ATTACH";
  std::vector<Event> events_;
  std::string why_lost_;
};

}  // namespace pratique::hostapd
