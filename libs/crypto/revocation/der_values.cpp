#include "libs/crypto/revocation/der_values.h"

#include <algorithm>
#include <array>

#include "libs/base/hex.h"

namespace pratique::crypto {
namespace {

Error der_invalid(std::string_view what) { return invalid("DER_INVALID", what); }

/// "20261124063827Z".
Result<std::string> digits_of(Timestamp time) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(time);
  const auto day = floor<days>(whole);
  const year_month_day date(day);
  const hh_mm_ss<seconds> clock(whole - day);
  const int year = static_cast<int>(date.year());
  if (year < 1950 || year > 9999) return der_invalid("a time before 1950 or after 9999");
  std::string out;
  const auto append = [&](unsigned value, unsigned count) {
    const auto text = std::to_string(value);
    out.append(count - text.size(), '0').append(text);
  };
  append(static_cast<unsigned>(year), 4);
  append(static_cast<unsigned>(date.month()), 2);
  append(static_cast<unsigned>(date.day()), 2);
  append(static_cast<unsigned>(clock.hours().count()), 2);
  append(static_cast<unsigned>(clock.minutes().count()), 2);
  append(static_cast<unsigned>(clock.seconds().count()), 2);
  return out + "Z";
}

}  // namespace

Result<Bytes> encode_generalized_time(Timestamp time) {
  TRY(const auto digits, digits_of(time));
  return der::element(kGeneralizedTime, as_bytes(digits));
}

Result<Bytes> encode_time(Timestamp time) {
  TRY(const auto digits, digits_of(time));
  if (digits < "2050") return der::element(kUtcTime, as_bytes(std::string_view(digits).substr(2)));
  return der::element(kGeneralizedTime, as_bytes(digits));
}

Result<Timestamp> decode_time(const der::Element& element) {
  using namespace std::chrono;
  const bool is_short = element.tag == kUtcTime;
  if (!is_short && element.tag != kGeneralizedTime) return der_invalid("expected a time");
  const auto text = as_text(element.content);
  if (text.size() != (is_short ? 13u : 15u) || text.back() != 'Z')
    return der_invalid("a time other than to the second, in UTC");
  for (const char c : text.substr(0, text.size() - 1))
    if (c < '0' || c > '9') return der_invalid("a time with other than digits");
  std::size_t at = 0;
  const auto take = [&](std::size_t count) {
    unsigned value = 0;
    for (; count > 0; --count) value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    return value;
  };
  unsigned year_number = take(is_short ? 2 : 4);
  if (is_short) year_number += year_number >= 50 ? 1900 : 2000;
  const unsigned month_number = take(2), day_number = take(2);
  const unsigned hour = take(2), minute_number = take(2), second = take(2);
  const auto date = year(static_cast<int>(year_number)) / month(month_number) / day(day_number);
  if (!date.ok() || hour > 23 || minute_number > 59 || second > 59) return der_invalid("a time that is none");
  return Timestamp(sys_days(date) + hours(hour) + minutes(minute_number) + seconds(second));
}

Result<Bytes> encode_serial(std::string_view serial_hex) {
  TRY(const Bytes octets, hex_decode(serial_hex).with_context("serial number"));
  const auto first = std::ranges::find_if(octets, [](std::uint8_t octet) { return octet != 0; });
  Bytes content(first, octets.end());
  if (octets.empty() || content.size() > kMaxSerialSize)
    return der_invalid("a serial number has 1 to 20 octets");
  if (content.empty() || content.front() >= 0x80) content.insert(content.begin(), std::uint8_t{0});
  return der::element(der::kInteger, content);
}

Result<ByteView> decode_serial(ByteView content) {
  if (content.empty()) return der_invalid("an empty serial number");
  if (content[0] >= 0x80) return der_invalid("a negative serial number");
  if (content[0] != 0) return content.size() > kMaxSerialSize ? der_invalid("a serial number of more than 20 octets")
                                                             : Result<ByteView>(content);
  if (content.size() > 1 && content[1] < 0x80) return der_invalid("a serial number that is not minimal");
  if (content.size() > kMaxSerialSize + 1) return der_invalid("a serial number of more than 20 octets");
  return content.subspan(1);
}

std::string serial_text(ByteView octets) { return octets.empty() ? "00" : hex_encode(octets); }

Result<RevocationReason> decode_reason(const der::Element& element) {
  if (element.tag != kEnumerated) return der_invalid("expected a reason code");
  TRY(const auto number, der::decode_integer(element.content));
  const auto reason = revocation_reason(number);
  if (!reason) return der_invalid("a reason code that stands for nothing");
  return *reason;
}

Bytes encode_reason(RevocationReason reason) {
  const std::array value = {static_cast<std::uint8_t>(reason)};
  return der::element(kEnumerated, value);
}

Result<std::vector<Extension>> parse_extensions(ByteView content, std::size_t at_most) {
  std::vector<Extension> out;
  for (der::Reader each(content); !each.at_end();) {
    if (out.size() == at_most) return der_invalid("more than " + std::to_string(at_most) + " extensions");
    TRY(const auto whole, each.expect(der::kSequence, "an extension"));
    der::Reader parts(whole.content);
    TRY(const auto id, parts.expect(der::kOid, "the OID of an extension"));
    Extension extension;
    TRY(extension.oid, der::decode_oid(id.content));
    if (parts.peek() == der::kBoolean) {
      TRY(const auto critical, parts.next());
      TRY(extension.critical, der::decode_boolean(critical.content));
    }
    TRY(const auto value, parts.expect(der::kOctetString, "the value of an extension"));
    TRY_VOID(parts.finish("an extension"));
    if (std::ranges::find(out, extension.oid, &Extension::oid) != out.end())
      return der_invalid("extension " + extension.oid + " is there twice");
    extension.value = to_bytes(value.content);
    out.push_back(std::move(extension));
  }
  return out;
}

Result<Bytes> encode_extensions(const std::vector<Extension>& extensions) {
  std::vector<Bytes> out;
  for (const auto& extension : extensions) {
    TRY(Bytes id, der::oid(extension.oid));
    std::vector<Bytes> parts{std::move(id)};
    if (extension.critical) parts.push_back(der::boolean(true));
    parts.push_back(der::element(der::kOctetString, extension.value));
    out.push_back(der::element_of(der::kSequence, parts));
  }
  return der::element_of(der::kSequence, out);
}

void remember_unknown(std::vector<std::string>& unknown, const std::string& oid) {
  if (unknown.size() < kMaxUnknownExtensions && std::ranges::find(unknown, oid) == unknown.end())
    unknown.push_back(oid);
}

}  // namespace pratique::crypto
