#include "libs/crypto/revocation/crl.h"

#include <algorithm>
#include <utility>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/crl_extensions.h"
#include "libs/crypto/revocation/der_values.h"
#include "libs/crypto/revocation/signed_form.h"

namespace pratique::crypto {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN X509 CRL-----";
constexpr std::string_view kPemEnd = "-----END X509 CRL-----";

/// `serial`: its octets, within the list's DER.
struct Slot {
  ByteView serial;
  Timestamp revoked_at;
  RevocationReason reason = RevocationReason::unspecified;
};

/// As numbers: the shorter is the smaller.
bool is_before(ByteView a, ByteView b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::ranges::lexicographical_compare(a, b);
}

Result<Slot> read_entry(ByteView content, bool may_have_extensions, std::vector<std::string>& unknown) {
  der::Reader parts(content);
  Slot slot;
  TRY(const auto serial, parts.expect(der::kInteger, "userCertificate"));
  TRY(slot.serial, decode_serial(serial.content));
  TRY(const auto time, parts.next());
  TRY(slot.revoked_at, decode_time(time).with_context("revocationDate"));
  if (!parts.at_end() && may_have_extensions) {
    TRY(const auto extensions, parts.expect(der::kSequence, "crlEntryExtensions"));
    TRY(slot.reason, read_entry_extensions(extensions.content, unknown));
  }
  TRY_VOID(parts.finish("an entry"));
  return slot;
}

bool is_time(std::uint8_t tag) { return tag == kUtcTime || tag == kGeneralizedTime; }

}  // namespace

struct Crl::State {
  Bytes der;
  // Views into it:
  ByteView signed_part, algorithm, signature, issuer;
  std::vector<Slot> slots = {};  // sorted by serial number
  Timestamp this_update = {};
  std::optional<Timestamp> next_update = {};
  CrlExtensions extensions = {};
  std::vector<std::string> unknown = {};

  Result<void> read();
  Result<void> read_list(ByteView content);
  Result<void> read_entries(ByteView content, bool may_have_extensions);
};

Result<void> Crl::State::read() {
  der::Reader outer(der);
  TRY(const auto list, outer.expect(der::kSequence, "CertificateList"));
  TRY_VOID(outer.finish("CertificateList"));
  der::Reader parts(list.content);
  TRY(const auto form, read_signed_form(parts, "tbsCertList"));
  TRY_VOID(parts.finish("signature"));
  signed_part = form.part.whole;
  algorithm = form.algorithm.content;
  signature = form.signature;
  return read_list(form.part.content);
}

Result<void> Crl::State::read_list(ByteView content) {
  der::Reader parts(content);
  bool is_version_2 = false;
  if (parts.peek() == der::kInteger) {
    TRY(const auto version, parts.next());
    TRY(const auto number, der::decode_integer(version.content));
    if (number != 1) return invalid("DER_INVALID", "a version other than 2");
    is_version_2 = true;
  }
  TRY(const auto inner_algorithm, parts.expect(der::kSequence, "signature"));
  if (!equal(inner_algorithm.content, algorithm))
    return invalid("DER_INVALID", "two different signature algorithms");  // RFC 5280 section 5.1.1.2
  TRY(const auto name, parts.expect(der::kSequence, "issuer"));
  issuer = name.whole;
  TRY(const auto from, parts.next());
  TRY(this_update, decode_time(from).with_context("thisUpdate"));
  if (is_time(parts.peek())) {
    TRY(const auto until, parts.next());
    TRY(next_update, decode_time(until).with_context("nextUpdate"));
    if (*next_update < this_update) return invalid("DER_INVALID", "nextUpdate before thisUpdate");
  }
  if (parts.peek() == der::kSequence) {
    TRY(const auto entries, parts.next());
    TRY_VOID(read_entries(entries.content, is_version_2));
  }
  if (is_version_2 && parts.peek() == der::context(0)) {
    TRY(const auto tagged, parts.next());
    der::Reader inside(tagged.content);
    TRY(const auto sequence, inside.expect(der::kSequence, "crlExtensions"));
    TRY_VOID(inside.finish("crlExtensions"));
    TRY(extensions, read_crl_extensions(sequence.content, unknown));
  }
  return parts.finish("tbsCertList");
}

Result<void> Crl::State::read_entries(ByteView content, bool may_have_extensions) {
  for (der::Reader each(content); !each.at_end();) {
    if (slots.size() == kMaxCrlEntries) return invalid("CRL_TOO_LARGE", "more than 500000 entries");
    TRY(const auto entry, each.expect(der::kSequence, "an entry"));
    TRY(const auto slot, read_entry(entry.content, may_have_extensions, unknown)
                             .with_context("entry " + std::to_string(slots.size() + 1)));
    slots.push_back(slot);
  }
  if (!std::ranges::is_sorted(slots, is_before, &Slot::serial)) std::ranges::sort(slots, is_before, &Slot::serial);
  slots.shrink_to_fit();
  return {};
}

Result<Crl> Crl::parse_der(ByteView der) {
  if (der.size() > kMaxCrlSize) return invalid("CRL_TOO_LARGE", "a CRL is limited to 32 MiB");
  auto state = std::make_shared<State>(State{to_bytes(der), {}, {}, {}, {}});
  const auto read = state->read();
  if (read) return Crl(std::move(state));
  if (read.error().reason == "CRL_TOO_LARGE") return read.error();
  return invalid("CRL_INVALID", "not a DER certificate revocation list: " + read.error().message);
}

const Bytes& Crl::der() const { return state_->der; }
ByteView Crl::issuer_der() const { return state_->issuer; }
Timestamp Crl::this_update() const { return state_->this_update; }
std::optional<Timestamp> Crl::next_update() const { return state_->next_update; }
std::optional<std::string> Crl::number_hex() const { return state_->extensions.number_hex; }
std::optional<Bytes> Crl::authority_key_id() const { return state_->extensions.authority_key_id; }
const CrlScope& Crl::scope() const { return state_->extensions.scope; }
const std::vector<std::string>& Crl::unknown_critical_extensions() const { return state_->unknown; }
std::size_t Crl::size() const { return state_->slots.size(); }
ByteView Crl::signed_part() const { return state_->signed_part; }
ByteView Crl::signature_algorithm() const { return state_->algorithm; }
ByteView Crl::signature() const { return state_->signature; }

std::string Crl::pem() const {
  const auto text = base64_encode(der());
  std::string out = std::string(kPemBegin) + "\n";
  for (std::size_t at = 0; at < text.size(); at += 64) out.append(text, at, 64).append("\n");
  return out + std::string(kPemEnd) + "\n";
}

Result<Crl> Crl::parse_pem(std::string_view pem) {
  if (pem.size() > 2 * kMaxCrlSize) return invalid("CRL_TOO_LARGE", "a CRL is limited to 32 MiB");
  const auto begin = pem.find(kPemBegin);
  const auto end = begin == std::string_view::npos ? begin : pem.find(kPemEnd, begin);
  if (end == std::string_view::npos) return invalid("CRL_INVALID", "not a PEM certificate revocation list");
  const auto from = begin + kPemBegin.size();
  const auto der = base64_decode_lenient(pem.substr(from, end - from));
  if (!der) return invalid("CRL_INVALID", "not a PEM certificate revocation list: " + der.error().message);
  return parse_der(*der);
}

std::optional<Revocation> Crl::find(std::string_view serial_hex) const {
  const auto octets = hex_decode(serial_hex);
  if (!octets) return std::nullopt;
  const auto first = std::ranges::find_if(*octets, [](std::uint8_t octet) { return octet != 0; });
  const ByteView serial(first, octets->end());
  const auto found = std::ranges::lower_bound(state_->slots, serial, is_before, &Slot::serial);
  if (found == state_->slots.end() || !equal(found->serial, serial)) return std::nullopt;
  return Revocation{found->revoked_at, found->reason};
}

std::vector<CrlEntry> Crl::entries() const {
  std::vector<CrlEntry> out;
  out.reserve(size());
  for (const auto& slot : state_->slots) out.push_back({serial_text(slot.serial), {slot.revoked_at, slot.reason}});
  return out;
}

}  // namespace pratique::crypto
