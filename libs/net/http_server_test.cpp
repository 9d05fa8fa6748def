// HTTP itself, as both servers speak it: here without TLS.
#include "libs/net/http_server.h"

#include <catch2/catch.hpp>

#include "libs/net/loopback_test.h"

using namespace pratique;
using namespace pratique::net;
using namespace pratique::net::loopback;

namespace {

HttpServerConfig local() {
  HttpServerConfig config;
  config.listen = {"127.0.0.1", 0};
  return config;
}

// Says what it was asked.
http::Response echo(const http::Request& request, const PeerInfo& peer) {
  const std::string_view how = peer.encrypted() ? " encrypted: " : " in clear: ";
  return http::respond(200, "text/plain", request.method + " " + request.path + std::string(how) +
                                              to_string(request.body));
}

bool begins(const std::string& text, std::string_view with) { return text.starts_with(with); }

struct Plain {
  explicit Plain(HttpServerConfig config = local(), HttpHandler handler = echo)
      : server(must(HttpServer::start(std::move(config), pool, std::move(handler)))) {}
  std::string ask(std::string_view text) const {
    const RawSocket socket(server->port());
    socket.send(text);
    return socket.receive_all();
  }
  Pool pool;
  std::unique_ptr<HttpServer> server;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("curl speaks plain HTTP with the server", "[net][server]") {
  auto config = local();
  config.max_body_bytes = 1000;
  const Plain plain(config);
  const Folder folder;
  const auto large = folder.write("large", std::string(600'000, 'x'));
  const auto url = " http://127.0.0.1:" + std::to_string(plain.server->port());
  const auto curl = [&](const std::string& arguments) { return run_program("curl -sS --max-time 10 " + arguments); };
  CHECK(curl(url + "/ca.crl") == "GET /ca.crl in clear: ");
  CHECK(curl("--http1.0" + url + "/ca.crl") == "GET /ca.crl in clear: ");
  CHECK(curl("-H 'Content-Type: application/ocsp-request' --data-binary abc" + url + "/ocsp") ==
        "POST /ocsp in clear: abc");
  CHECK(curl("-H 'Transfer-Encoding: chunked' -d chunks" + url) == "POST / in clear: chunks");
  CHECK(curl("-H 'Expect: 100-continue' -d waited" + url) == "POST / in clear: waited");
  CHECK(begins(curl("-I" + url), "HTTP/1.1 200 OK"));
  const std::string status = "-o /dev/null -w '%{http_code}' ";
  CHECK(curl(status + "-H 'Expect:' --data-binary @" + large + url) == "413");
  CHECK(curl(status + "-H 'X: " + std::string(17 << 10, 'x') + "'" + url) == "431");
  CHECK(plain.server->stats().requests == 6);
  CHECK(plain.server->stats().running_handlers == 0);
}

TEST_CASE("curl keeps its connection for the next request", "[net][server]") {
  auto config = local();
  const Plain plain(config);
  const auto url = " http://127.0.0.1:" + std::to_string(plain.server->port());
  const auto ask = "curl -sS --max-time 10" + url + "/1" + url + "/2 -d body" + url + "/3";
  CHECK(run_program(ask) == "POST /1 in clear: bodyPOST /2 in clear: bodyPOST /3 in clear: body");
  CHECK(plain.server->stats().accepted == 1);
  config.keep_alive = false;
  const Plain forgetful(config);
  const auto other = " http://127.0.0.1:" + std::to_string(forgetful.server->port());
  run_program("curl -sS --max-time 10" + other + "/1" + other + "/2");
  CHECK(forgetful.server->stats().accepted == 2);
}

TEST_CASE("curl that uploads too slowly is let go with 408", "[net][server]") {
  auto config = local();
  config.body_timeout = 100ms;
  const Plain plain(config);
  const Folder folder;
  const auto file = folder.write("file", std::string(300'000, 'x'));
  const auto url = " http://127.0.0.1:" + std::to_string(plain.server->port());
  const std::string slowly = "curl -sS --max-time 10 -o /dev/null -w '%{http_code}' -H 'Expect:' --limit-rate 10k ";
  CHECK(run_program(slowly + "--data-binary @" + file + url).contains("408"));
  CHECK(plain.server->stats().timeouts == 1);
  CHECK(plain.server->stats().requests == 0);
}

TEST_CASE("a last chunk that comes in pieces does not end the process", "[net][server]") {
  const Plain plain;
  const RawSocket socket(plain.server->port());
  socket.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n");
  std::this_thread::sleep_for(20ms);
  socket.send("\r");
  std::this_thread::sleep_for(20ms);
  socket.send("\n");
  CHECK(begins(socket.receive_all(), "HTTP/1.1 200"));
}

TEST_CASE("malformed requests are answered, then closed", "[net][server]") {
  const Plain plain;
  const std::vector<std::pair<std::string, std::string>> table = {
      {"HTTP/1.1 400", "nonsense\r\n\r\n"},
      {"HTTP/1.1 400", "GET / HTTP/1.1\r\n\r\n"},                                              // no Host
      {"HTTP/1.1 400", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"HTTP/1.1 400", "GET / HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n"},
      {"HTTP/1.1 400", "GET relative HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/1.1 400", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/1.1 400", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/1.1 400", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"},
      {"HTTP/1.1 400", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
      {"HTTP/1.1 400", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"HTTP/1.1 400", "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
      {"HTTP/1.1 400", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"},
      {"HTTP/1.1 400", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"HTTP/1.1 400", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"HTTP/1.1 400", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
      {"HTTP/1.1 417", "POST / HTTP/1.1\r\nHost: a\r\nExpect: the-unexpected\r\nContent-Length: 1\r\n\r\n"},
      {"HTTP/1.1 505", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
  };
  for (const auto& [status, request] : table) {
    const auto answer = plain.ask(request);
    INFO(request << "\n=> " << answer);
    CHECK(begins(answer, status));
    CHECK(answer.contains("Connection: close"));
  }
  CHECK(plain.server->stats().requests == 0);
}

TEST_CASE("what is well-formed though odd is served", "[net][server]") {
  const Plain plain;
  const auto absolute = plain.ask("GET https://x/abs?q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(absolute.contains("GET /abs in clear"));
  CHECK(plain.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").contains("OPTIONS * in clear"));
  CHECK(begins(plain.ask("GET /old HTTP/1.0\r\n\r\n"), "HTTP/1.0 200"));
  CHECK(plain.ask("BREW /pot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").contains("BREW /pot in clear"));
}

TEST_CASE("headers over the limit are answered with 431", "[net][server]") {
  const Plain plain;
  const auto with_field = [](std::size_t size) {
    return "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + std::string(size, 'a') + "\r\n\r\n";
  };
  CHECK(begins(plain.ask(with_field(15 << 10)), "HTTP/1.1 200"));
  CHECK(begins(plain.ask(with_field(17 << 10)), "HTTP/1.1 431"));
  CHECK(begins(plain.ask("GET / HTTP/1.1\r\nX: " + std::string(200 << 10, 'a')), "HTTP/1.1 431"));
  CHECK(begins(plain.ask("GET /" + std::string(17 << 10, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 431"));
}

TEST_CASE("bodies over the limit are answered with 413", "[net][server]") {
  auto config = local();
  config.max_body_bytes = 100;
  config.body_limit = [](std::string_view method, std::string_view path) -> std::optional<std::size_t> {
    if (method == "POST" && path == "/large") return 300'000;
    return std::nullopt;
  };
  const Plain plain(config);
  const auto post = [](const std::string& path, std::size_t size) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + std::to_string(size) +
           "\r\n\r\n" + std::string(size, 'b');
  };
  CHECK(begins(plain.ask(post("/", 100)), "HTTP/1.1 200"));
  CHECK(begins(plain.ask(post("/", 101)), "HTTP/1.1 413"));
  CHECK(begins(plain.ask(post("/", 200'000)), "HTTP/1.1 413"));
  CHECK(begins(plain.ask(post("/large", 200'000)), "HTTP/1.1 200"));
  CHECK(begins(plain.ask(post("/large", 300'001)), "HTTP/1.1 413"));
  CHECK(begins(plain.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n"), "HTTP/1.1 413"));
  CHECK(begins(plain.ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n70\r\n" +
                         std::string(0x70, 'c') + "\r\n0\r\n\r\n"),
               "HTTP/1.1 413"));
  CHECK(plain.server->stats().refused.at(413) == 5);
}

TEST_CASE("a request that breaks off is answered with 400", "[net][server]") {
  const Plain plain;
  for (const auto* text : {"GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"}) {
    const RawSocket socket(plain.server->port());
    socket.send(text);
    socket.half_close();
    CHECK(begins(socket.receive_all(), "HTTP/1.1 400"));
  }
}

TEST_CASE("slow peers are let go", "[net][server]") {
  auto config = local();
  config.header_timeout = 100ms;
  config.body_timeout = 100ms;
  config.idle_timeout = 100ms;
  SECTION("within the header, though bytes keep dripping") {
    const Plain plain(config);
    const RawSocket socket(plain.server->port());
    for (const auto* drop : {"GET / ", "HTTP/1.1\r\n", "Host:", " x\r\n", "A:", "b\r\n", "C:", "d\r\n"}) {
      if (!socket.send(drop)) break;
      std::this_thread::sleep_for(25ms);
    }
    CHECK(begins(socket.receive_all(), "HTTP/1.1 408"));
    CHECK(plain.server->stats().timeouts == 1);
  }
  SECTION("within the body") {
    const Plain plain(config);
    CHECK(begins(plain.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"), "HTTP/1.1 408"));
  }
  SECTION("between requests, without a word") {
    const Plain plain(config);
    const RawSocket socket(plain.server->port());
    CHECK(socket.receive_all().empty());
  }
}

TEST_CASE("one connection carries many requests", "[net][server]") {
  const Plain plain;
  const RawSocket socket(plain.server->port());
  socket.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kGet));  // pipelined
  const auto answers = socket.receive_all();
  CHECK(answers.find("GET /1") < answers.find("GET /2"));
  CHECK(answers.contains("GET / in clear"));
  CHECK(plain.server->stats().accepted == 1);
  CHECK(plain.server->stats().requests == 3);
}

TEST_CASE("keep-alive ends with the configured number of requests", "[net][server]") {
  auto config = local();
  config.max_requests_per_connection = 2;
  const Plain plain(config);
  const RawSocket socket(plain.server->port());
  socket.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto answers = socket.receive_all();
  CHECK(answers.contains("GET /2"));
  CHECK_FALSE(answers.contains("GET /3"));
}

TEST_CASE("too many connections are closed at once", "[net][server]") {
  auto config = local();
  config.max_connections = 3;
  config.max_connections_per_source = 2;
  const Plain plain(config);
  const auto serves = [](const RawSocket& socket) {
    socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    return begins(socket.receive(), "HTTP/1.1 200");
  };
  const RawSocket one(plain.server->port()), two(plain.server->port());
  CHECK(serves(one));
  CHECK(serves(two));
  CHECK_FALSE(serves(RawSocket(plain.server->port())));
  const RawSocket elsewhere(plain.server->port(), "127.0.0.2");
  CHECK(serves(elsewhere));
  CHECK_FALSE(serves(RawSocket(plain.server->port(), "127.0.0.3")));
  CHECK(plain.server->stats().refused_source_limit == 1);
  CHECK(plain.server->stats().refused_total_limit == 1);
  CHECK(serves(one));
}

TEST_CASE("a handler that throws or answers nonsense gives 500", "[net][server]") {
  const Plain plain(local(), [](const http::Request& request, const PeerInfo&) {
    if (request.path == "/throw") throw std::runtime_error("secret detail");
    auto response = http::respond_text(request.path == "/status" ? 42 : 200, "fine");
    if (request.path == "/split") response.headers.add("X", "a\r\nSet-Cookie: b");
    return response;
  });
  for (const auto* path : {"/throw", "/status", "/split"}) {
    const auto answer = plain.ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    INFO(answer);
    CHECK(begins(answer, "HTTP/1.1 500"));
    CHECK_FALSE(answer.contains("secret"));
    CHECK_FALSE(answer.contains("Set-Cookie"));
  }
}

TEST_CASE("responses without a body", "[net][server]") {
  const Plain plain(local(), [](const http::Request& request, const PeerInfo&) {
    return request.path == "/204" ? http::respond(204, "", ByteView{}) : http::respond(200, "text/plain", "12345");
  });
  const auto none = plain.ask("GET /204 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(begins(none, "HTTP/1.1 204"));
  CHECK_FALSE(none.contains("Content-Length"));
  const auto head = plain.ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(head.contains("Content-Length: 5"));
  CHECK_FALSE(head.contains("12345"));
}

TEST_CASE("a full pool answers 503 with Retry-After", "[net][server]") {
  Door started, release;
  Pool pool(1, 1);
  auto config = local();
  config.retry_after = 7s;
  const auto server = must(HttpServer::start(config, pool, [&](const http::Request&, const PeerInfo&) {
    started.open();
    release.wait();
    return http::respond_text(200, "done");
  }));
  const RawSocket running(server->port()), queued(server->port()), refused(server->port());
  running.send(kGet);
  REQUIRE(started.wait());
  queued.send(kGet);
  while (server->stats().running_handlers < 2) std::this_thread::yield();
  refused.send(kGet);
  const auto answer = refused.receive_all();
  CHECK(begins(answer, "HTTP/1.1 503"));
  CHECK(answer.contains("Retry-After: 7"));
  release.open();
  CHECK(begins(running.receive_all(), "HTTP/1.1 200"));
  CHECK(begins(queued.receive_all(), "HTTP/1.1 200"));
}

TEST_CASE("stop lets what is in flight finish", "[net][server]") {
  Door started, release;
  Pool pool;
  const auto server = must(HttpServer::start(local(), pool, [&](const http::Request&, const PeerInfo&) {
    started.open();
    release.wait();
    return http::respond_text(200, "finished");
  }));
  const auto port = server->port();
  const RawSocket idle(port), busy(port);
  busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(started.wait());
  bool clean = false;
  std::thread stopping([&] { clean = server->stop(5s); });
  CHECK(idle.receive_all().empty());  // closed at once
  release.open();
  const auto answer = busy.receive_all();
  CHECK(answer.contains("finished"));
  CHECK(answer.contains("Connection: close"));
  stopping.join();
  CHECK(clean);
  CHECK_THROWS(RawSocket(port));
  CHECK(server->stop(5s));
}

TEST_CASE("stop cuts what outlasts the grace", "[net][server]") {
  Door started, release;
  Pool pool;
  auto server = must(HttpServer::start(local(), pool, [&](const http::Request&, const PeerInfo&) {
    started.open();
    release.wait();
    return http::respond_text(200, "too late");
  }));
  const RawSocket busy(server->port());
  busy.send(kGet);
  REQUIRE(started.wait());
  CHECK_FALSE(server->stop(50ms));
  CHECK(busy.receive_all().empty());
  release.open();
  server.reset();  // waits for the handler
}

TEST_CASE("a server that cannot start says why", "[net][server]") {
  Pool pool;
  auto config = local();
  config.listen.host = "localhost";
  CHECK(HttpServer::start(config, pool, echo).error().reason == "SERVER_CONFIG_INVALID");
  config = local();
  config.max_connections = 0;
  CHECK(HttpServer::start(config, pool, echo).error().reason == "SERVER_CONFIG_INVALID");
  CHECK(HttpServer::start(local(), pool, nullptr).error().reason == "SERVER_CONFIG_INVALID");
  const Plain plain;
  config = local();
  config.listen.port = plain.server->port();
  CHECK(HttpServer::start(config, pool, echo).error().reason == "LISTEN_FAILED");
}
