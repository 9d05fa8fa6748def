// An authenticator beside a switch (hostapd) that takes Disconnect-Requests for some of its ports.
//
//   TRY(auto stations, make_hostapd_adapter(…));
//   stations = with_disconnect(std::move(stations), {{"p1", to_p1}}, exchanges);
//
// It says who is on as before. A session ends by a Disconnect-Request, acknowledged under the shared secret. What is
// not acknowledged within half of the time, or is not known by the names that we say, ends as before: nobody may stay
// on under another name. Why that was necessary stands in SessionEnd::instead_of.
//
// A socket is open only while something is asked, so ports cost nothing.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "services/network/adapters/radius/exchanges.h"
#include "services/network/adapters/radius/switch.h"
#include "services/network/app/adapter.h"

namespace pratique::network {

/// By port. An error stands for what cannot be asked: sessions end as before, and it is told each time.
using DisconnectAt = std::map<std::string, Result<RadiusSwitch>, std::less<>>;

std::unique_ptr<SwitchAdapter> with_disconnect(std::unique_ptr<SwitchAdapter> authenticator, DisconnectAt ports,
                                               std::shared_ptr<Exchanges> exchanges);

}  // namespace pratique::network
