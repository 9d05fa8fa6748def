// Base64, hexadecimal, times, identifiers, nonces: one text for one value.
#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/base/id.h"
#include "libs/base/timestamp.h"
#include "libs/protocol/voucher/assertion.h"
#include "libs/protocol/voucher/nonce.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

struct ThingTag {
  static constexpr std::string_view kPrefix = "things";
};

void base64(std::string_view text) {
  const auto lenient = base64_decode_lenient(text);
  if (lenient) {
    require(base64_decode(base64_encode(*lenient)).value_or({}) == *lenient, "base64 round trip");
    require(base64_decode_lenient(base64url_encode(*lenient)).value_or({}) == *lenient, "base64url round trip");
  }
  const auto strict = base64_decode(text);
  if (!strict) return;
  require(lenient && *lenient == *strict, "the lenient reader agrees with the strict one");
  require(base64_encode(*strict) == text, "strict base64 has one text");
}

void hex(std::string_view text) {
  const auto bytes = hex_decode(text);
  if (!bytes) return;
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  require(hex_encode(*bytes) == lower, "hexadecimal has one text but for its case");
}

void timestamp(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return;
  const auto again = parse_rfc3339(format_rfc3339(*time));
  require(again && *again == *time, "a time that was read can be written and read again");
}

void identifiers(std::string_view text) {
  if (const auto uuid = parse_uuid(text))
    require(parse_uuid(*uuid).value_or("") == *uuid, "a UUID's text is canonical");
  if (const auto id = Id<ThingTag>::parse_name(text))
    require(Id<ThingTag>::parse_name(id->name()).value_or({}) == *id, "a name leads back");
}

void nonce(std::string_view text) {
  const auto nonce = voucher::Nonce::parse(text);
  if (!nonce) return;
  require(nonce->text() == text && nonce->matches(*nonce), "a nonce keeps its text");
  if (nonce->conforms()) require(nonce->bytes() && nonce->bytes()->size() <= voucher::kMaxNonceBytes, "its size");
}

}  // namespace

void fuzz_text_forms(ByteView input) {
  const auto text = as_text(input);
  require(base64_decode(base64_encode(input)).value_or({}) == to_bytes(input), "base64 of anything");
  require(hex_decode(hex_encode(input)).value_or({}) == to_bytes(input), "hexadecimal of anything");
  base64(text);
  hex(text);
  timestamp(text);
  identifiers(text);
  nonce(text);
  if (const auto assertion = voucher::parse_assertion(text))
    require(voucher::to_string(*assertion) == text, "an assertion has one word");
}

}  // namespace pratique::fuzz
