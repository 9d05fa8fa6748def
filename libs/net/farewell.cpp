#include "libs/net/farewell.h"

#include <array>
#include <cstdint>

namespace pratique::net {
namespace {

constexpr std::size_t kScrapBytes = 4096;

}  // namespace

asio::awaitable<void> drain(tcp::socket& socket, Deadline& deadline, const bool& hurry) {
  error_code failed;
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  if (socket.is_open()) {
    deadline.arm(kLinger, Deadline::Act::close);
    socket.shutdown(tcp::socket::shutdown_send, failed);
    std::array<std::uint8_t, kScrapBytes> scrap;
    auto space = asio::buffer(scrap);
    for (std::size_t dropped = 0; !failed && !hurry && dropped < kLingerBytes;)
      dropped += co_await socket.async_read_some(space, token);
  }
  deadline.disarm();
  socket.close(failed);
}

asio::awaitable<void> say_farewell(Channel& channel, Deadline& deadline, const bool& hurry) {
  auto& socket = channel.socket();
  if (auto* tls = channel.tls(); tls != nullptr && socket.is_open()) {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    deadline.arm(kLinger, Deadline::Act::close);
    co_await tls->async_shutdown(token);
  }
  co_await drain(socket, deadline, hurry);
}

}  // namespace pratique::net
