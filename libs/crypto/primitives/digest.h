// Hashes (FIPS 180-4) and HMAC (FIPS 198-1).
#pragma once

#include <memory>
#include <string_view>

#include "libs/base/bytes.h"
#include "libs/base/secret.h"

namespace pratique::crypto {

enum class Hash { sha256, sha384, sha512 };

using pratique::to_string;               // of bytes; else hidden by the next line
std::string_view to_string(Hash hash);  // "SHA-256", …
std::size_t digest_size(Hash hash);     // bytes

Bytes digest(Hash hash, ByteView data);
/// 32 bytes.
Bytes sha256(ByteView data);
/// 20 bytes; for key identifiers (RFC 5280 section 4.2.1.2) alone, where nothing depends on its strength.
Bytes sha1_for_key_id(ByteView data);

/// 32 bytes.
Bytes hmac_sha256(const Secret& key, ByteView data);
Bytes hmac(Hash hash, const Secret& key, ByteView data);

/// SHA-256 of data that arrives in pieces: update(…)*, then finish() once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(ByteView data);
  Bytes finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace pratique::crypto
