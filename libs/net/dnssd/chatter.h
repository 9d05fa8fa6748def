// Avahi's own messages. It would write them to stderr; here they go nowhere until somebody asks.
#pragma once

#include <functional>
#include <string_view>

namespace pratique::dnssd {

/// From now on `listener` gets every message of every publisher and browser of this process, from their threads,
/// one at a time. An empty listener means silence, the state at the start.
void listen_to_chatter(std::function<void(std::string_view)> listener);

/// Takes Avahi's messages away from stderr. Every responder does so before it says anything.
void route_chatter();

}  // namespace pratique::dnssd
