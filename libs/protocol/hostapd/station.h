// Who is logged on, as hostapd lists it: STA-FIRST, then STA-NEXT with the address before. Pure.
//
//   StationList list;
//   while (const auto command = list.command()) {       // "STA-FIRST", "STA-NEXT 00:d0:…"
//     TRY_VOID(list.receive(answer to it));
//   }
//   list.stations()
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/mac_address.h"
#include "libs/base/result.h"

namespace pratique::hostapd {

inline constexpr std::size_t kMaxStations = 2007;  // of one hostapd interface: IEEE 802.11's limit, which is its own
inline constexpr int kMaxListings = 3;             // begun anew, where a station left while it was listed

struct Station {
  MacAddress mac = {};
  bool authorized = false;         // else its login is not done, or it was logged off and is not forgotten yet
  std::string accounting_id = {};  // Acct-Session-Id
  std::string user_name = {};      // what the device called itself: up to the first line break, any bytes
  std::chrono::seconds on_for{};
  bool operator==(const Station&) const = default;
};

/// One answer of STA-FIRST, STA-NEXT or STA; none where it is empty. INVALID_ARGUMENT HOSTAPD_STATION_INVALID.
/// Of a field that comes twice the first counts: hostapd prints the name that a device gave itself as it is, line
/// breaks included, so that behind it anything may stand.
Result<std::optional<Station>> parse_station(std::string_view text);

class StationList {
 public:
  /// What to send next; none when the list is whole.
  std::optional<std::string> command() const;
  /// INVALID_ARGUMENT HOSTAPD_STATION_INVALID, also where the list has no end or changes again and again.
  Result<void> receive(std::string_view answer);
  /// Authorized ones alone, in hostapd's order.
  const std::vector<Station>& stations() const { return stations_; }

 private:
  std::vector<MacAddress> seen_;
  std::vector<Station> stations_;
  int listings_ = 1;
  bool whole_ = false;
};

}  // namespace pratique::hostapd
