// A device: what it was made with, and what it has acquired since.
//
//   TRY(auto device, Device::load("devices/sensor-7", random));
//   const auto report = onboard(device, {.registrars = {{"192.0.2.1", 8443}}, .clock = &clock});   // onboarding.h
//
// One thread at a time; many devices in one process do not disturb each other.
#pragma once

#include <filesystem>
#include <optional>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "tools/device/manufactured.h"
#include "tools/device/records.h"
#include "tools/device/state_store.h"

namespace pratique::device {

class Device {
 public:
  /// `random` must outlive the device. The errors of load_manufactured().
  static Result<Device> load(const std::filesystem::path& folder, Random& random);
  /// Nothing is kept beyond the object.
  Device(Manufactured made, Random& random) : made_(std::move(made)), random_(&random) {}

  const Manufactured& made() const { return made_; }
  Random& random() { return *random_; }

  Result<std::optional<Progress>> progress() const;
  Result<void> put_progress(const Progress& progress);
  Result<void> forget_progress() { return store_.remove(kProgressRecord); }

  Result<std::optional<Credential>> credential() const;
  Result<void> put_credential(const Credential& credential);

  /// Where a supplicant's files stand (supplicant.h).
  Result<std::optional<SupplicantRecord>> supplicant() const;
  Result<void> put_supplicant(const SupplicantRecord& supplicant);

  /// As it left the factory: all records, and the files of a supplicant.
  Result<void> wipe();

 private:
  Manufactured made_;
  StateStore store_;
  Random* random_;
};

}  // namespace pratique::device
