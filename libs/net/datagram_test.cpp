// Real sockets of the loopback interface and of a private folder.
#include "libs/net/datagram.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <thread>

#include <catch2/catch.hpp>

#include "tests/support/scratch_folder.h"

using namespace pratique;
using namespace pratique::net;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 10s;  // never waited for in full when all is well

auto soon() { return std::chrono::steady_clock::now() + kPatience; }

template <typename T>
T good(Result<T> result) {
  if (!result) FAIL(result.error().reason << ": " << result.error().message);
  return *std::move(result);
}

const Waker& nobody_wakes() {
  static const Waker kWaker = good(Waker::make());
  return kWaker;
}

std::optional<Datagram> next_of(const DatagramSocket& socket) {
  const DatagramSocket* const one[] = {&socket};
  if (!good(wait_for_datagrams(one, nobody_wakes(), soon()))) return std::nullopt;
  return good(socket.receive());
}

UdpAddress loopback(std::string_view address, std::uint16_t port = 0) {
  return {.address = *IpAddress::parse(address), .port = port};
}

/// This machine may have no IPv6.
bool has(const UdpAddress& address) { return DatagramSocket::bind_udp(address).has_value(); }

}  // namespace

TEST_CASE("datagram: UDP there and back, with the sender's address", "[net][datagram]") {
  for (const auto* address : {"127.0.0.1", "::1"}) {
    if (!has(loopback(address))) {
      WARN("skipped: no " << address << " here");
      continue;
    }
    const auto server = good(DatagramSocket::bind_udp(loopback(address)));
    const auto at = good(server.local());
    REQUIRE(at.port != 0);
    const auto client = good(DatagramSocket::open_udp(at));
    REQUIRE(client.send(as_bytes("hello")));
    const auto heard = next_of(server);
    REQUIRE(heard);
    CHECK(to_string(heard->bytes) == "hello");
    CHECK(heard->from == good(client.local()));
    REQUIRE(server.send_to(as_bytes("and to you"), heard->from));
    const auto answer = next_of(client);
    REQUIRE(answer);
    CHECK(to_string(answer->bytes) == "and to you");
    CHECK(answer->from == at);
    CHECK_FALSE(good(client.receive()));
  }
}

TEST_CASE("datagram: a connected socket hears its peer alone", "[net][datagram]") {
  const auto server = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
  const auto stranger = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
  const auto client = good(DatagramSocket::open_udp(good(server.local())));
  REQUIRE(stranger.send_to(as_bytes("forged"), good(client.local())));
  REQUIRE(server.send_to(as_bytes("true"), good(client.local())));
  const auto heard = next_of(client);
  REQUIRE(heard);
  CHECK(to_string(heard->bytes) == "true");
  CHECK_FALSE(good(client.receive()));
}

TEST_CASE("datagram: an empty one is one", "[net][datagram]") {
  const auto server = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
  const auto client = good(DatagramSocket::open_udp(good(server.local())));
  REQUIRE(client.send({}));
  const auto heard = next_of(server);
  REQUIRE(heard);
  CHECK(heard->bytes.empty());
}

TEST_CASE("datagram: the largest passes, one byte more is refused", "[net][datagram]") {
  const auto server = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
  const auto client = good(DatagramSocket::open_udp(good(server.local())));
  constexpr std::size_t kMostOverIpv4 = 65'507;
  REQUIRE(client.send(Bytes(kMostOverIpv4, 7)));
  const auto heard = next_of(server);
  REQUIRE(heard);
  CHECK(heard->bytes.size() == kMostOverIpv4);
  const auto refused = client.send(Bytes(kMostOverIpv4 + 1, 7));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "DATAGRAM_TOO_LARGE");
}

TEST_CASE("datagram: nobody at the port is heard of once, and the socket goes on", "[net][datagram]") {
  UdpAddress left;
  {
    const auto server = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
    left = good(server.local());
  }
  const auto client = good(DatagramSocket::open_udp(left));
  REQUIRE(client.send(as_bytes("anybody?")));
  const DatagramSocket* const one[] = {&client};
  CHECK(good(wait_for_datagrams(one, nobody_wakes(), soon())));
  const auto gone = client.receive();
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == ErrorCode::unavailable);
  CHECK(gone.error().reason == "DATAGRAM_PEER_GONE");
  const auto again = good(DatagramSocket::bind_udp(left));
  REQUIRE(client.send(as_bytes("anybody?")));
  CHECK(next_of(again));
}

TEST_CASE("datagram: what is no address is refused", "[net][datagram]") {
  CHECK(DatagramSocket::open_udp(loopback("127.0.0.1")).error().reason == "DATAGRAM_ADDRESS_INVALID");
  CHECK(DatagramSocket::open_unix("").error().reason == "DATAGRAM_ADDRESS_INVALID");
  CHECK(DatagramSocket::open_unix("/" + std::string(kMaxUnixPath, 'x')).error().reason == "DATAGRAM_ADDRESS_INVALID");
  CHECK(DatagramSocket::bind_udp(loopback("192.0.2.7")).error().reason == "DATAGRAM_SOCKET_FAILED");
  CHECK(loopback("127.0.0.1", 3799).text() == "127.0.0.1:3799");
  CHECK(loopback("2001:db8::7", 3799).text() == "[2001:db8::7]:3799");
}

TEST_CASE("datagram: a Unix client has a place of its own, where it is answered", "[net][datagram]") {
  const ScratchFolder folder;
  const auto path = folder.path() / "server";
  std::filesystem::path place;
  {
    const auto server = good(DatagramSocket::bind_unix(path));
    CHECK(DatagramSocket::bind_unix(path).error().reason == "DATAGRAM_SOCKET_FAILED");
    auto client = good(DatagramSocket::open_unix(path));
    const auto moved = std::move(client);
    REQUIRE(moved.send(as_bytes("PING")));
    // The server answers to where it came from, as the far end's own code does.
    sockaddr_un from{};
    socklen_t size = sizeof from;
    char buffer[16];
    const DatagramSocket* const one[] = {&server};
    REQUIRE(good(wait_for_datagrams(one, nobody_wakes(), soon())));
    REQUIRE(recvfrom(server.descriptor(), buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size) == 4);
    place = from.sun_path;
    CHECK(std::filesystem::exists(place));
    const auto rights = std::filesystem::status(place.parent_path()).permissions();
    CHECK((rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
    REQUIRE(sendto(server.descriptor(), "PONG", 4, 0, reinterpret_cast<sockaddr*>(&from), size) == 4);
    const auto answer = next_of(moved);
    REQUIRE(answer);
    CHECK(to_string(answer->bytes) == "PONG");

    SECTION("and notices at the next sending that the server is gone") {
      std::filesystem::remove(path);
      const auto gone = DatagramSocket::open_unix(path);
      REQUIRE_FALSE(gone);
      CHECK(gone.error().reason == "DATAGRAM_PEER_GONE");
    }
  }
  CHECK_FALSE(std::filesystem::exists(place));
  CHECK_FALSE(std::filesystem::exists(place.parent_path()));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("datagram: a Unix server that ends is noticed when something is sent", "[net][datagram]") {
  const ScratchFolder folder;
  auto server = std::optional(good(DatagramSocket::bind_unix(folder.path() / "server")));
  const auto client = good(DatagramSocket::open_unix(folder.path() / "server"));
  REQUIRE(client.send(as_bytes("PING")));
  server.reset();
  const auto gone = client.send(as_bytes("PING"));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().reason == "DATAGRAM_PEER_GONE");
}

TEST_CASE("datagram: a queue that nobody empties loses, and says so", "[net][datagram]") {
  const ScratchFolder folder;
  const auto server = good(DatagramSocket::bind_unix(folder.path() / "server"));
  const auto client = good(DatagramSocket::open_unix(folder.path() / "server"));
  Result<void> sent;
  for (int i = 0; i < 100'000 && sent; ++i) sent = client.send(as_bytes("PING"));
  REQUIRE_FALSE(sent);
  CHECK(sent.error().reason == "DATAGRAM_QUEUE_FULL");
}

TEST_CASE("datagram: a wait ends by a wake, a datagram on any socket, or its deadline", "[net][datagram]") {
  const auto first = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
  const auto second = good(DatagramSocket::bind_udp(loopback("127.0.0.1")));
  const auto waker = good(Waker::make());
  const DatagramSocket* const both[] = {&first, &second};
  SECTION("a wake before the wait, which counts once") {
    waker.wake();
    waker.wake();
    CHECK_FALSE(good(wait_for_datagrams(both, waker, soon())));
    CHECK_FALSE(waker.take());
  }
  SECTION("a wake from another thread") {
    std::thread other([&] { waker.wake(); });
    CHECK_FALSE(good(wait_for_datagrams(both, waker, soon())));
    other.join();
  }
  SECTION("a datagram on the second") {
    REQUIRE(first.send_to(as_bytes("x"), good(second.local())));
    CHECK(good(wait_for_datagrams(both, waker, soon())));
    CHECK_FALSE(good(first.receive()));
    CHECK(good(second.receive()));
  }
  SECTION("a deadline that is over") {
    CHECK_FALSE(good(wait_for_datagrams(both, waker, std::chrono::steady_clock::now() - 1s)));
  }
  SECTION("no socket at all") { CHECK_FALSE(good(wait_for_datagrams({}, waker, std::chrono::steady_clock::now()))); }
}
