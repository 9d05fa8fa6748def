#include "services/registrar/front/revocation/revocation_front.h"

#include "libs/base/base64.h"
#include "libs/crypto/revocation/crl.h"
#include "services/registrar/app/revocation_world_test.h"
#include "services/registrar/domain/revocation_urls.h"

using namespace pratique;
using namespace pratique::registrar;
namespace http = pratique::net::http;
namespace ocsp = pratique::crypto::ocsp;

namespace {

struct Door : RevocationWorld {
  http::Response ask(const std::string& method, const std::string& path, http::Headers headers = {}, Bytes body = {}) {
    return front.handle({.method = method, .target = path, .path = path, .query = {}, .headers = std::move(headers),
                         .body = std::move(body), .peer = "192.0.2.7:49152"});
  }
  http::Response post(Bytes body, const std::string& type = "application/ocsp-request") {
    return ask("POST", "/ocsp", {{"Content-Type", type}}, std::move(body));
  }
  std::string crl_path() { return "/crl/" + issuer_key_id(ca.certificate) + ".crl"; }
  Bytes question(const crypto::Certificate& certificate, std::optional<Bytes> nonce = {}) {
    std::optional<ByteView> view;
    if (nonce) view = *nonce;
    return *ocsp::encode_request(std::vector{ocsp::CertId::of(certificate, ca.certificate)}, view);
  }

  Replica replica{*this};
  RevocationFront front{replica.lists, replica.responder, clock, replica.metrics};
};

ocsp::ResponseStatus status_of(const http::Response& response) {
  CHECK(response.status == 200);
  CHECK(response.content_type() == "application/ocsp-response");
  return ocsp::parse_response(response.body)->status;
}

}  // namespace

TEST_CASE("the list is to be had under its issuer's name, and again only when it changed") {
  Door door;
  const auto first = door.ask("GET", door.crl_path());
  REQUIRE(first.status == 200);
  CHECK(first.content_type() == "application/pkix-crl");
  CHECK(first.headers.get("Cache-Control") == "max-age=60,public,no-transform,must-revalidate");
  CHECK(first.headers.get("Expires") == crypto::http_date(*crypto::Crl::parse_der(first.body)->next_update()));
  CHECK(first.headers.get("Last-Modified") == crypto::http_date(crypto::Crl::parse_der(first.body)->this_update()));
  const std::string etag(first.headers.get("ETag"));
  CHECK(door.ask("HEAD", door.crl_path()).headers.get("ETag") == etag);

  for (const auto& tags : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    const auto again = door.ask("GET", door.crl_path(), {{"If-None-Match", tags}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.headers.get("ETag") == etag);
  }
  CHECK(door.ask("GET", door.crl_path(), {{"If-None-Match", "\"x\""}}).status == 200);
  const auto lamp = door.onboard("LAMP-1");
  door.revoke(lamp);
  door.replica.follower.turn();
  const auto next = door.ask("GET", door.crl_path(), {{"If-None-Match", etag}});
  CHECK(next.status == 200);
  CHECK(crypto::Crl::parse_der(next.body)->find(lamp.serial_hex()));
}

TEST_CASE("a question by POST and by GET has one answer") {
  Door door;
  const auto lamp = door.onboard("LAMP-1");
  const auto posted = door.post(door.question(lamp));
  CHECK(status_of(posted) == ocsp::ResponseStatus::successful);
  CHECK(posted.headers.get("Cache-Control").starts_with("max-age=1"));
  const auto path = "/ocsp/" + ocsp::encode_get_path(door.question(lamp));
  const auto got = door.ask("GET", path);
  CHECK(got.body == posted.body);
  const auto bare = "/ocsp/" + base64_encode(door.question(lamp));  // as careless clients write it
  CHECK(door.ask("GET", bare).body == posted.body);
  CHECK(door.ask("GET", path, {{"If-None-Match", std::string(got.headers.get("ETag"))}}).status == 304);
  CHECK(door.post(door.question(lamp), "Application/OCSP-Request; q=1").body == posted.body);

  const auto fresh = door.post(door.question(lamp, Bytes(16, 1)));
  CHECK(status_of(fresh) == ocsp::ResponseStatus::successful);
  CHECK(fresh.headers.get("Cache-Control") == "no-store");
  CHECK_FALSE(fresh.headers.contains("ETag"));
}

TEST_CASE("a certificate that was never issued is unknown, and nobody keeps that") {
  Door door;
  const auto id = ocsp::CertId::of_serial("0a0b", door.ca.certificate);
  const auto response = door.post(*ocsp::encode_request(std::vector{id}));
  CHECK(status_of(response) == ocsp::ResponseStatus::successful);
  CHECK(response.headers.get("Cache-Control") == "no-store");
  CHECK(ocsp::parse_response(response.body)->basic->singles.front().state == ocsp::CertificateState::unknown);
}

TEST_CASE("what is no question is told so in the protocol's words") {
  Door door;
  for (const auto& answer : {door.post({}), door.post({1, 2, 3}), door.ask("GET", "/ocsp/"), door.ask("GET", "/ocsp/%zz"),
                             door.ask("GET", "/ocsp/" + std::string(ocsp::kMaxGetPath + 4, 'A'))}) {
    CHECK(status_of(answer) == ocsp::ResponseStatus::malformed_request);
    CHECK(answer.headers.get("Cache-Control") == "no-store");
  }
}

TEST_CASE("what is not there, not so, or too much") {
  Door door;
  const auto says = [](const http::Response& response, int status, std::string_view code) {
    CHECK(response.content_type() == "text/plain");
    return response.status == status && as_text(response.body).starts_with(code);
  };
  CHECK(says(door.ask("GET", "/"), 404, "NO_SUCH_RESOURCE: "));
  CHECK(says(door.ask("GET", "/ocspx"), 404, "NO_SUCH_RESOURCE: "));
  CHECK(says(door.ask("GET", "/crl/"), 404, "CRL_UNKNOWN: "));
  CHECK(says(door.ask("GET", "/crl/00.crl"), 404, "CRL_UNKNOWN: "));
  const auto path = door.crl_path();
  CHECK(says(door.ask("GET", path.substr(0, path.size() - 4)), 404, "CRL_UNKNOWN: "));
  CHECK(says(door.ask("GET", path + "/x"), 404, "CRL_UNKNOWN: "));
  CHECK(says(door.ask("POST", path), 405, "METHOD_NOT_ALLOWED: use GET, HEAD"));
  CHECK(door.ask("POST", path).headers.get("Allow") == "GET, HEAD");
  CHECK(says(door.ask("GET", "/ocsp"), 405, "METHOD_NOT_ALLOWED: use POST"));
  CHECK(door.ask("PUT", "/ocsp").headers.get("Allow") == "POST");
  CHECK(says(door.ask("POST", "/ocsp/AAAA"), 405, "METHOD_NOT_ALLOWED: use GET, HEAD"));
  CHECK(says(door.ask("POST", "/ocsp", {}, door.question(door.ca.certificate)), 415, "MEDIA_TYPE_UNSUPPORTED: "));
  CHECK(says(door.post({1}, "application/json"), 415, "MEDIA_TYPE_UNSUPPORTED: "));
  CHECK(says(door.post(Bytes(ocsp::kMaxRequestSize + 1)), 413, "OCSP_REQUEST_TOO_LARGE: "));
  CHECK(RevocationFront::limits().max_body_bytes == ocsp::kMaxRequestSize);
  CHECK(RevocationFront::limits().max_header_bytes > ocsp::kMaxGetPath);
  const auto metrics = door.replica.metrics.text();
  CHECK(metrics.contains("pratique_registrar_revocation_requests_total{resource=\"crl\",status=\"404\"} 4"));
  CHECK(metrics.contains("pratique_registrar_revocation_requests_total{resource=\"ocsp\",status=\"413\"} 1"));
}
