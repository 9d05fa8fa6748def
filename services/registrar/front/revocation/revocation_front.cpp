#include "services/registrar/front/revocation/revocation_front.h"

#include <string>

#include "libs/crypto/revocation/crl.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "services/registrar/app/catalogue.h"
#include "services/registrar/domain/revocation_urls.h"

namespace pratique::registrar {
namespace {

namespace http = net::http;
namespace ocsp = crypto::ocsp;

http::Response not_allowed(std::string_view methods) {
  auto out = http::respond_text(405, "METHOD_NOT_ALLOWED: use " + std::string(methods));
  out.headers.set("Allow", methods);
  return out;
}

/// RFC 9110 section 13.1.2: any of the entity tags, weak or not, or "*".
bool has_already(const http::Request& request, std::string_view etag) {
  const auto tags = request.headers.get("If-None-Match");
  return tags == "*" || tags.contains(etag);
}

/// The body, or 304 where the reader has it; what caches may do with it stands beside either.
http::Response respond_cached(const http::Request& request, std::string_view type, ByteView body,
                              const crypto::CacheFacts& facts) {
  http::Response out;
  if (has_already(request, facts.etag)) out.status = 304;
  else out = http::respond(200, type, body);
  out.headers.set("Cache-Control", facts.cache_control);
  out.headers.set("ETag", facts.etag);
  out.headers.set("Last-Modified", crypto::http_date(facts.last_modified));
  out.headers.set("Expires", crypto::http_date(facts.expires));
  return out;
}

bool reads(const http::Request& request) { return request.method == "GET" || request.method == "HEAD"; }

}  // namespace

net::HttpServerConfig RevocationFront::limits() {
  net::HttpServerConfig out;
  out.max_body_bytes = ocsp::kMaxRequestSize;
  out.max_connections = kRevocationConnections;
  out.max_connections_per_source = kRevocationConnectionsPerSource;
  return out;
}

http::Response RevocationFront::handle(const http::Request& request) {
  http::Response response;
  std::string_view resource = "other";
  if (request.path.starts_with(kCrlFolder)) {
    resource = "crl";
    response = reads(request) ? crl(request) : not_allowed("GET, HEAD");
  } else if (request.path == kOcspPath) {
    resource = "ocsp";
    response = request.method == "POST" ? ocsp_by_post(request) : not_allowed("POST");
  } else if (request.path.starts_with(std::string(kOcspPath) + "/")) {
    resource = "ocsp";
    response = reads(request) ? ocsp_by_get(request) : not_allowed("GET, HEAD");
  } else {
    response = http::respond_text(404, "NO_SUCH_RESOURCE: there are /crl/<issuer key id>.crl and /ocsp");
  }
  metrics_.counter(kRevocationRequests, {resource, std::to_string(response.status)}).add();
  return response;
}

http::Response RevocationFront::crl(const http::Request& request) const {
  std::string_view name = std::string_view(request.path).substr(kCrlFolder.size());
  const auto list = name.ends_with(kCrlSuffix) ? lists_.find(name.substr(0, name.size() - kCrlSuffix.size())) : nullptr;
  if (!list) return http::respond_text(404, "CRL_UNKNOWN: there is no list of this issuer");
  return respond_cached(request, crypto::kCrlMediaType, list->der, list->caching(clock_.now()));
}

http::Response RevocationFront::ocsp_by_post(const http::Request& request) {
  if (request.content_type() != ocsp::kRequestMediaType)
    return http::respond_text(415, "MEDIA_TYPE_UNSUPPORTED: send " + std::string(ocsp::kRequestMediaType));
  if (request.body.size() > ocsp::kMaxRequestSize)
    return http::respond_text(413, "OCSP_REQUEST_TOO_LARGE: at most " + std::to_string(ocsp::kMaxRequestSize) + " bytes");
  return answer(request, request.body);
}

http::Response RevocationFront::ocsp_by_get(const http::Request& request) {
  const auto question = ocsp::parse_get_path(std::string_view(request.path).substr(kOcspPath.size() + 1));
  // What is no base64 is a malformed question, too; the responder counts and says so.
  return answer(request, question ? ByteView(*question) : ByteView{});
}

http::Response RevocationFront::answer(const http::Request& request, ByteView question) {
  const auto answered = responder_.answer(question);
  if (answered.caching) return respond_cached(request, ocsp::kResponseMediaType, answered.der, *answered.caching);
  auto out = http::respond(200, ocsp::kResponseMediaType, answered.der);
  out.headers.set("Cache-Control", crypto::kNoStore);
  return out;
}

}  // namespace pratique::registrar
