#include "libs/net/https_server.h"

#include <catch2/catch.hpp>

#include <atomic>

#include "libs/net/https_client.h"
#include "libs/net/loopback_test.h"

using namespace pratique;
using namespace pratique::net;
using namespace pratique::net::loopback;

namespace {

HttpsServerConfig local() {
  HttpsServerConfig config;
  config.listen = {"127.0.0.1", 0};
  return config;
}

// Says what it was asked, and by whom.
http::Response echo(const http::Request& request, const PeerInfo& peer) {
  const auto who = peer.leaf() == nullptr ? "nobody" : peer.leaf()->common_name().value_or("?");
  auto response = http::respond(200, "text/plain", request.method + " " + request.path + " by " + who + " over " +
                                                       peer.tls_version + ": " + to_string(request.body));
  response.headers.set("X-Chain", std::to_string(peer.chain.size()));
  return response;
}

bool begins(const std::string& text, std::string_view with) { return text.starts_with(with); }

// A server without TLS, for what is about HTTP alone.
struct Plain {
  explicit Plain(HttpsServerConfig config = local(), HttpsServer::Handler handler = echo)
      : server(must(HttpsServer::start_plain(std::move(config), pool, std::move(handler)))) {}
  std::string ask(std::string_view text) const {
    const RawSocket socket(server->port());
    socket.send(text);
    return socket.receive_all();
  }
  Pool pool;
  std::unique_ptr<HttpsServer> server;
};

// A server with TLS, and files of a client's identity.
struct Secure {
  explicit Secure(HttpsServerConfig config = local(), HttpsServer::Handler handler = echo)
      : server(must(HttpsServer::start(std::move(config), pki.identity("server one"), pool, std::move(handler)))) {
    const auto client = pki.issue("pledge");
    root = folder.write("root.pem", pki.root().pem());
    certificate = folder.write("client.pem", client.certificate.pem() + pki.root().pem());
    key = folder.write("client.key", as_text(must(client.key.plaintext_pem()).reveal()));
  }
  std::string curl(const std::string& arguments, const std::string& path = "/hello") const {
    return run_program("curl -sS --max-time 10 --cacert " + root + " " + arguments + " https://localhost:" +
                       std::to_string(server->port()) + path);
  }
  std::string identity() const { return " --cert " + certificate + " --key " + key + " "; }
  std::string s_client(const std::string& arguments, const std::string& request) const {
    return run_program("(printf '" + request + "'; sleep 0.2) | timeout 10 openssl s_client -connect 127.0.0.1:" +
                       std::to_string(server->port()) + " -CAfile " + root + " " + arguments);
  }
  Pki pki{"Test Root"};
  Pool pool;
  Folder folder;
  std::string root, certificate, key;
  std::unique_ptr<HttpsServer> server;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("curl with a client certificate over TLS 1.3 and 1.2", "[net][server]") {
  const Secure secure;
  CHECK(secure.curl(secure.identity()) == "GET /hello by pledge over TLSv1.3: ");
  CHECK(secure.curl(secure.identity() + "--tls-max 1.2 -d body") == "POST /hello by pledge over TLSv1.2: body");
  CHECK(begins(secure.curl("-I" + secure.identity()), "HTTP/1.1 200 OK"));
  CHECK(secure.curl(secure.identity() + "-H 'Transfer-Encoding: chunked' -d chunks") ==
        "POST /hello by pledge over TLSv1.3: chunks");
  CHECK(secure.curl(secure.identity() + "-H 'Expect: 100-continue' -d waited") ==
        "POST /hello by pledge over TLSv1.3: waited");
  CHECK(secure.curl(secure.identity() + "-D - -o /dev/null").contains("X-Chain: 2"));
  CHECK(secure.server->stats().handshakes == 6);
}

TEST_CASE("a client without certificate", "[net][server]") {
  SECTION("is let in where one is only requested") {
    const Secure secure;
    CHECK(secure.curl("") == "GET /hello by nobody over TLSv1.3: ");
  }
  SECTION("fails the handshake where one is required") {
    auto config = local();
    config.client_certificate = ClientCertificate::required;
    std::string told;
    std::mutex mutex;
    config.on_handshake_failed = [&](const std::string&, const std::string& reason) {
      const std::lock_guard lock(mutex);
      told = reason;
    };
    const Secure secure(config);
    CHECK(secure.curl("").contains("certificate required"));
    CHECK(secure.curl("--tls-max 1.2").contains("handshake failure"));
    CHECK(secure.curl(secure.identity()) == "GET /hello by pledge over TLSv1.3: ");
    CHECK(secure.server->stats().handshakes_failed.at("no client certificate") == 2);
    const std::lock_guard lock(mutex);
    CHECK(told == "no client certificate");
  }
}

TEST_CASE("a client's chain is recorded, whoever issued it", "[net][server]") {
  const Secure secure;
  Pki stranger("Another Root");
  const auto client = stranger.issue("stranger", {}, date(2022));  // and expired
  const auto certificate = secure.folder.write("s.pem", client.certificate.pem());
  const auto key = secure.folder.write("s.key", as_text(must(client.key.plaintext_pem()).reveal()));
  CHECK(secure.curl("--cert " + certificate + " --key " + key) == "GET /hello by stranger over TLSv1.3: ");
}

TEST_CASE("openssl s_client finds neither old versions nor tickets nor renegotiation", "[net][server]") {
  const Secure secure;
  const std::string get = "GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n";
  const auto modern = secure.s_client("-tls1_3", get);
  CHECK(modern.contains("Verify return code: 0 (ok)"));
  CHECK(modern.contains("GET / by nobody over TLSv1.3"));
  CHECK_FALSE(modern.contains("New Session Ticket"));
  const auto older = secure.s_client("-tls1_2", get);
  CHECK(older.contains("GET / by nobody over TLSv1.2"));
  CHECK_FALSE(older.contains("TLS session ticket:"));
  CHECK(secure.s_client("-tls1_2", "R\\n").contains("no renegotiation"));
  const auto ancient = secure.s_client("-tls1_1 -cipher DEFAULT@SECLEVEL=0", get);
  CHECK(ancient.contains("Cipher is (NONE)"));
  CHECK(secure.server->stats().handshakes_failed.contains("unsupported protocol"));
}

TEST_CASE("who does not speak TLS is counted and closed", "[net][server]") {
  const Secure secure;
  const RawSocket socket(secure.server->port());
  socket.send(kGet);
  socket.receive_all();
  CHECK(eventually([&] { return secure.server->stats().handshakes_failed.contains("not TLS"); }));
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
  CHECK(plain.ask("GET https://x/abs?q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").contains("GET /abs by"));
  CHECK(plain.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").contains("OPTIONS * by"));
  CHECK(begins(plain.ask("GET /old HTTP/1.0\r\n\r\n"), "HTTP/1.0 200"));
  CHECK(plain.ask("BREW /pot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").contains("BREW /pot by"));
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

TEST_CASE("the 413 arrives over TLS although the client still sends", "[net][server]") {
  auto config = local();
  config.max_body_bytes = 100;
  const Secure secure(config);
  const auto big = secure.folder.write("big", std::string(600'000, 'x'));
  CHECK(secure.curl("-o /dev/null -w '%{http_code}' -H 'Expect:' --data-binary @" + big) == "413");
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
  config.handshake_timeout = 100ms;
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
  SECTION("within the handshake") {
    const Secure secure(config);
    const RawSocket socket(secure.server->port());
    socket.send("\x16\x03\x01");
    CHECK(socket.receive_all().empty());
    CHECK(eventually([&] { return secure.server->stats().handshakes_failed.contains("timeout"); }));
  }
}

TEST_CASE("one connection carries many requests", "[net][server]") {
  const Plain plain;
  const RawSocket socket(plain.server->port());
  socket.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kGet));  // pipelined
  const auto answers = socket.receive_all();
  CHECK(answers.find("GET /1") < answers.find("GET /2"));
  CHECK(answers.contains("GET / by"));
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
  const auto server = must(HttpsServer::start_plain(config, pool, [&](const http::Request&, const PeerInfo&) {
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

TEST_CASE("a new identity serves new connections, old ones go on", "[net][server]") {
  Secure secure;
  HttpsClientOptions options;
  options.server = must(parse_url("https://localhost:" + std::to_string(secure.server->port())));
  options.connect_to = Endpoint{"127.0.0.1", secure.server->port()};
  options.anchors = {secure.pki.root()};
  HttpsClient before(options);
  must(before.send({}));
  CHECK(before.peer().leaf()->common_name() == "server one");
  must(secure.server->replace_identity(secure.pki.identity("server two")));
  HttpsClient after(options);
  must(after.send({}));
  CHECK(after.peer().leaf()->common_name() == "server two");
  must(before.send({}));
  CHECK(before.peer().leaf()->common_name() == "server one");
}

TEST_CASE("an identity must fit together", "[net][tls]") {
  Pki pki("Root");
  const auto one = pki.issue("one"), two = pki.issue("two");
  CHECK(TlsIdentity::make({}, one.key).error().reason == "TLS_IDENTITY_INVALID");
  CHECK(TlsIdentity::make({one.certificate}, two.key).error().reason == "TLS_IDENTITY_INVALID");
  CHECK(TlsIdentity::make({one.certificate}, one.key));
}

TEST_CASE("many clients at once", "[net][server]") {
  Secure secure;
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      HttpsClientOptions options;
      options.server = must(parse_url("https://127.0.0.1:" + std::to_string(secure.server->port())));
      options.anchors = {secure.pki.root()};
      HttpsClient client(options);
      for (int n = 0; n < 20; ++n) {
        HttpCall call;
        call.method = "POST";
        call.target = "/" + std::to_string(n);
        call.body = Bytes(static_cast<std::size_t>(n) * 1000, 'x');
        const auto response = client.send(call);
        if (response && response->status == 200 && response->body.size() > call.body.size()) ++good;
      }
    });
  for (auto& client : clients) client.join();
  CHECK(good == 160);
  CHECK(secure.server->stats().requests == 160);
  CHECK(secure.server->stats().handshakes == 8);
}

TEST_CASE("stop lets what is in flight finish", "[net][server]") {
  Door started, release;
  Pool pool;
  const auto server = must(HttpsServer::start_plain(local(), pool, [&](const http::Request&, const PeerInfo&) {
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
  auto server = must(HttpsServer::start_plain(local(), pool, [&](const http::Request&, const PeerInfo&) {
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
  CHECK(HttpsServer::start_plain(config, pool, echo).error().reason == "SERVER_CONFIG_INVALID");
  config = local();
  config.max_connections = 0;
  CHECK(HttpsServer::start_plain(config, pool, echo).error().reason == "SERVER_CONFIG_INVALID");
  CHECK(HttpsServer::start_plain(local(), pool, nullptr).error().reason == "SERVER_CONFIG_INVALID");
  const Plain plain;
  config = local();
  config.listen.port = plain.server->port();
  CHECK(HttpsServer::start_plain(config, pool, echo).error().reason == "LISTEN_FAILED");
}
