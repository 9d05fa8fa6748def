// Encryption at rest: each stored value has a random 256-bit data key of its own, which is wrapped by a master
// key of the installation. Both steps are AES-256-GCM.
//
//   TRY(auto keys, MasterKeys::parse(text_of_secret_file));
//   Envelope envelope(std::move(keys), random);
//   TRY(auto column, envelope.seal(plaintext, envelope_context({"registrar.vouchers", "voucher", id})));
//   TRY(auto again, envelope.open(column, envelope_context({"registrar.vouchers", "voucher", id})));
//
// The context says where the value lives. It is authenticated, not stored: a value that is moved to another
// row or column does not open.
//
// Rotation: put the new key first in the file, restart, rewrap() every value whose key_id_of() is not
// current_key_id(), and only then drop the old line. Only the data key is wrapped anew; payloads are not touched.
// One master key may wrap 2^32 values (random 96-bit nonces, SP 800-38D section 8.3); rotate long before.
//
// Format, version 1: 0x01 | length of key id (1) | key id | nonce (12) | wrapped data key (32 + 16)
//                    | nonce (12) | ciphertext | tag (16)
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"

namespace pratique::crypto {

inline constexpr std::size_t kMaxMasterKeys = 64;
inline constexpr std::size_t kMaxMasterKeyId = 64;          // characters of [A-Za-z0-9._-]
inline constexpr std::size_t kMaxSealedPlaintext = 16 << 20;  // 16 MiB

/// The ring of master keys, immutable.
class MasterKeys {
 public:
  /// Lines "<key-id> <base64 of 32 bytes>", the first is current; blank lines and lines from '#' are skipped.
  /// INVALID_ARGUMENT MASTER_KEYS_INVALID names the line, never its content.
  static Result<MasterKeys> parse(const Secret& text);
  /// A new line for such a file, ending in '\n'. INVALID_ARGUMENT MASTER_KEYS_INVALID for a bad id.
  static Result<Secret> make_line(std::string_view key_id, Random& random);

  const std::string& current_key_id() const { return keys_.front().id; }
  const Secret& current() const { return keys_.front().key; }
  const Secret* find(std::string_view key_id) const;

 private:
  struct Entry {
    std::string id;
    Secret key;
  };
  std::vector<Entry> keys_;  // never empty
};

/// Joins the parts so that no two lists of parts give the same bytes.
Bytes envelope_context(std::initializer_list<std::string_view> parts);

/// Thread-safe if its Random is.
class Envelope {
 public:
  /// `random` must outlive the envelope.
  Envelope(MasterKeys keys, Random& random) : keys_(std::move(keys)), random_(&random) {}

  Result<Bytes> seal(ByteView plaintext, ByteView context) const;
  Result<Bytes> seal(const Secret& plaintext, ByteView context) const { return seal(plaintext.reveal(), context); }

  /// DATA_LOSS ENVELOPE_MALFORMED (truncated, unknown version), ENVELOPE_ALTERED (wrong context, any bit changed);
  /// FAILED_PRECONDITION ENVELOPE_KEY_UNKNOWN when its master key is not in the ring (evidence "key_id").
  Result<Secret> open(ByteView sealed, ByteView context) const;

  /// The same payload, its data key wrapped by the current master key. Errors as open().
  Result<Bytes> rewrap(ByteView sealed) const;

  /// The master key that wraps the value; DATA_LOSS ENVELOPE_MALFORMED.
  static Result<std::string> key_id_of(ByteView sealed);
  const std::string& current_key_id() const { return keys_.current_key_id(); }

 private:
  MasterKeys keys_;
  Random* random_;
};

}  // namespace pratique::crypto
