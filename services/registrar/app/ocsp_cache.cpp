#include "services/registrar/app/ocsp_cache.h"

namespace pratique::registrar {
namespace {

using crypto::ocsp::CertIdHash;

// The issuer is ours, whoever hashed it: what differs between the answers is which hashes stand in them.
std::string key_of(CertIdHash hash, std::string_view serial_hex) {
  return (hash == CertIdHash::sha1 ? "sha1 " : "sha256 ") + std::string(serial_hex);
}

}  // namespace

std::shared_ptr<const KeptAnswer> OcspCache::find(const crypto::ocsp::CertId& id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key_of(id.hash, id.serial_hex));
  if (found == by_key_.end() || found->second->second->keep_until <= now) return nullptr;
  return found->second->second;
}

std::uint64_t OcspCache::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

void OcspCache::keep(const crypto::ocsp::CertId& id, std::shared_ptr<const KeptAnswer> answer, std::uint64_t since) {
  const std::lock_guard lock(mutex_);
  if (generation_ != since || most_ == 0) return;
  auto key = key_of(id.hash, id.serial_hex);
  drop(key);
  if (entries_.size() >= most_) drop(std::string(entries_.front().first));
  entries_.emplace_back(key, std::move(answer));
  by_key_.emplace(std::move(key), std::prev(entries_.end()));
}

void OcspCache::forget(std::string_view serial_hex) {
  const std::lock_guard lock(mutex_);
  ++generation_;
  for (const auto hash : {CertIdHash::sha1, CertIdHash::sha256}) drop(key_of(hash, serial_hex));
}

void OcspCache::forget_all() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  by_key_.clear();
  entries_.clear();
}

std::size_t OcspCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void OcspCache::drop(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  entries_.erase(found->second);
  by_key_.erase(found);
}

}  // namespace pratique::registrar
