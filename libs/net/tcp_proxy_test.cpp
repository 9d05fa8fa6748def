#include "libs/net/tcp_proxy.h"

#include <catch2/catch.hpp>

#include "libs/net/https_client.h"
#include "libs/net/https_server.h"
#include "libs/net/loopback_test.h"

using namespace pratique;
using namespace pratique::net;
using namespace pratique::net::loopback;

namespace {

std::unique_ptr<TcpProxy> proxy_to(std::vector<std::uint16_t> ports, TcpProxyLimits limits = {}) {
  TcpProxyConfig config;
  config.listen = {"127.0.0.1", 0};
  for (const auto port : ports) config.upstreams.push_back({"127.0.0.1", port});
  config.limits = limits;
  return must(TcpProxy::start(std::move(config)));
}

void await_open(const TcpProxy& proxy, std::size_t count) {
  CHECK(eventually([&] { return proxy.stats().open == count; }));
}

}  // namespace

TEST_CASE("TLS runs end to end through the proxy", "[net][proxy]") {
  Pki pki("Root");
  Pool pool;
  HttpsServerConfig config;
  config.listen = {"127.0.0.1", 0};
  const auto server = must(HttpsServer::start(config, pki.identity("registrar"), pool,
                                              [](const http::Request& request, const PeerInfo&) {
                                                return http::respond_text(200, std::to_string(request.body.size()));
                                              }));
  const auto proxy = proxy_to({server->port()});
  HttpsClientOptions options;
  options.server = must(parse_url("https://localhost:9999"));
  options.connect_to = Endpoint{"127.0.0.1", proxy->port()};
  options.anchors = {pki.root()};
  HttpsClient client(options);
  HttpCall call;
  call.method = "POST";
  call.body = Bytes(500'000, 'x');
  CHECK(to_string(must(client.send(call)).body) == "500000\n");
  CHECK(client.peer().leaf()->common_name() == "registrar");
  CHECK(proxy->stats().bytes_to_upstream > 500'000);
}

TEST_CASE("the end of one direction is passed on while the other goes on", "[net][proxy]") {
  const RawListener upstream;
  const auto proxy = proxy_to({upstream.port()});
  const RawSocket device(proxy->port());
  const auto behind = upstream.accept();
  device.send("question");
  device.half_close();
  CHECK(behind.receive_all() == "question");
  behind.send("answer");
  CHECK(device.receive_exactly(6) == "answer");
  behind.half_close();
  CHECK(device.receive_all().empty());
  await_open(*proxy, 0);
}

TEST_CASE("upstreams take turns, and the next takes over where one is down", "[net][proxy]") {
  const RawListener one, two;
  auto proxy = proxy_to({one.port(), two.port()});
  const RawSocket first(proxy->port());
  const auto at_one = one.accept();
  const RawSocket second(proxy->port());
  const auto at_two = two.accept();

  SECTION("down") {
    proxy = proxy_to({closed_port(), two.port()});
    for (int i = 0; i < 3; ++i) {
      const RawSocket device(proxy->port());
      const auto behind = two.accept();
      device.send("x");
      CHECK(behind.receive() == "x");
    }
    CHECK(proxy->stats().upstream_connect_failed >= 1);
    CHECK(proxy->stats().no_upstream == 0);
  }
  SECTION("all down") {
    proxy = proxy_to({closed_port(), closed_port()});
    const RawSocket device(proxy->port());
    CHECK(device.receive_all().empty());
    await_open(*proxy, 0);
    CHECK(proxy->stats().no_upstream == 1);
    CHECK(proxy->stats().upstream_connect_failed == 2);
  }
  SECTION("replaced") {
    const RawListener three;
    must(proxy->set_upstreams({{"127.0.0.1", three.port()}}));
    const RawSocket device(proxy->port());
    const auto behind = three.accept();
    device.send("x");
    CHECK(behind.receive() == "x");
    CHECK(proxy->set_upstreams({}).error().reason == "PROXY_CONFIG_INVALID");
  }
  SECTION("by name") {
    TcpProxyConfig config;
    config.listen = {"127.0.0.1", 0};
    config.upstreams = {{"no-such-host.invalid", 1}, {"localhost", two.port()}};
    proxy = must(TcpProxy::start(config));
    const RawSocket device(proxy->port());
    const auto behind = two.accept();
    device.send("x");
    CHECK(behind.receive() == "x");
  }
}

TEST_CASE("connections beyond the limits are closed at once", "[net][proxy]") {
  const RawListener upstream;
  const auto proxy = proxy_to({upstream.port()}, {.max_connections = 3, .max_connections_per_source = 2});
  const RawSocket one(proxy->port()), two(proxy->port());
  await_open(*proxy, 2);
  CHECK(RawSocket(proxy->port()).receive_all().empty());
  CHECK(proxy->stats().refused_source_limit == 1);
  const RawSocket elsewhere(proxy->port(), "127.0.0.2");
  await_open(*proxy, 3);
  CHECK(RawSocket(proxy->port(), "127.0.0.3").receive_all().empty());
  CHECK(proxy->stats().refused_total_limit == 1);
  {
    const auto first = upstream.accept();
    first.send("still");
    CHECK(one.receive() == "still");
  }
  CHECK(one.receive_all().empty());  // the upstream went, its place is free again
}

TEST_CASE("time and bytes are limited", "[net][proxy]") {
  const RawListener upstream;
  SECTION("idle") {
    const auto proxy = proxy_to({upstream.port()}, {.idle_timeout = 80ms});
    const RawSocket device(proxy->port());
    CHECK(device.receive_all().empty());
    CHECK(proxy->stats().ended_idle == 1);
  }
  SECTION("lifetime, however busy") {
    const auto proxy = proxy_to({upstream.port()}, {.idle_timeout = 10s, .lifetime = 120ms});
    const RawSocket device(proxy->port());
    const auto behind = upstream.accept();
    for (int i = 0; i < 10 && device.send("x"); ++i) std::this_thread::sleep_for(20ms);
    CHECK(device.receive_all().empty());
    CHECK(proxy->stats().ended_lifetime == 1);
  }
  SECTION("bytes") {
    const auto proxy = proxy_to({upstream.port()}, {.max_bytes = 10});
    const RawSocket device(proxy->port());
    const auto behind = upstream.accept();
    device.send("0123456789");
    CHECK(behind.receive_exactly(10) == "0123456789");
    device.send("a");
    CHECK(behind.receive_all().empty());
    CHECK(proxy->stats().ended_byte_limit == 1);
  }
  SECTION("rate") {
    const auto proxy = proxy_to({upstream.port()}, {.max_bytes_per_second = 100'000});
    const RawSocket device(proxy->port());
    const auto behind = upstream.accept();
    const auto begin = std::chrono::steady_clock::now();
    device.send(std::string(40'000, 'x'));
    CHECK(behind.receive_exactly(40'000).size() == 40'000);
    CHECK(std::chrono::steady_clock::now() - begin > 200ms);  // the last chunk of 16 KiB is not waited for
  }
}

TEST_CASE("the proxy stops", "[net][proxy]") {
  const RawListener upstream;
  const auto proxy = proxy_to({upstream.port()});
  const auto port = proxy->port();
  const RawSocket device(port);
  SECTION("cleanly, when connections end within the grace") {
    const auto behind = upstream.accept();
    std::thread ending([&] {
      CHECK_NOTHROW(behind.receive_all());
      behind.half_close();
    });
    device.half_close();
    CHECK(proxy->stop(5s));
    ending.join();
  }
  SECTION("by cutting what outlasts it") {
    const auto behind = upstream.accept();
    CHECK_FALSE(proxy->stop(50ms));
    CHECK(device.receive_all().empty());
  }
  CHECK_THROWS(RawSocket(port));
  CHECK(proxy->stats().open == 0);
}

TEST_CASE("a proxy that cannot start says why", "[net][proxy]") {
  CHECK(TcpProxy::start({.listen = {"127.0.0.1", 0}, .upstreams = {}, .limits = {}}).error().reason ==
        "PROXY_CONFIG_INVALID");
  CHECK(TcpProxy::start({.listen = {"somewhere", 0}, .upstreams = {{"a", 1}}, .limits = {}}).error().reason ==
        "PROXY_CONFIG_INVALID");
  CHECK(TcpProxy::start({.listen = {"127.0.0.1", 0}, .upstreams = {{"a", 0}}, .limits = {}}).error().reason ==
        "PROXY_CONFIG_INVALID");
  const RawListener taken;
  const Endpoint there{"127.0.0.1", taken.port()};
  CHECK(TcpProxy::start({.listen = there, .upstreams = {{"a", 1}}, .limits = {}}).error().reason == "LISTEN_FAILED");
}
