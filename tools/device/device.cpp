#include "tools/device/device.h"

#include "tools/device/supplicant_folder.h"

namespace pratique::device {

Result<Device> Device::load(const std::filesystem::path& folder, Random& random) {
  TRY(auto made, load_manufactured(folder));
  TRY(const auto passphrase, load_passphrase(folder));
  Device device(std::move(made), random);
  TRY(device.store_, StateStore::open(folder / "state", passphrase, random));
  return device;
}

Result<std::optional<Progress>> Device::progress() const {
  TRY(const auto record, store_.find(kProgressRecord));
  if (!record) return std::optional<Progress>{};
  TRY(auto progress, parse_progress(*record));
  return std::optional(std::move(progress));
}

Result<void> Device::put_progress(const Progress& progress) {
  TRY(const auto record, encode_progress(progress));
  return store_.put(kProgressRecord, record);
}

Result<std::optional<Credential>> Device::credential() const {
  TRY(const auto record, store_.find(kCredentialRecord));
  if (!record) return std::optional<Credential>{};
  TRY(auto credential, parse_credential(*record));
  return std::optional(std::move(credential));
}

Result<void> Device::put_credential(const Credential& credential) {
  TRY(const auto record, encode_credential(credential));
  return store_.put(kCredentialRecord, record);
}

Result<std::optional<SupplicantRecord>> Device::supplicant() const {
  TRY(const auto record, store_.find(kSupplicantRecord));
  if (!record) return std::optional<SupplicantRecord>{};
  TRY(auto supplicant, parse_supplicant(*record));
  return std::optional(std::move(supplicant));
}

Result<void> Device::put_supplicant(const SupplicantRecord& supplicant) {
  return store_.put(kSupplicantRecord, encode_supplicant(supplicant));
}

Result<void> Device::wipe() {
  // A record that cannot be read must not keep the others.
  if (const auto known = supplicant(); known && *known) TRY_VOID(remove_supplicant_files((*known)->folder));
  return store_.wipe();
}

}  // namespace pratique::device
