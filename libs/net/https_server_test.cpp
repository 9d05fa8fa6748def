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

TEST_CASE("the 413 arrives over TLS although the client still sends", "[net][server]") {
  auto config = local();
  config.max_body_bytes = 100;
  const Secure secure(config);
  const auto big = secure.folder.write("big", std::string(600'000, 'x'));
  CHECK(secure.curl("-o /dev/null -w '%{http_code}' -H 'Expect:' --data-binary @" + big) == "413");
}

TEST_CASE("who is slow within the handshake is let go", "[net][server]") {
  auto config = local();
  config.handshake_timeout = 100ms;
  const Secure secure(config);
  const RawSocket socket(secure.server->port());
  socket.send("\x16\x03\x01");
  CHECK(socket.receive_all().empty());
  CHECK(eventually([&] { return secure.server->stats().handshakes_failed.contains("timeout"); }));
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

