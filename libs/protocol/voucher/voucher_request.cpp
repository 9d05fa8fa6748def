#include "libs/protocol/voucher/voucher_request.h"

#include "libs/base/base64.h"
#include "libs/codec/json/parse.h"
#include "libs/protocol/voucher/leaves.h"

namespace pratique::voucher {
namespace {

constexpr std::string_view kRoot = "ietf-voucher-request:voucher";
constexpr std::string_view kVoucherRoot = "ietf-voucher:voucher";

void set_binary(json::Value& out, std::string_view name, const std::optional<Bytes>& bytes) {
  if (bytes) out.set(name, base64_encode(*bytes));
}

}  // namespace

Result<VoucherRequest> parse_voucher_request(ByteView text, WireProfile profile) {
  TRY(const auto document, json::parse(text, {.max_bytes = kMaxContentBytes}));
  const json::Reader top(document);
  VoucherRequest request;
  // Some registrars and pledges use the voucher's own root for requests.
  const bool voucher_root = profile == WireProfile::lenient && !top.has(kRoot) && top.has(kVoucherRoot);
  if (voucher_root) request.leniencies.emplace_back("the root member is that of a voucher");
  TRY(auto body, top.object_at(voucher_root ? kVoucherRoot : kRoot));

  Leaves leaves(std::move(body), profile, "VOUCHER_REQUEST_INVALID", request.leniencies);
  TRY(request.created_on, leaves.time("created-on"));
  TRY(request.assertion, leaves.assertion());
  TRY(request.serial_number, leaves.serial_number());
  TRY(request.nonce, leaves.nonce());
  TRY(request.idevid_issuer, leaves.binary("idevid-issuer"));
  TRY(request.proximity_registrar_cert, leaves.binary("proximity-registrar-cert"));
  TRY(request.proximity_registrar_pubk, leaves.binary("proximity-registrar-pubk"));
  TRY(request.proximity_registrar_pubk_sha256, leaves.binary("proximity-registrar-pubk-sha256"));
  TRY(request.prior_signed_voucher_request, leaves.binary("prior-signed-voucher-request"));
  return request;
}

std::string encode_voucher_request(const VoucherRequest& request) {
  auto body = json::Value::object();
  if (request.assertion) body.set("assertion", to_string(*request.assertion));
  if (request.created_on) body.set("created-on", format_rfc3339(*request.created_on));
  if (!request.serial_number.empty()) body.set("serial-number", request.serial_number);
  if (request.nonce) body.set("nonce", request.nonce->text());
  set_binary(body, "idevid-issuer", request.idevid_issuer);
  set_binary(body, "proximity-registrar-cert", request.proximity_registrar_cert);
  set_binary(body, "proximity-registrar-pubk", request.proximity_registrar_pubk);
  set_binary(body, "proximity-registrar-pubk-sha256", request.proximity_registrar_pubk_sha256);
  set_binary(body, "prior-signed-voucher-request", request.prior_signed_voucher_request);
  return json::Value::object().set(kRoot, std::move(body)).dump();
}

}  // namespace pratique::voucher
