#include "libs/protocol/voucher/leaves.h"

#include "libs/base/base64.h"
#include "libs/protocol/voucher/voucher_request.h"

namespace pratique::voucher {

Error Leaves::wrong(std::string_view name, std::string_view what) const {
  return invalid(reason_, object_.path() + "." + std::string(name) + ": " + std::string(what));
}

Result<void> Leaves::depart(std::string_view name, std::string_view what) {
  if (!lenient()) return wrong(name, what);
  leniencies_.push_back(std::string(name) + ": " + std::string(what));
  return {};
}

Result<std::optional<std::string>> Leaves::text(std::string_view name) { return object_.optional_string(name); }

Result<std::optional<Bytes>> Leaves::binary(std::string_view name) {
  TRY(const auto encoded, object_.optional_string(name));
  if (!encoded) return std::optional<Bytes>{};
  auto bytes = base64_decode(*encoded);
  if (!bytes) {
    TRY_VOID(depart(name, "not padded standard base64"));
    bytes = base64_decode_lenient(*encoded);
    if (!bytes) return wrong(name, "not base64");
  }
  return std::optional(*std::move(bytes));
}

Result<std::optional<Timestamp>> Leaves::time(std::string_view name) {
  TRY(const auto written, object_.optional_string(name));
  if (!written) return std::optional<Timestamp>{};
  const auto time = parse_rfc3339(*written);
  if (time) return std::optional<Timestamp>(*time);
  // A time that bounds validity must be understood.
  if (name != "created-on") return wrong(name, "not an RFC 3339 time");
  TRY_VOID(depart(name, "not an RFC 3339 time, ignored"));
  return std::optional<Timestamp>{};
}

Result<std::optional<Assertion>> Leaves::assertion() {
  TRY(const auto word, object_.optional_string("assertion"));
  if (!word) return std::optional<Assertion>{};
  const auto known = parse_assertion(*word);
  if (!known) return wrong("assertion", "unknown assertion");
  return std::optional<Assertion>(known);
}

Result<std::optional<Nonce>> Leaves::nonce() {
  TRY(const auto written, object_.optional_string("nonce"));
  if (!written) return std::optional<Nonce>{};
  auto nonce = Nonce::parse(*written);
  if (!nonce) return wrong("nonce", nonce.error().message);
  return std::optional(*std::move(nonce));
}

Result<std::string> Leaves::serial_number() {
  TRY(auto serial, object_.optional_string("serial-number"));
  if (!serial) return std::string{};
  if (serial->size() > kMaxSerialNumber)
    return wrong("serial-number", "more than " + std::to_string(kMaxSerialNumber) + " characters");
  for (const char c : *serial)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return wrong("serial-number", "a control character");
  return *std::move(serial);
}

Result<std::optional<bool>> Leaves::flag(std::string_view name) {
  const auto member = object_.find(name);
  if (!member) return std::optional<bool>{};
  if (const auto* word = member->value().as_string(); word && (*word == "true" || *word == "false"))
    return std::optional(*word == "true");
  TRY(const auto flag, member->as_bool());
  return std::optional(flag);
}

}  // namespace pratique::voucher
