#include "libs/net/https_client.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/net/https_server.h"
#include "libs/net/loopback_test.h"

using namespace pratique;
using namespace pratique::net;
using namespace pratique::net::loopback;

namespace {

http::Response answer(const http::Request& request, const PeerInfo& peer) {
  if (request.path == "/binding") return http::respond_text(200, hex_encode(peer.channel_binding));
  if (request.path == "/sni") return http::respond_text(200, "sni=" + peer.server_name);
  if (request.path == "/host") return http::respond_text(200, std::string(request.headers.get("Host")));
  if (request.path == "/who") return http::respond_text(200, peer.leaf() ? peer.leaf()->subject() : "nobody");
  if (request.path == "/big") return http::respond(200, "text/plain", std::string(200'000, 'b'));
  if (request.path == "/redirect") {
    auto response = http::respond_text(302, "elsewhere");
    response.headers.set("Location", "https://elsewhere.example/");
    return response;
  }
  return http::respond(200, "application/json", "{}");
}

struct Site {
  explicit Site(HttpsServerConfig config = {}) {
    config.listen = {"127.0.0.1", 0};
    server = must(HttpsServer::start(config, pki.identity("site"), pool, answer));
    options.server = must(parse_url("https://localhost:" + std::to_string(server->port())));
    options.connect_to = Endpoint{"127.0.0.1", server->port()};
    options.anchors = {pki.root()};
  }
  std::string body(HttpsClient& client, const std::string& target) const {
    HttpCall call;
    call.target = target;
    return to_string(must(client.send(call)).body);
  }
  Pki pki{"Site Root"};
  Pool pool;
  std::unique_ptr<HttpsServer> server;
  HttpsClientOptions options;
};

HttpCall get(const std::string& target) {
  HttpCall call;
  call.target = target;
  return call;
}

// Answers one connection with fixed bytes, then closes.
struct Canned {
  explicit Canned(std::string bytes)
      : thread([this, bytes = std::move(bytes)] {
          const auto peer = listener.accept();
          peer.receive();
          peer.send(bytes);
        }) {
    options.server = must(parse_url("http://127.0.0.1:" + std::to_string(listener.port()), UrlSchemes::http_and_https));
  }
  ~Canned() { thread.join(); }
  Result<http::Response> ask(HttpCall call = {}) {
    HttpsClient client(options);
    return client.send(call);
  }
  RawListener listener;
  HttpsClientOptions options;
  std::thread thread;
};

std::string reason(const Result<http::Response>& result) { return result ? "" : result.error().reason; }

}  // namespace

TEST_CASE("channel bindings are equal at both ends", "[net][client][tls]") {
  const Site site;
  for (const auto versions : {TlsVersions::tls12_only, TlsVersions::tls13_only}) {
    auto options = site.options;
    options.versions = versions;
    HttpsClient client(options);
    const auto at_server = site.body(client, "/binding");
    const auto& peer = client.peer();
    const bool old = versions == TlsVersions::tls12_only;
    CHECK(peer.tls_version == (old ? "TLSv1.2" : "TLSv1.3"));
    CHECK(peer.channel_binding_type() == (old ? "tls-unique" : "tls-exporter"));
    CHECK(peer.channel_binding.size() == (old ? 12 : 32));
    CHECK(at_server == hex_encode(peer.channel_binding) + "\n");
    HttpsClient other(options);
    CHECK(site.body(other, "/binding") != at_server);
  }
}

TEST_CASE("a verified server", "[net][client]") {
  Site site;
  auto options = site.options;
  SECTION("is accepted by name, and told it") {
    HttpsClient client(options);
    CHECK(site.body(client, "/sni") == "sni=localhost\n");
    CHECK(site.body(client, "/host") == "localhost:" + std::to_string(site.server->port()) + "\n");
    CHECK(client.peer().chain.size() == 2);
    CHECK(site.server->stats().accepted == 1);
  }
  SECTION("is accepted by address, without SNI") {
    options.verify_name = "127.0.0.1";
    HttpsClient client(options);
    CHECK(site.body(client, "/sni") == "sni=\n");
  }
  SECTION("is accepted where its own certificate is the anchor") {
    HttpsClient first(options);
    must(first.connect());
    options.anchors = {*first.peer().leaf()};
    HttpsClient client(options);
    CHECK(client.connect());
  }
}

TEST_CASE("an untrusted server is refused with the reason", "[net][client]") {
  Site site;
  auto options = site.options;
  std::string verdict;
  SECTION("another root") {
    options.anchors = {Pki("Another Root").root()};
    verdict = "self-signed certificate in certificate chain";
  }
  SECTION("another name") {
    options.verify_name = "other.example";
    verdict = "hostname mismatch";
  }
  SECTION("another address") {
    options.verify_name = "127.0.0.2";
    verdict = "IP address mismatch";
  }
  SECTION("after its time") {
    options.verification_time = date(2085);
    verdict = "certificate has expired";
  }
  SECTION("before its time") {
    options.verification_time = date(2020) + std::chrono::hours(1);
    verdict = "certificate is not yet valid";
  }
  HttpsClient client(options);
  const auto result = client.connect();
  REQUIRE_FALSE(result);
  CHECK(result.error().reason == "TLS_SERVER_UNTRUSTED");
  CHECK(result.error().code == ErrorCode::unauthenticated);
  INFO(result.error().message);
  CHECK(result.error().message.contains(verdict));
  REQUIRE_FALSE(client.peer().chain.empty());
  CHECK(client.peer().leaf()->common_name() == "site");
  CHECK_FALSE(client.connected());
}

TEST_CASE("verification without anchors is a mistake of ours", "[net][client]") {
  Site site;
  site.options.anchors.clear();
  CHECK(HttpsClient(site.options).connect().error().reason == "CLIENT_CONFIG_INVALID");
}

TEST_CASE("provisional TLS records any server and keeps to its connection", "[net][client]") {
  Site site;
  auto options = site.options;
  options.anchors.clear();
  options.verification = ServerVerification::record_only;
  HttpsClient client(options);
  CHECK(reason(client.send(get("/"))) == "NOT_CONNECTED");
  must(client.connect());
  CHECK(client.peer().leaf()->common_name() == "site");
  CHECK(client.peer().chain.size() == 2);
  CHECK(site.body(client, "/sni") == "sni=\n");
  const auto binding = client.peer().channel_binding;
  CHECK(site.body(client, "/binding") == hex_encode(binding) + "\n");  // the same connection
  client.close();
  CHECK(reason(client.send(get("/"))) == "NOT_CONNECTED");
}

TEST_CASE("the client's own certificate", "[net][client]") {
  HttpsServerConfig config;
  config.client_certificate = ClientCertificate::required;
  Site site(config);
  auto options = site.options;
  SECTION("is shown") {
    options.identity = site.pki.identity("pledge");
    HttpsClient client(options);
    CHECK(site.body(client, "/who").contains("pledge"));
  }
  SECTION("is missed within the handshake of TLS 1.2") {
    options.versions = TlsVersions::tls12_only;
    const auto result = HttpsClient(options).send({});
    CHECK(reason(result) == "TLS_HANDSHAKE_FAILED");
    CHECK(result.error().message.contains("handshake failure"));
  }
  SECTION("is missed after the handshake of TLS 1.3") {
    options.versions = TlsVersions::tls13_only;
    const auto result = HttpsClient(options).send({});
    CHECK(reason(result) == "TLS_ALERT_RECEIVED");
    CHECK(result.error().message.contains("certificate required"));
  }
}

TEST_CASE("a provisional connection that the server ended is not silently replaced", "[net][client]") {
  HttpsServerConfig config;
  config.client_certificate = ClientCertificate::required;
  Site site(config);
  site.options.verification = ServerVerification::record_only;
  HttpsClient client(site.options);
  must(client.connect());
  REQUIRE(eventually([&] { return !client.connected(); }));  // refused for want of a certificate, after our handshake
  CHECK(reason(client.send({})) == "TLS_ALERT_RECEIVED");
  CHECK(reason(client.send({})) == "NOT_CONNECTED");
  CHECK(site.server->stats().accepted == 1);
}

TEST_CASE("no common version is named by the alert", "[net][client]") {
  HttpsServerConfig config;
  config.versions = TlsVersions::tls13_only;
  Site site(config);
  site.options.versions = TlsVersions::tls12_only;
  const auto result = HttpsClient(site.options).connect();
  REQUIRE_FALSE(result);
  CHECK(result.error().reason == "TLS_HANDSHAKE_FAILED");
  REQUIRE(result.error().evidence.size() == 1);
  CHECK(result.error().evidence[0] == std::pair<std::string, std::string>("alert", "protocol version"));
}

TEST_CASE("what keeps a connection from being made has a name", "[net][client]") {
  HttpsClientOptions options;
  options.verification = ServerVerification::record_only;
  options.server = must(parse_url("https://127.0.0.1:" + std::to_string(closed_port())));
  options.connect_timeout = 150ms;
  options.handshake_timeout = 100ms;
  SECTION("nobody listens") { CHECK(HttpsClient(options).connect().error().reason == "CONNECT_REFUSED"); }
  SECTION("no such name") {
    options.connect_to = Endpoint{"no-such-host.invalid", 443};
    CHECK(HttpsClient(options).connect().error().reason == "DNS_FAILED");
  }
  SECTION("no answer to the SYN") {
    const RawListener full(0);
    const RawSocket first(full.port());  // fills the backlog
    options.connect_to = Endpoint{"127.0.0.1", full.port()};
    const auto result = HttpsClient(options).connect();
    CHECK(result.error().reason == "CONNECT_TIMEOUT");
    CHECK(result.error().code == ErrorCode::deadline_exceeded);
  }
  SECTION("no answer to the handshake") {
    const RawListener silent;
    options.connect_to = Endpoint{"127.0.0.1", silent.port()};
    CHECK(HttpsClient(options).connect().error().reason == "TLS_HANDSHAKE_TIMEOUT");
  }
  SECTION("a server that speaks no TLS") {
    Canned canned("HTTP/1.1 400 Bad Request\r\n\r\n");
    options.connect_to = Endpoint{"127.0.0.1", canned.listener.port()};
    CHECK(HttpsClient(options).connect().error().reason == "TLS_HANDSHAKE_FAILED");
  }
}

TEST_CASE("responses are read within limits", "[net][client]") {
  Site site;
  HttpsClient client(site.options);
  auto call = get("/big");
  CHECK(must(client.send(call)).body.size() == 200'000);
  call.max_response_bytes = 199'999;
  CHECK(reason(client.send(call)) == "RESPONSE_TOO_LARGE");
  CHECK_FALSE(client.connected());
  CHECK(must(client.send(get("/"))).status == 200);  // on a new connection
  CHECK(site.server->stats().accepted == 2);
}

TEST_CASE("a response of another type is refused, the connection stays", "[net][client]") {
  Site site;
  HttpsClient client(site.options);
  auto call = get("/");
  call.accepted_types = {"application/voucher-cms+json"};
  CHECK(reason(client.send(call)) == "RESPONSE_TYPE_REFUSED");
  CHECK(client.connected());
  call.accepted_types.push_back("Application/JSON");
  CHECK(must(client.send(call)).content_type() == "application/json");
  call.target = "/redirect";  // of another type, but no success: the caller wants to see it
  CHECK(must(client.send(call)).headers.get("Location") == "https://elsewhere.example/");
}

TEST_CASE("a malformed request does not leave", "[net][client]") {
  Site site;
  HttpsClient client(site.options);
  for (const auto* target : {"", "relative", "/a b", "/a\r\nX: y", "/a#b"})
    CHECK(reason(client.send(get(target))) == "REQUEST_INVALID");
  auto call = get("/");
  call.headers.set("X", "a\r\nY: b");
  CHECK(reason(client.send(call)) == "REQUEST_INVALID");
  call = get("/");
  call.method = "GET /other";
  CHECK(reason(client.send(call)) == "REQUEST_INVALID");
  CHECK(site.server->stats().accepted == 0);
}

TEST_CASE("broken servers", "[net][client]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "CONNECTION_CLOSED"},
      {"HTTP/1.1 200 OK\r\nContent-Le", "CONNECTION_CLOSED"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "CONNECTION_CLOSED"},
      {"SSH-2.0-OpenSSH\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(17 << 10, 'a') + "\r\n\r\n", "RESPONSE_TOO_LARGE"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", ""},
      {"HTTP/1.0 200 OK\r\n\r\nuntil the end", ""},
  };
  for (const auto& [bytes, expected] : table) {
    Canned canned(bytes);
    INFO(bytes);
    CHECK(reason(canned.ask()) == expected);
  }
  std::string interim;
  for (int i = 0; i < 20; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  Canned canned(interim);
  CHECK(reason(canned.ask()) == "RESPONSE_MALFORMED");
}

TEST_CASE("the whole exchange has a deadline", "[net][client]") {
  const RawListener silent;
  HttpsClientOptions options;
  options.server = must(parse_url("http://127.0.0.1:" + std::to_string(silent.port()), UrlSchemes::http_and_https));
  options.exchange_timeout = 100ms;
  CHECK(reason(HttpsClient(options).send({})) == "EXCHANGE_TIMEOUT");
}

TEST_CASE("a connection that the server let go is replaced", "[net][client]") {
  HttpsServerConfig config;
  config.idle_timeout = 50ms;
  Site site(config);
  HttpsClient client(site.options);
  must(client.send(get("/")));
  while (client.connected()) std::this_thread::sleep_for(5ms);
  HttpCall call;
  call.method = "POST";
  CHECK(must(client.send(call)).status == 200);
  CHECK(site.server->stats().accepted == 2);
}

TEST_CASE("openssl s_server as an independent peer", "[net][client]") {
  Pki pki("Independent Root");
  const Folder folder;
  const auto issued = pki.issue("independent");
  const auto certificate = folder.write("s.pem", issued.certificate.pem());
  const auto key = folder.write("s.key", as_text(must(issued.key.plaintext_pem()).reveal()));
  const auto port = closed_port();
  std::thread server([&] {
    run_program("timeout 10 openssl s_server -www -naccept 1 -accept 127.0.0.1:" + std::to_string(port) + " -cert " +
                certificate + " -key " + key);
  });
  HttpsClientOptions options;
  options.server = must(parse_url("https://127.0.0.1:" + std::to_string(port)));
  options.anchors = {pki.root()};
  HttpsClient client(options);
  for (int i = 0; i < 500 && !client.connect(); ++i) std::this_thread::sleep_for(10ms);
  const auto response = client.send(get("/"));
  INFO(reason(response));
  REQUIRE(response);
  CHECK(response->content_type() == "text/html");
  client.close();
  server.join();
}

TEST_CASE("one GET", "[net][client]") {
  Site site;
  const auto url = must(parse_url("https://127.0.0.1:" + std::to_string(site.server->port()) + "/x"));
  HttpsClientOptions options;
  options.anchors = {site.pki.root()};
  CHECK(must(http_get(url, options, {"application/json"})).status == 200);
  CHECK(reason(http_get(url, options, {"text/html"})) == "RESPONSE_TYPE_REFUSED");
}
