// hostapd's control interface: datagrams, each behind two bytes with its length, to a monitor and to a list of
// stations; the whole input as one message and as one station.
#include "libs/protocol/hostapd/message.h"
#include "libs/protocol/hostapd/monitor.h"
#include "libs/protocol/hostapd/station.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

using namespace hostapd;
using namespace std::chrono_literals;

void message(ByteView input) {
  const auto read = parse_message(input);
  if (!read) return;
  require(input.size() <= kMaxMessage, "a message has a limit");
  if (const auto* answer = std::get_if<Answer>(&*read)) {
    require(!answer->text.starts_with('<'), "an event is no answer");
    require(answer->text.size() <= input.size() && input.size() - answer->text.size() <= 1, "an answer is kept whole");
    return;
  }
  const auto& event = std::get<Event>(*read);
  const bool of_station = event.kind == Event::Kind::station_on || event.kind == Event::Kind::station_off;
  require(of_station || event.mac.is_zero(), "an event that is of no station names none");
  if (!of_station) return;
  const auto again = parse_message(as_bytes(
      std::string(event.kind == Event::Kind::station_on ? "<3>AP-STA-CONNECTED " : "<3>AP-STA-DISCONNECTED ") +
      event.mac.text()));
  require(again && std::get<Event>(*again) == event, "an event of a station has one meaning");
}

void station(ByteView input) {
  const auto text = as_text(input);
  const auto read = parse_station(text);
  if (!read || !*read) return;
  const auto& one = **read;
  require(!one.accounting_id.contains('\n') && !one.user_name.contains('\n'), "a field is one line");
  require(!one.authorized || text.contains("[AUTHORIZED]"), "nobody is on who is not said to be");
  if (text.size() > kMaxMessage / 2) return;
  const std::string other = one.authorized ? "" : "[AUTHORIZED]";
  const auto forged = parse_station(std::string(text) + "\ndot1xAuthSessionUserName=x\nflags=" + other + "\n");
  require(forged && *forged, "what comes behind a station changes nothing");
  require((*forged)->authorized == one.authorized && (*forged)->mac == one.mac, "nobody says of himself that he is on");
}

class Datagrams {
 public:
  explicit Datagrams(ByteView input) : input_(input) {}
  std::optional<ByteView> next() {
    if (input_.size() < 2) return std::nullopt;
    const auto size = std::min<std::size_t>(input_.size() - 2, input_[0] << 8 | input_[1]);
    const auto out = input_.subspan(2, size);
    input_ = input_.subspan(2 + size);
    return out;
  }

 private:
  ByteView input_;
};

void monitor(ByteView input) {
  constexpr MonitorTimes kTimes;
  Monitor::Time now{1h};
  Monitor monitor(kTimes, now);
  require(monitor.take_command() == "ATTACH", "a monitor begins by attaching");
  Datagrams datagrams(input);
  while (const auto datagram = datagrams.next()) {
    const auto before = monitor.state();
    if (datagram->empty()) {
      if (const auto due = monitor.next_due()) now = *due;
      monitor.tick(now);
    } else {
      monitor.receive(*datagram, now);
    }
    const bool is_lost = monitor.state() == Monitor::State::lost;
    require(before != Monitor::State::lost || is_lost, "a lost monitor stays lost");
    require(is_lost == !monitor.next_due().has_value(), "what is not lost has something to wait for");
    require(is_lost != monitor.why_lost().empty(), "a loss has a reason");
    require(is_lost || *monitor.next_due() > now || datagram->empty() || before == monitor.state(),
            "what was answered is waited for anew");
    const auto command = monitor.take_command();
    require(command.has_value() == (before == Monitor::State::attached && monitor.state() == Monitor::State::pinging),
            "a ping is sent once");
    for (const auto& event : monitor.take_events()) {
      require(before == Monitor::State::attached || before == Monitor::State::pinging, "nothing is told unasked");
      require(event.kind == Event::Kind::station_on || event.kind == Event::Kind::station_off,
              "stations alone are told");
    }
  }
}

void list(ByteView input) {
  StationList list;
  Datagrams datagrams(input);
  while (const auto command = list.command()) {
    require(*command == "STA-FIRST" || command->starts_with("STA-NEXT "), "a list asks for its next");
    const auto datagram = datagrams.next();
    if (!datagram || !list.receive(as_text(*datagram))) return;
    require(list.stations().size() <= kMaxStations, "a list has a limit");
  }
  for (const auto& one : list.stations()) require(one.authorized, "a list holds who is on");
  require(!list.receive("").has_value(), "a whole list takes no more");
}

}  // namespace

void fuzz_hostapd(ByteView input) {
  message(input);
  station(input);
  monitor(input);
  list(input);
}

}  // namespace pratique::fuzz
