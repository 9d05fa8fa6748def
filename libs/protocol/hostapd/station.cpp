#include "libs/protocol/hostapd/station.h"

#include <algorithm>
#include <charconv>

#include "libs/protocol/hostapd/message.h"

namespace pratique::hostapd {
namespace {

Error bad(std::string_view what) { return invalid("HOSTAPD_STATION_INVALID", what); }

std::string_view take_line(std::string_view& text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

Result<MacAddress> parse_owner(std::string_view line) {
  auto mac = MacAddress::parse(line);
  if (!mac) return bad("the first line of a station must be its address");
  return mac;
}

}  // namespace

Result<std::optional<Station>> parse_station(std::string_view text) {
  if (text.empty()) return std::optional<Station>();
  if (text.size() > kMaxMessage) return bad("a station has at most 8192 bytes");
  Station out;
  TRY(out.mac, parse_owner(take_line(text)));
  std::optional<std::string_view> flags, session, user, time;
  while (!text.empty()) {
    const auto line = take_line(text);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const auto key = line.substr(0, equals), value = line.substr(equals + 1);
    auto* field = key == "flags"                    ? &flags
                  : key == "dot1xAuthSessionId"       ? &session
                  : key == "dot1xAuthSessionUserName" ? &user
                  : key == "dot1xAuthSessionTime"     ? &time
                                                      : nullptr;
    if (field != nullptr && !*field) *field = value;
  }
  if (!flags) return bad("a station must have its flags");
  out.authorized = flags->contains("[AUTHORIZED]");
  out.accounting_id = session.value_or("");
  out.user_name = user.value_or("");
  if (time) {
    std::uint32_t seconds = 0;
    const auto [end, failed] = std::from_chars(time->data(), time->data() + time->size(), seconds);
    if (failed != std::errc() || end != time->data() + time->size()) return bad("a session's time must be seconds");
    out.on_for = std::chrono::seconds(seconds);
  }
  return std::optional(std::move(out));
}

std::optional<std::string> StationList::command() const {
  if (whole_) return std::nullopt;
  if (seen_.empty()) return "STA-FIRST";
  return "STA-NEXT " + seen_.back().text();
}

Result<void> StationList::receive(std::string_view answer) {
  if (whole_) return bad("the list is whole, nothing was asked");
  // The station before has gone, so that there is none after it.
  if (answer == "FAIL" && !seen_.empty()) {
    if (++listings_ > kMaxListings) return bad("stations come and go faster than they can be listed");
    seen_.clear();
    stations_.clear();
    return {};
  }
  TRY(auto station, parse_station(answer));
  if (!station) {
    whole_ = true;
    return {};
  }
  if (seen_.size() == kMaxStations) return bad("there are more stations than an interface can have");
  if (std::ranges::find(seen_, station->mac) != seen_.end()) return bad("a station is listed twice");
  seen_.push_back(station->mac);
  if (station->authorized) stations_.push_back(*std::move(station));
  return {};
}

}  // namespace pratique::hostapd
