#include "services/network/adapters/hostapd/control.h"

#include <optional>
#include <string>

#include "libs/net/datagram.h"
#include "libs/protocol/hostapd/message.h"
#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

using Deadline = std::chrono::steady_clock::time_point;
using hostapd::Answer, hostapd::StationList;

Error unreachable(const Error& why) {
  return unavailable(kSwitchUnreachable.code, "hostapd is not there: " + why.message);
}

Error protocol(const Error& why) { return internal("SWITCH_PROTOCOL", "hostapd speaks otherwise: " + why.message); }

class Commands {
 public:
  static Result<Commands> open(const std::filesystem::path& control, Deadline deadline) {
    auto socket = net::DatagramSocket::open_unix(control);
    if (!socket) return unreachable(socket.error());
    TRY(auto waker, net::Waker::make());
    return Commands(*std::move(socket), std::move(waker), deadline);
  }

  Result<std::string> ask(std::string_view command) const {
    if (const auto sent = socket_.send(as_bytes(command)); !sent) return unreachable(sent.error());
    const net::DatagramSocket* const one[] = {&socket_};
    TRY(const bool some, net::wait_for_datagrams(one, waker_, deadline_));
    if (!some) return Error{ErrorCode::deadline_exceeded, "SWITCH_TIMEOUT", "hostapd did not answer in time"};
    auto datagram = socket_.receive();
    if (!datagram) return unreachable(datagram.error());
    if (!*datagram) return Error{ErrorCode::deadline_exceeded, "SWITCH_TIMEOUT", "hostapd did not answer"};
    const auto message = hostapd::parse_message((*datagram)->bytes);
    if (!message) return protocol(message.error());
    const auto* answer = std::get_if<Answer>(&*message);
    if (answer == nullptr) return protocol(invalid("", "an event came to one who did not attach"));
    return answer->text;
  }

 private:
  Commands(net::DatagramSocket socket, net::Waker waker, Deadline deadline)
      : socket_(std::move(socket)), waker_(std::move(waker)), deadline_(deadline) {}

  net::DatagramSocket socket_;
  net::Waker waker_;
  Deadline deadline_;
};

}  // namespace

Result<std::vector<hostapd::Station>> list_stations(const std::filesystem::path& control, Deadline deadline) {
  TRY(const auto commands, Commands::open(control, deadline));
  StationList list;
  while (const auto command = list.command()) {
    TRY(const auto answer, commands.ask(*command));
    if (const auto taken = list.receive(answer); !taken) return protocol(taken.error());
  }
  return list.stations();
}

Result<void> log_off(const std::filesystem::path& control, const MacAddress& mac, Deadline deadline) {
  TRY(const auto commands, Commands::open(control, deadline));
  TRY(const auto done, commands.ask("DEAUTHENTICATE " + mac.text()));
  if (done != "OK")
    return failed_precondition(kSwitchRefused.code, "hostapd refused to log the station off").with("answer", done);
  TRY(const auto after, commands.ask("STA " + mac.text()));
  if (after == "FAIL") return {};  // it knows no such station
  const auto station = hostapd::parse_station(after);
  if (!station) return protocol(station.error());
  if (*station && (*station)->authorized)
    return failed_precondition(kSwitchDisobeyed.code, "hostapd said yes, and the station is still on")
        .with("station", mac.text());
  return {};
}

}  // namespace pratique::network
