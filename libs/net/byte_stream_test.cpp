#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <thread>

#include "libs/net/byte_stream.h"
#include "tests/support/scratch_folder.h"

using namespace pratique;
using namespace pratique::net;
using namespace std::chrono_literals;

namespace {

ByteStream::Deadline in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }
constexpr auto kLong = 20s;  // that no test waits for

/// Somebody who listens: on a path or on a loopback address.
class Peer {
 public:
  explicit Peer(const std::string& path) : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    listen_at(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  Peer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listen_at(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~Peer() {
    hang_up();
    close(listener_);
  }
  void accept_one() {
    connection_ = accept(listener_, nullptr, nullptr);
    REQUIRE(connection_ >= 0);
  }
  void say(std::string_view text) const { REQUIRE(write(connection_, text.data(), text.size()) > 0); }
  std::string hear(std::size_t count) const {
    std::string out(count, 0);
    for (std::size_t got = 0; got < count;) {
      const auto more = read(connection_, out.data() + got, count - got);
      REQUIRE(more > 0);
      got += static_cast<std::size_t>(more);
    }
    return out;
  }
  void hang_up() {
    if (connection_ >= 0) close(std::exchange(connection_, -1));
  }
  std::uint16_t port = 0;

 private:
  void listen_at(const sockaddr* address, socklen_t size) const {
    REQUIRE(bind(listener_, address, size) == 0);
    REQUIRE(listen(listener_, 4) == 0);
  }
  int listener_, connection_ = -1;
};

ByteStream connected(const std::string& address) {
  auto stream = ByteStream::connect(address, in(kLong));
  INFO((stream ? "" : stream.error().message));
  REQUIRE(stream);
  return std::move(*stream);
}
Waited wait_to_read(const ByteStream& stream, const WakeUp* wake, ByteStream::Deadline deadline) {
  std::array on{Interest{.stream = &stream}};
  auto waited = wait_for(on, wake, deadline);
  REQUIRE(waited);
  CHECK((*waited == Waited::ready) == on[0].readable);
  return *waited;
}
std::string read_text(ByteStream& stream) {
  REQUIRE(wait_to_read(stream, nullptr, in(kLong)) == Waited::ready);
  std::array<std::uint8_t, 64> buffer{};
  const auto count = stream.read_some(buffer);
  REQUIRE(count);
  return to_string(ByteView(buffer).first(*count));
}

}  // namespace

TEST_CASE("byte stream: a path and a host carry bytes both ways, and the end is told", "[net][stream]") {
  const ScratchFolder folder;
  const auto path = (folder.path() / "s").string();
  for (const bool local : {true, false}) {
    Peer peer = local ? Peer(path) : Peer();
    auto stream = connected(local ? "unix:" + path : "127.0.0.1:" + std::to_string(peer.port));
    peer.accept_one();
    std::array<std::uint8_t, 8> buffer{};
    const auto nothing = stream.read_some(buffer);
    REQUIRE(nothing);
    CHECK(*nothing == 0);
    REQUIRE(stream.write_all(as_bytes("hello"), in(kLong)));
    CHECK(peer.hear(5) == "hello");
    peer.say("back");
    CHECK(read_text(stream) == "back");
    peer.hang_up();
    REQUIRE(wait_to_read(stream, nullptr, in(kLong)) == Waited::ready);
    const auto end = stream.read_some(buffer);
    REQUIRE_FALSE(end);
    CHECK(end.error().code == ErrorCode::unavailable);
    CHECK(end.error().reason == "STREAM_FAILED");
  }
}

TEST_CASE("byte stream: nobody there, and addresses that are none", "[net][stream]") {
  const ScratchFolder folder;
  const auto path = (folder.path() / "nobody").string();
  const auto refused = ByteStream::connect("unix:" + path, in(kLong));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "STREAM_FAILED");
  CHECK(refused.error().message.contains(path));
  std::uint16_t port = 0;
  { port = Peer().port; }  // was free a moment ago
  const auto closed = ByteStream::connect("127.0.0.1:" + std::to_string(port), in(kLong));
  REQUIRE_FALSE(closed);
  CHECK(closed.error().reason == "STREAM_FAILED");
  for (const std::string bad : {"unix:", "", "127.0.0.1", "[::1:80", "tcp:1.2.3.4:80:90"}) {
    INFO(bad);
    CHECK_FALSE(ByteStream::check_address(bad));
    const auto wrong = ByteStream::connect(bad, in(kLong));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().reason == "ENDPOINT_INVALID");
  }
  CHECK_FALSE(ByteStream::check_address("unix:/" + std::string(107, 'x')));
  CHECK(ByteStream::check_address("unix:/" + std::string(106, 'x')));
  CHECK(ByteStream::check_address("[2001:db8::1]:6640"));
}

TEST_CASE("byte stream: a deadline ends a wait, another thread ends it sooner, and no wake-up is lost",
          "[net][stream]") {
  Peer peer;
  auto stream = connected("127.0.0.1:" + std::to_string(peer.port));
  peer.accept_one();
  auto wake = WakeUp::make();
  REQUIRE(wake);
  CHECK(wait_to_read(stream, &*wake, in(5ms)) == Waited::deadline);
  std::thread other([&] { wake->wake(); });
  CHECK(wait_to_read(stream, &*wake, in(kLong)) == Waited::woken);
  other.join();
  CHECK(wait_to_read(stream, &*wake, in(kLong)) == Waited::woken);  // until it is cleared
  wake->clear();
  CHECK(wait_to_read(stream, &*wake, in(5ms)) == Waited::deadline);

  // A peer that does not read: writing waits, and ends by deadline or wake-up.
  const Bytes much(std::size_t{32} << 20);
  const auto slow = stream.write_all(much, in(20ms), &*wake);
  REQUIRE_FALSE(slow);
  CHECK(slow.error().reason == "STREAM_TIMEOUT");
  wake->wake();
  const auto given_up = stream.write_all(much, in(kLong), &*wake);
  REQUIRE_FALSE(given_up);
  CHECK(given_up.error().reason == "STREAM_WOKEN");
}
