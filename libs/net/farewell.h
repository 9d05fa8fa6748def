// Internal to this room: how a server takes leave of a connection so that the last thing it said arrives.
#pragma once

#include <chrono>
#include <cstddef>

#include "libs/net/channel.h"
#include "libs/net/deadline.h"

namespace pratique::net {

// A socket that is closed over unread bytes resets the connection, and an answer to a request that was not read to its
// end may be lost with it. So what still comes is read and dropped, for a while.
inline constexpr std::chrono::milliseconds kLinger{1000};
inline constexpr std::size_t kLingerBytes = 1 << 20;

/// FIN, then what the peer still sends is dropped until its FIN, a limit, or `hurry`.
asio::awaitable<void> drain(tcp::socket& socket, Deadline& deadline, const bool& hurry);
/// close_notify where there is TLS, then drain().
asio::awaitable<void> say_farewell(Channel& channel, Deadline& deadline, const bool& hurry);

}  // namespace pratique::net
