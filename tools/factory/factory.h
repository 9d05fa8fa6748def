// A manufacturer in a folder: its CAs, its MASA's keys, the register of what it made. The layout stands in README.md.
//
//   TRY(auto factory, Factory::init({.folder = "maker", .name = "Example Devices", .masa = {"masa.example.com", 9443}},
//                                   clock, random));
//   TRY(auto made, factory.manufacture({.serial = "00-D0-E5-F2-00-02", .model = "Sensor 7"}));
//   TRY_VOID(device::put_manufactured("devices/sensor-7", made, random));
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/net/endpoint.h"
#include "tools/device/manufactured.h"
#include "tools/factory/device_register.h"
#include "tools/pki/folder.h"
#include "tools/pki/identity.h"

namespace pratique::factory {

inline constexpr std::chrono::days kSigningLife{1825};  // of the certificate that signs vouchers
inline constexpr std::chrono::days kServerLife{397};    // of the MASA's TLS certificate

struct Settings {
  std::filesystem::path folder;
  std::string name;                                 // organization of all subjects
  net::Endpoint masa = {"masa.example.com", 9443};  // as the IDevIDs name it
  std::vector<std::string> masa_names = {};         // further DNS names and addresses of its TLS certificate
};

/// What a command did.
struct Made {
  std::filesystem::path path;
  bool anew = false;  // false: it was there and good
};

struct DeviceOrder {
  std::string serial;  // subject serialNumber
  std::string model;   // subject CN
  std::string mud_url = {};
};

/// What the MASA works with.
struct MasaKeys {
  pki::Identity signing;  // of vouchers
  pki::Identity server;   // of TLS
  std::vector<crypto::Certificate> device_issuers;
};

class Factory {
 public:
  /// What is missing is made, what is there stays; a certificate in the last third of its life is made anew.
  /// FAILED_PRECONDITION FACTORY_DIFFERS where the folder is another manufacturer's.
  static Result<Factory> init(const Settings& settings, const Clock& clock, Random& random);
  /// NOT_FOUND FILE_MISSING where init was not run.
  static Result<Factory> open(const std::filesystem::path& folder, const Clock& clock, Random& random);

  /// A fresh key, its IDevID, and an entry in the register. INVALID_ARGUMENT SERIAL_INVALID or MUD_URL_INVALID;
  /// ALREADY_EXISTS DEVICE_EXISTS.
  Result<device::Manufactured> manufacture(const DeviceOrder& order);
  Result<MasaKeys> masa_keys() const;

  DeviceRegister devices() const { return DeviceRegister(folder_.root() / "devices"); }
  std::filesystem::path audit_folder() const { return folder_.root() / "audit"; }
  /// idevid.pem, voucher.pem, masa-tls.pem: what an operator registers of this manufacturer.
  std::filesystem::path anchors_folder() const { return folder_.root() / "anchors"; }
  const std::string& name() const { return name_; }
  /// What init made or kept.
  const std::vector<Made>& made() const { return made_; }

 private:
  Factory(pki::Folder folder, std::string name, std::string masa, const Clock& clock, Random& random)
      : folder_(std::move(folder)), name_(std::move(name)), masa_(std::move(masa)), clock_(&clock), random_(&random) {}

  Result<void> make_identities(const Settings& settings);
  Result<void> export_anchors();
  Result<pki::Identity> ensure(const pki::IdentityFiles& files, const crypto::CertificateProfile& profile,
                               const pki::Identity* issuer);
  Result<pki::Identity> get(const pki::IdentityFiles& files) const;
  Result<crypto::Certificate> get_certificate(const pki::IdentityFiles& files) const;
  crypto::Name named(std::string_view common_name) const;

  pki::Folder folder_;
  std::string name_;
  std::string masa_;  // the MASA URL extension: an authority
  const Clock* clock_;
  Random* random_;
  std::optional<pki::Identity> device_issuer_;
  std::vector<Made> made_;
};

}  // namespace pratique::factory
