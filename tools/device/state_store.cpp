#include "tools/device/state_store.h"

#include "libs/base/base64.h"
#include "libs/crypto/primitives/digest.h"

namespace pratique::device {
namespace {

constexpr std::string_view kKeyLabel = "pratique device state 1";

std::string file_of(std::string_view name) { return std::string(name) + ".sealed"; }
Bytes context_of(std::string_view name) { return crypto::envelope_context({"device state", name}); }

Error unremovable(const std::filesystem::path& path, const std::error_code& why) {
  return unavailable("FILE_UNWRITABLE", path.string() + ": " + why.message());
}

}  // namespace

Result<StateStore> StateStore::open(std::filesystem::path folder, const Secret& passphrase, Random& random) {
  // The passphrase is 256 random bits, so one keyed hash makes a key of it.
  const Secret key(crypto::hmac_sha256(passphrase, as_bytes(kKeyLabel)));
  const Secret line(std::string_view("device " + base64_encode(key.reveal())));
  TRY(auto keys, crypto::MasterKeys::parse(line));
  StateStore store;
  store.sealed_.emplace(Sealed{pki::Folder(std::move(folder)), crypto::Envelope(std::move(keys), random)});
  return store;
}

Result<std::optional<Secret>> StateStore::find(std::string_view name) const {
  if (!sealed_) {
    const auto found = memory_.find(name);
    return found == memory_.end() ? std::optional<Secret>{} : std::optional(found->second);
  }
  TRY(const auto sealed, sealed_->folder.find(file_of(name)));
  if (!sealed) return std::optional<Secret>{};
  TRY(auto content, sealed_->envelope.open(as_bytes(*sealed), context_of(name)).with_context(file_of(name)));
  return std::optional(std::move(content));
}

Result<void> StateStore::put(std::string_view name, const Secret& content) {
  if (!sealed_) {
    memory_[std::string(name)] = content;
    return {};
  }
  TRY(const auto sealed, sealed_->envelope.seal(content, context_of(name)));
  return sealed_->folder.put_secret(file_of(name), Secret(sealed));
}

Result<void> StateStore::remove(std::string_view name) {
  if (!sealed_) {
    if (const auto found = memory_.find(name); found != memory_.end()) memory_.erase(found);
    return {};
  }
  std::error_code failed;
  const auto path = sealed_->folder.root() / file_of(name);
  std::filesystem::remove(path, failed);
  if (failed) return unremovable(path, failed);
  return {};
}

Result<void> StateStore::wipe() {
  memory_.clear();
  if (!sealed_) return {};
  std::error_code failed;
  std::filesystem::remove_all(sealed_->folder.root(), failed);
  if (failed) return unremovable(sealed_->folder.root(), failed);
  return {};
}

}  // namespace pratique::device
