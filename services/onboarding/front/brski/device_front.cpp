#include "services/onboarding/front/brski/device_front.h"

#include <chrono>

#include "libs/protocol/brski/paths.h"
#include "libs/protocol/brski/telemetry.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/paths.h"
#include "libs/protocol/voucher/signed_voucher.h"
#include "services/onboarding/app/catalogue.h"
#include "services/onboarding/front/brski/http_answer.h"

namespace pratique::onboarding {

namespace {

constexpr std::string_view kOther = "other";

DeviceCaller caller_of(const net::PeerInfo& peer) {
  return {peer.chain, peer.remote_address, peer.channel_binding, peer.tls_version == "TLSv1.3"};
}

/// The code of a refusal, as it stands at the head of the answer's text; for the log.
std::string_view code_of(const net::http::Response& response) {
  if (response.status < 202 || response.content_type() != "text/plain") return {};
  const auto text = as_text(response.body);
  const auto colon = text.find(':');
  return colon == std::string_view::npos ? std::string_view{} : text.substr(0, colon);
}

}  // namespace

net::http::Response DeviceFront::handle(const net::http::Request& request, const net::PeerInfo& peer) {
  const auto began = std::chrono::steady_clock::now();
  const auto caller = caller_of(peer);
  net::http::Response response;
  std::string_view name = kOther;
  if (const auto operation = find_operation(request, caller); !operation) {
    response = refuse_form(404, "NO_SUCH_RESOURCE: this registrar speaks BRSKI (RFC 8995) and EST (RFC 7030)");
  } else if (name = operation->name; request.method != operation->method) {
    response = refuse_form(405, "METHOD_NOT_ALLOWED: use " + std::string(operation->method));
    response.headers.set("Allow", operation->method);
  } else {
    response = operation->run();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  around_.metrics.counter(kDeviceRequests, {name, std::to_string(response.status)}).add();
  around_.metrics.histogram(kDeviceRequestSeconds, {name}).observe(took.count());
  around_.log.write(kDeviceAnswered,
                    {{"operation", name},
                     {"status", response.status},
                     {"code", code_of(response)},
                     {"device", caller.leaf() ? around_.pseudonyms.of(as_text(caller.leaf()->public_key().fingerprint_sha256())) : ""},
                     {"seconds", took.count()}});
  return response;
}

std::optional<std::size_t> DeviceFront::body_limit(std::string_view, std::string_view path) {
  if (path == brski::kRequestVoucherPath) return voucher::kMaxSignedBytes;
  if (path == brski::kVoucherStatusPath || path == brski::kEnrollStatusPath) return brski::kMaxReportBytes;
  return est::max_body(est::kMaxRequestDer);
}

std::optional<DeviceFront::Operation> DeviceFront::find_operation(const net::http::Request& request,
                                                                  const DeviceCaller& caller) {
  if (request.path == brski::kRequestVoucherPath)
    return Operation{"requestvoucher", "POST", [&] { return request_voucher(request, caller); }};
  if (request.path == brski::kVoucherStatusPath)
    return Operation{"voucher_status", "POST", [&] { return report(request, caller, &Brski::voucher_status); }};
  if (request.path == brski::kEnrollStatusPath)
    return Operation{"enrollstatus", "POST", [&] { return report(request, caller, &Brski::enroll_status); }};
  const auto route = est::find_route(request.path);
  if (!route || !route->label.empty()) return std::nullopt;
  const auto name = est::to_string(route->operation);
  const auto method = est::method_of(route->operation);
  switch (route->operation) {
    case est::Operation::cacerts: return Operation{name, method, [this] { return finish(est_.cacerts(), est::kCertsOnly); }};
    case est::Operation::csrattrs:
      return Operation{name, method, [&] { return finish(est_.csrattrs(caller), est::kCsrAttrs); }};
    case est::Operation::simpleenroll:
      return Operation{name, method, [&] { return enroll(request, caller, &Est::simpleenroll); }};
    case est::Operation::simplereenroll:
      return Operation{name, method, [&] { return enroll(request, caller, &Est::simplereenroll); }};
  }
  return std::nullopt;
}

net::http::Response DeviceFront::request_voucher(const net::http::Request& request, const DeviceCaller& caller) {
  const auto format = brski::parse_voucher_media_type(request.headers.get("Content-Type"));
  if (format != brski::VoucherFormat::cms_json)
    return refuse_form(415, "MEDIA_TYPE_UNSUPPORTED: send application/voucher-cms+json");
  if (!brski::accepts(request.headers.get("Accept"), brski::kVoucherCmsJson))
    return refuse_form(406, "MEDIA_TYPE_NOT_ACCEPTED: vouchers are application/voucher-cms+json");
  return finish(brski_.request_voucher(caller, request.body), brski::kVoucherCmsJson);
}

net::http::Response DeviceFront::report(const net::http::Request& request, const DeviceCaller& caller,
                                        Result<Answer> (Brski::*take)(const DeviceCaller&, ByteView)) {
  if (!brski::is_media_type(request.headers.get("Content-Type"), brski::kJson))
    return refuse_form(415, "MEDIA_TYPE_UNSUPPORTED: send application/json");
  return finish((brski_.*take)(caller, request.body), "");
}

net::http::Response DeviceFront::enroll(const net::http::Request& request, const DeviceCaller& caller,
                                        Result<Answer> (Est::*take)(const DeviceCaller&, std::string_view)) {
  if (!est::is_media_type(request.headers.get("Content-Type"), est::kPkcs10))
    return refuse_form(415, "MEDIA_TYPE_UNSUPPORTED: send application/pkcs10");
  return finish((est_.*take)(caller, as_text(request.body)), est::kCertsOnly);
}

net::http::Response DeviceFront::finish(Result<Answer> answer, std::string_view content_type) {
  if (answer) return to_http(*answer, content_type);
  around_.log.write(kDeviceRequestFailed, answer.error());
  return to_http(answer.error());
}

}  // namespace pratique::onboarding
