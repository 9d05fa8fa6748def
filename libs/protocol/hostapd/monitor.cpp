#include "libs/protocol/hostapd/monitor.h"

#include <utility>

namespace pratique::hostapd {

Monitor::Monitor(MonitorTimes times, Time now) : times_(times), due_(now + times.patience) {}

std::optional<std::string> Monitor::take_command() { return std::exchange(command_, std::nullopt); }

void Monitor::receive(ByteView datagram, Time now) {
  if (state_ == State::lost) return;
  const auto message = parse_message(datagram);
  if (!message) return lose(message.error().message);
  if (const auto* text = std::get_if<Answer>(&*message)) return answer(text->text, now);
  const auto& event = std::get<Event>(*message);
  if (event.kind == Event::Kind::terminating) return lose("hostapd ended");
  if (event.kind != Event::Kind::other && is_attached()) events_.push_back(event);
}

void Monitor::answer(const std::string& text, Time now) {
  const bool expected = (state_ == State::attaching && text == "OK") || (state_ == State::pinging && text == "PONG");
  if (!expected)
    return lose(state_ == State::attaching ? "hostapd refused to tell its events" : "hostapd answered amiss");
  state_ = State::attached;
  due_ = now + times_.ping_interval;
}

void Monitor::tick(Time now) {
  if (state_ == State::lost || now < due_) return;
  if (state_ != State::attached) return lose("hostapd does not answer");
  state_ = State::pinging;
  command_ = "PING";
  due_ = now + times_.patience;
}

void Monitor::lose(std::string why) {
  if (state_ == State::lost) return;
  state_ = State::lost;
  command_.reset();
  why_lost_ = std::move(why);
}

std::optional<Monitor::Time> Monitor::next_due() const {
  return state_ == State::lost ? std::nullopt : std::optional(due_);
}

std::vector<Event> Monitor::take_events() { return std::exchange(events_, {}); }

}  // namespace pratique::hostapd
