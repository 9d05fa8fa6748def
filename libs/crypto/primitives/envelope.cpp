#include "libs/crypto/primitives/envelope.h"

#include <algorithm>

#include "libs/base/base64.h"
#include "libs/crypto/primitives/aead.h"

namespace pratique::crypto {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kWrappedSize = kAes256KeySize + kGcmTagSize;

// What each of the two steps authenticates beside its plaintext: its own label, so that neither passes for the other.
constexpr std::string_view kWrapLabel = "pratique envelope 1 data key";
constexpr std::string_view kPayloadLabel = "pratique envelope 1 payload";

Error master_keys_invalid(const std::string& what) { return invalid("MASTER_KEYS_INVALID", what); }

bool is_key_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !id.empty() && id.size() <= kMaxMasterKeyId && std::ranges::all_of(id, allowed);
}

Error malformed(std::string_view what) {
  return Error{.code = ErrorCode::data_loss, .reason = "ENVELOPE_MALFORMED", .message = std::string(what)};
}

// GCM's verdict in the envelope's words; other errors as they are.
Error altered(Error error, std::string_view what) {
  if (error.reason != "AEAD_TAG_MISMATCH") return error;
  return Error{.code = ErrorCode::data_loss,
               .reason = "ENVELOPE_ALTERED",
               .message = std::string(what) + " does not verify: altered, or not the value of this place"};
}

struct Parts {
  std::string_view key_id;
  ByteView wrap_nonce, wrapped_key;
  ByteView payload;  // nonce | ciphertext | tag
};

Result<Parts> split(ByteView sealed) {
  if (sealed.size() < 2) return malformed("sealed value is truncated");
  if (sealed[0] != kVersion) return malformed("sealed value has an unknown version");
  const std::size_t id_size = sealed[1];
  if (sealed.size() < 2 + id_size + kGcmNonceSize + kWrappedSize + kGcmNonceSize + kGcmTagSize)
    return malformed("sealed value is truncated");
  Parts parts;
  parts.key_id = as_text(sealed.subspan(2, id_size));
  if (!is_key_id(parts.key_id)) return malformed("sealed value names no key");
  auto rest = sealed.subspan(2 + id_size);
  parts.wrap_nonce = rest.first(kGcmNonceSize);
  parts.wrapped_key = rest.subspan(kGcmNonceSize, kWrappedSize);
  parts.payload = rest.subspan(kGcmNonceSize + kWrappedSize);
  return parts;
}

void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

Bytes labelled(std::string_view label, ByteView what) {
  Bytes out = to_bytes(label);
  out.push_back(0);
  append(out, what);
  return out;
}

Result<Bytes> header(const MasterKeys& keys, const Secret& data_key, Random& random) {
  const auto& id = keys.current_key_id();
  Bytes out{kVersion, static_cast<std::uint8_t>(id.size())};
  append(out, as_bytes(id));
  const Bytes nonce = random.bytes(kGcmNonceSize);
  append(out, nonce);
  TRY(const Bytes wrapped,
      aes256gcm_seal(keys.current(), nonce, labelled(kWrapLabel, as_bytes(id)), data_key.reveal()));
  append(out, wrapped);
  return out;
}

Result<Secret> unwrap(const MasterKeys& keys, const Parts& parts) {
  const Secret* master = keys.find(parts.key_id);
  if (master == nullptr)
    return failed_precondition("ENVELOPE_KEY_UNKNOWN", "the master key of a sealed value is not in the key file")
        .with("key_id", parts.key_id);
  auto key = aes256gcm_open(*master, parts.wrap_nonce, labelled(kWrapLabel, as_bytes(parts.key_id)),
                            parts.wrapped_key);
  if (!key.has_value()) return altered(std::move(key).error(), "data key");
  return key;
}

}  // namespace

Result<MasterKeys> MasterKeys::parse(const Secret& text) {
  MasterKeys keys;
  std::string_view rest = as_text(text.reveal());
  for (int number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    const auto where = "line " + std::to_string(number) + " of the master key file";
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_id(line.substr(0, space)))
      return master_keys_invalid(where + ": expected '<key-id> <base64 of 32 bytes>'");
    const auto id = line.substr(0, space);
    if (keys.find(id) != nullptr) return master_keys_invalid(where + ": key id is there twice");
    if (keys.keys_.size() == kMaxMasterKeys) return master_keys_invalid(where + ": too many keys");
    auto raw = base64_decode(line.substr(line.find_first_not_of(' ', space)));
    if (!raw.has_value()) return master_keys_invalid(where + ": key is not base64");
    Secret key(*std::move(raw));
    if (key.size() != kAes256KeySize) return master_keys_invalid(where + ": key has not 32 bytes");
    keys.keys_.push_back({std::string(id), std::move(key)});
  }
  if (keys.keys_.empty()) return master_keys_invalid("the master key file holds no key");
  return keys;
}

Result<Secret> MasterKeys::make_line(std::string_view key_id, Random& random) {
  if (!is_key_id(key_id)) return master_keys_invalid("a key id is 1 to 64 of A-Z a-z 0-9 . _ -");
  const Secret key(random.bytes(kAes256KeySize));
  return Secret(std::string(key_id) + " " + base64_encode(key.reveal()) + "\n");
}

const Secret* MasterKeys::find(std::string_view key_id) const {
  const auto found = std::ranges::find(keys_, key_id, &Entry::id);
  return found == keys_.end() ? nullptr : &found->key;
}

Bytes envelope_context(std::initializer_list<std::string_view> parts) {
  Bytes out;
  for (const auto part : parts) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(part.size() >> shift));
    append(out, as_bytes(part));
  }
  return out;
}

Result<Bytes> Envelope::seal(ByteView plaintext, ByteView context) const {
  if (plaintext.size() > kMaxSealedPlaintext)
    return invalid("ENVELOPE_TOO_LARGE", "a sealed value is limited to 16 MiB");
  const Secret data_key(random_->bytes(kAes256KeySize));
  TRY(Bytes out, header(keys_, data_key, *random_));
  const Bytes nonce = random_->bytes(kGcmNonceSize);
  append(out, nonce);
  TRY(const Bytes payload, aes256gcm_seal(data_key, nonce, labelled(kPayloadLabel, context), plaintext));
  append(out, payload);
  return out;
}

Result<Secret> Envelope::open(ByteView sealed, ByteView context) const {
  TRY(const Parts parts, split(sealed));
  TRY(const Secret data_key, unwrap(keys_, parts));
  auto plaintext = aes256gcm_open(data_key, parts.payload.first(kGcmNonceSize), labelled(kPayloadLabel, context),
                                  parts.payload.subspan(kGcmNonceSize));
  if (!plaintext.has_value()) return altered(std::move(plaintext).error(), "sealed value");
  return plaintext;
}

Result<Bytes> Envelope::rewrap(ByteView sealed) const {
  TRY(const Parts parts, split(sealed));
  TRY(const Secret data_key, unwrap(keys_, parts));
  TRY(Bytes out, header(keys_, data_key, *random_));
  append(out, parts.payload);
  return out;
}

Result<std::string> Envelope::key_id_of(ByteView sealed) {
  TRY(const Parts parts, split(sealed));
  return std::string(parts.key_id);
}

}  // namespace pratique::crypto
