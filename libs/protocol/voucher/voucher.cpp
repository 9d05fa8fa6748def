#include "libs/protocol/voucher/voucher.h"

#include "libs/base/base64.h"
#include "libs/codec/json/parse.h"
#include "libs/protocol/voucher/leaves.h"
#include "libs/protocol/voucher/voucher_request.h"

namespace pratique::voucher {
namespace {

constexpr std::string_view kRoot = "ietf-voucher:voucher";

void set_binary(json::Value& out, std::string_view name, const std::optional<Bytes>& bytes) {
  if (bytes) out.set(name, base64_encode(*bytes));
}
void set_time(json::Value& out, std::string_view name, const std::optional<Timestamp>& time) {
  if (time) out.set(name, format_rfc3339(*time));
}
void set_text(json::Value& out, std::string_view name, const std::optional<std::string>& text) {
  if (text) out.set(name, *text);
}

}  // namespace

Result<Voucher> parse_voucher(ByteView text, WireProfile profile) {
  TRY(const auto document, json::parse(text, {.max_bytes = kMaxContentBytes}));
  TRY(auto body, json::Reader(document).object_at(kRoot));

  Voucher voucher;
  Leaves leaves(std::move(body), profile, "VOUCHER_CONTENT_INVALID", voucher.leniencies);
  TRY(voucher.created_on, leaves.time("created-on"));
  if (!voucher.created_on) TRY_VOID(leaves.depart("created-on", "is missing"));
  TRY(voucher.expires_on, leaves.time("expires-on"));
  TRY(const auto assertion, leaves.assertion());
  if (assertion) voucher.assertion = *assertion;
  else TRY_VOID(leaves.depart("assertion", "is missing, taken as logged"));
  TRY(voucher.serial_number, leaves.serial_number());
  TRY(voucher.nonce, leaves.nonce());
  TRY(voucher.idevid_issuer, leaves.binary("idevid-issuer"));
  TRY(voucher.pinned_domain_cert, leaves.binary("pinned-domain-cert"));
  TRY(voucher.pinned_domain_pubk, leaves.binary("pinned-domain-pubk"));
  TRY(voucher.pinned_domain_pubk_sha256, leaves.binary("pinned-domain-pubk-sha256"));
  TRY(voucher.domain_cert_revocation_checks, leaves.flag("domain-cert-revocation-checks"));
  TRY(voucher.last_renewal_date, leaves.time("last-renewal-date"));
  TRY(voucher.est_domain, leaves.text("est-domain"));
  TRY(voucher.additional_configuration_url, leaves.text("additional-configuration-url"));
  return voucher;
}

std::string encode_voucher(const Voucher& voucher) {
  auto body = json::Value::object();
  body.set("assertion", to_string(voucher.assertion));
  set_time(body, "created-on", voucher.created_on);
  set_time(body, "expires-on", voucher.expires_on);
  body.set("serial-number", voucher.serial_number);
  if (voucher.nonce) body.set("nonce", voucher.nonce->text());
  set_binary(body, "idevid-issuer", voucher.idevid_issuer);
  set_binary(body, "pinned-domain-cert", voucher.pinned_domain_cert);
  set_binary(body, "pinned-domain-pubk", voucher.pinned_domain_pubk);
  set_binary(body, "pinned-domain-pubk-sha256", voucher.pinned_domain_pubk_sha256);
  if (voucher.domain_cert_revocation_checks)
    body.set("domain-cert-revocation-checks", *voucher.domain_cert_revocation_checks);
  set_time(body, "last-renewal-date", voucher.last_renewal_date);
  set_text(body, "est-domain", voucher.est_domain);
  set_text(body, "additional-configuration-url", voucher.additional_configuration_url);
  return json::Value::object().set(kRoot, std::move(body)).dump();
}

}  // namespace pratique::voucher
