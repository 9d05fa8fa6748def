#include "services/registrar/domain/idevid.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "services/registrar/domain/field_text.h"

namespace pratique::registrar {
namespace {

Error unreadable(std::string_view what) { return invalid("IDEVID_UNREADABLE", what); }

/// Only a serial number that can be stored and shown byte for byte names a device.
std::string usable_serial(const crypto::Certificate& leaf) {
  const auto serial = leaf.subject_serial_number();
  if (!serial || !check_text("serial_number", *serial, kMaxSerialNumber, Presence::required)) return "";
  return *serial;
}

std::string model_of(const crypto::Certificate& leaf, std::string_view serial) {
  constexpr std::string_view kPid = "PID:", kSn = " SN:";
  if (serial.starts_with(kPid) && serial.contains(kSn))
    return std::string(serial.substr(kPid.size(), serial.find(kSn) - kPid.size()));
  const auto name = leaf.common_name();
  return name ? displayable(*name, kMaxModel) : "";
}

}  // namespace

Result<Idevid> read_idevid(std::span<const Bytes> chain) {
  if (chain.empty()) return unreadable("the device presented no certificate");
  if (chain.size() > kMaxIdevidChain)
    return unreadable("the device presented more than " + std::to_string(kMaxIdevidChain) + " certificates");
  std::vector<crypto::Certificate> certificates;
  for (const auto& der : chain) {
    auto certificate = crypto::Certificate::parse_der(der);
    if (!certificate)
      return unreadable("certificate " + std::to_string(certificates.size() + 1) + " of the chain: " +
                        certificate.error().message);
    certificates.push_back(*std::move(certificate));
  }
  const auto& leaf = certificates.front();
  Idevid out{.leaf = leaf, .intermediates = {certificates.begin() + 1, certificates.end()}};
  out.serial_number = usable_serial(leaf);
  out.model = model_of(leaf, out.serial_number);
  out.fingerprint = hex_encode(leaf.public_key().fingerprint_sha256());
  out.masa_url = displayable(leaf.masa_url().value_or(""), kMaxUrl);
  out.mud_url = displayable(leaf.mud_url().value_or(""), kMaxUrl);
  return out;
}

std::vector<Bytes> anchor_subject_keys(const Idevid& idevid) {
  std::vector<Bytes> out{crypto::sha256(idevid.leaf.issuer_der())};
  for (const auto& certificate : idevid.intermediates) out.push_back(crypto::sha256(certificate.issuer_der()));
  return out;
}

std::vector<Bytes> anchor_certificate_keys(const Idevid& idevid) {
  std::vector<Bytes> out{idevid.leaf.fingerprint_sha256()};
  for (const auto& certificate : idevid.intermediates) out.push_back(certificate.fingerprint_sha256());
  return out;
}

}  // namespace pratique::registrar
