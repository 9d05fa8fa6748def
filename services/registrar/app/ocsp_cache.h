// OCSP answers that were made before, by what they are about; thrown away as soon as they are no longer true.
//
//   if (auto kept = cache.find(key, now)) return *kept;
//   const auto since = cache.generation();        // before looking at the database
//   … look, sign …
//   cache.keep(key, answer, since);               // unless something was forgotten meanwhile: it may have been this
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"
#include "libs/crypto/revocation/ocsp_cert_id.h"
#include "libs/crypto/revocation/ocsp_response.h"

namespace pratique::registrar {

/// About a kilobyte each.
inline constexpr std::size_t kMaxOcspAnswers = 20'000;

struct KeptAnswer {
  Bytes der;
  crypto::ocsp::CertificateState state = crypto::ocsp::CertificateState::unknown;
  Timestamp this_update = {};
  Timestamp next_update = {};
  Timestamp keep_until = {};
};

/// Thread-safe. Where it is full, the oldest goes.
class OcspCache {
 public:
  explicit OcspCache(std::size_t most = kMaxOcspAnswers) : most_(most) {}

  std::shared_ptr<const KeptAnswer> find(const crypto::ocsp::CertId& id, Timestamp now);
  /// Changes with everything that is forgotten.
  std::uint64_t generation() const;
  void keep(const crypto::ocsp::CertId& id, std::shared_ptr<const KeptAnswer> answer, std::uint64_t since);
  void forget(std::string_view serial_hex);
  void forget_all();
  std::size_t size() const;

 private:
  using Entry = std::pair<std::string, std::shared_ptr<const KeptAnswer>>;
  void drop(const std::string& key);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::list<Entry> entries_;  // oldest first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

}  // namespace pratique::registrar
