#include "tools/device/supplicant.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "libs/base/hex.h"
#include "tools/device/supplicant_folder.h"
#include "tools/pki/folder.h"
#include "tools/pki/identity.h"
#include "tools/pki/installation.h"

namespace pratique::device {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSpiffe = "spiffe://", kDevicePath = "/device/";

bool is_domain_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  return !text.empty() && text.front() != '.' && text.back() != '.' && std::ranges::all_of(text, fits);
}

std::string pem_of(const std::vector<crypto::Certificate>& certificates) {
  std::string out;
  for (const auto& certificate : certificates) out += certificate.pem();
  return out;
}

// The EAP identity is whatever we say; in hexadecimal it can hold any character.
std::string identity_of(const Device& device) { return hex_encode(as_bytes(device.made().serial())); }

Secret config_of(const Device& device, const SupplicantOptions& options, const fs::path& folder,
                 const std::string& server, const std::string& stem, const Secret& passphrase) {
  std::string head;
  if (!options.control.empty()) head += fmt::format("ctrl_interface={}\n", options.control.string());
  head += "ap_scan=0\nfast_reauth=0\n";
  head += "network={\n  key_mgmt=IEEE8021X\n  eapol_flags=0\n  eap=TLS\n";
  head += fmt::format("  identity={}\n", identity_of(device));
  head += fmt::format("  ca_cert=\"{}\"\n  domain_match=\"{}\"\n", (folder / kSupplicantTrust).string(), server);
  head += "  phase1=\"tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1\"\n";
  head += fmt::format("  client_cert=\"{0}.crt\"\n  private_key=\"{0}.key\"\n", (folder / stem).string());
  Bytes out = to_bytes(head + "  private_key_passwd=\"");
  const ByteView tail = as_bytes(std::string_view("\"\n}\n"));
  out.reserve(out.size() + passphrase.size() + tail.size());  // no second copy of it
  std::ranges::copy(passphrase.reveal(), std::back_inserter(out));
  std::ranges::copy(tail, std::back_inserter(out));
  return Secret(std::move(out));
}

}  // namespace

Result<std::string> radius_server_of(const Credential& credential) {
  const auto names = credential.ldevid().subject_alt_names();
  for (const std::string_view uri : names.uri) {
    if (!uri.starts_with(kSpiffe)) continue;
    const auto rest = uri.substr(kSpiffe.size());
    const auto end = rest.find('/');
    if (end == std::string_view::npos || !rest.substr(end).starts_with(kDevicePath)) continue;
    if (const auto domain = rest.substr(0, end); is_domain_name(domain)) return pki::radius_name(domain);
  }
  return failed_precondition("SUPPLICANT_SERVER_UNKNOWN",
                             "the certificate bears no name of a trust domain, so nothing says which RADIUS server is "
                             "to be believed; without that, any device of the domain could pose as one");
}

Result<fs::path> write_supplicant(Device& device, const SupplicantOptions& options) {
  TRY(const auto credential, device.credential());
  if (!credential) return failed_precondition("NOT_ONBOARDED", "the device has no credential; onboard it first");
  TRY(const auto server, radius_server_of(*credential));
  std::error_code failed;
  const auto folder = fs::absolute(options.folder, failed).lexically_normal();
  if (failed) return invalid("SUPPLICANT_PATH_INVALID", "the folder has no absolute path: " + failed.message());
  if (!options.control.empty()) TRY_VOID(check_supplicant_path(options.control));
  TRY_VOID(prepare_supplicant_folder(folder));

  TRY(const auto before, device.supplicant());
  const SupplicantRecord now{folder, credential->ldevid().serial_hex()};
  TRY_VOID(device.put_supplicant(now));  // before the files, so that a wipe finds them
  const auto stem = std::string(kSupplicantLdevid) + now.serial;
  const pki::Folder files(folder);
  const auto passphrase = pki::make_passphrase(device.random());
  // 256 random bits need no slow hashing.
  TRY(const auto key, credential->key.save_encrypted(passphrase, {.pbkdf2_iterations = crypto::kMinPbkdf2Iterations}));
  TRY_VOID(files.put(kSupplicantTrust, pem_of(credential->domain_anchors)));
  TRY_VOID(files.put(stem + ".crt", pem_of(credential->chain)));
  TRY_VOID(files.put_secret(stem + ".key", Secret(std::string_view(key))));
  TRY_VOID(files.put_secret(kSupplicantConfig, config_of(device, options, folder, server, stem, passphrase)));
  if (before && before->folder != folder) {
    TRY_VOID(remove_supplicant_files(before->folder));
  } else {
    TRY_VOID(tidy_supplicant_folder(folder, {now.serial, before ? before->serial : ""}));
  }
  return folder / kSupplicantConfig;
}

}  // namespace pratique::device
