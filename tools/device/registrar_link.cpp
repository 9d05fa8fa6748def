#include "tools/device/registrar_link.h"

namespace pratique::device {
namespace {

net::HttpsClientOptions options_for(const net::Endpoint& registrar, net::TlsIdentity identity) {
  net::HttpsClientOptions options;
  options.server = {.scheme = "https", .host = registrar.host, .port = registrar.port, .path = "/", .query = {}};
  options.verification = net::ServerVerification::record_only;
  options.identity = std::move(identity);
  options.max_response_bytes = kMaxAnswerBytes;
  return options;
}

}  // namespace

RegistrarLink::RegistrarLink(const net::Endpoint& registrar, net::TlsIdentity identity, Trust trust)
    : registrar_(registrar), client_(options_for(registrar, std::move(identity))), trust_(std::move(trust)) {}

Result<void> RegistrarLink::connect() {
  if (client_.connected()) return {};
  TRY_VOID(client_.connect());
  ++connection_;
  if (client_.peer().leaf() == nullptr) {
    client_.close();
    return Error{ErrorCode::unauthenticated, "SERVER_CERTIFICATE_MISSING", "the server showed no certificate"};
  }
  if (!trust_) return {};
  const auto verdict = trust_(client_.peer());
  if (verdict.accepted()) return {};
  client_.close();
  return verdict.as_error();
}

std::optional<est::ChannelBinding> RegistrarLink::binding() const {
  const auto& peer = client_.peer();
  if (peer.channel_binding.empty()) return std::nullopt;
  const auto kind = peer.tls_version == "TLSv1.3" ? est::BindingKind::tls_exporter : est::BindingKind::tls_unique;
  return est::ChannelBinding{kind, peer.channel_binding};
}

Result<net::http::Response> RegistrarLink::post(std::string_view target, std::string_view type, std::string_view accept,
                                                ByteView body) {
  net::HttpCall call;
  call.method = "POST";
  call.target = target;
  call.headers.set("Content-Type", type);
  if (!accept.empty()) call.headers.set("Accept", accept);
  call.body = to_bytes(body);
  return client_.send(call);
}

Result<net::http::Response> RegistrarLink::get(std::string_view target, std::string_view accept) {
  net::HttpCall call;
  call.target = target;
  call.headers.set("Accept", accept);
  return client_.send(call);
}

}  // namespace pratique::device
