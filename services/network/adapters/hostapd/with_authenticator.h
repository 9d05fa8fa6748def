// One switch of two: what opens and closes ports (Open vSwitch), and the authenticator beside it (hostapd).
//
//   TRY(auto ports, OvsAdapter::make(…));
//   TRY(auto authenticator, make_hostapd_adapter(…));
//   const auto adapter = with_authenticator(std::move(ports), std::move(authenticator));
//
// It can what either can. Ports are the first's, stations the second's; events of both come one at a time. A session is
// ended at the port first, which bites at once, then at the authenticator, so that it does not take for on whom the
// port does not let through. An authenticator that is not there, or not on that port, knows of no session: it is over.
#pragma once

#include <memory>

#include "services/network/app/adapter.h"

namespace pratique::network {

std::unique_ptr<SwitchAdapter> with_authenticator(std::unique_ptr<SwitchAdapter> ports,
                                                  std::unique_ptr<SwitchAdapter> authenticator);

}  // namespace pratique::network
