#include "tools/factory/factory.h"

#include <algorithm>

#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/crypto/x509/issue.h"
#include "libs/net/url.h"

namespace pratique::factory {
namespace {

using crypto::CertificateProfile;
using crypto::kNoExpiry;

// Separate roots: what signs a device's identity must not be able to sign vouchers, nor to be the MASA's server.
const pki::IdentityFiles kRoot = pki::IdentityFiles::in("ca", "root");
const pki::IdentityFiles kDevices = pki::IdentityFiles::in("ca", "devices");
const pki::IdentityFiles kVouchers = pki::IdentityFiles::in("ca", "vouchers");
const pki::IdentityFiles kServers = pki::IdentityFiles::in("ca", "servers");
const pki::IdentityFiles kSigning = pki::IdentityFiles::in("masa", "signing");
const pki::IdentityFiles kServer = pki::IdentityFiles::in("masa", "tls");
constexpr std::string_view kFacts = "factory.json";

bool is_address(const std::string& name) {
  return name.find_first_not_of("0123456789.") == std::string::npos || name.contains(':');
}

crypto::SubjectAltNames names_of(const Settings& settings) {
  crypto::SubjectAltNames out;
  auto all = settings.masa_names;
  all.insert(all.begin(), settings.masa.host);
  for (const auto& name : all) {
    auto& list = is_address(name) ? out.ip : out.dns;
    if (std::ranges::find(list, name) == list.end()) list.push_back(name);
  }
  return out;
}

bool fresh(const crypto::Certificate& certificate, Timestamp now) {
  const auto life = certificate.not_after() - certificate.not_before();
  return certificate.not_after() == kNoExpiry || certificate.not_after() - now > life / 3;
}

}  // namespace

Result<Factory> Factory::init(const Settings& settings, const Clock& clock, Random& random) {
  if (settings.name.empty()) return invalid("NAME_INVALID", "a manufacturer has a name");
  const pki::Folder folder(settings.folder);
  auto facts = json::Value::object();
  facts.set("name", settings.name).set("masa", settings.masa.text());
  const auto text = facts.dump() + "\n";
  TRY(const auto before, folder.find(kFacts));
  if (before && *before != text)
    return failed_precondition("FACTORY_DIFFERS", settings.folder.string() + ": was made for another name or MASA");
  if (!before) TRY_VOID(folder.put(kFacts, text));
  Factory factory(folder, settings.name, settings.masa.text(), clock, random);
  TRY_VOID(factory.make_identities(settings));
  TRY_VOID(factory.export_anchors());
  return factory;
}

Result<Factory> Factory::open(const std::filesystem::path& folder, const Clock& clock, Random& random) {
  const pki::Folder files(folder);
  TRY(const auto text, files.get(kFacts));
  TRY(const auto document, json::parse(text).with_context(std::string(kFacts)));
  const json::Reader facts(document);
  TRY(auto name, facts.string_at("name"));
  TRY(auto masa, facts.string_at("masa"));
  return Factory(files, std::move(name), std::move(masa), clock, random);
}

crypto::Name Factory::named(std::string_view common_name) const {
  return {.organization = name_, .common_name = name_ + " " + std::string(common_name)};
}

Result<void> Factory::make_identities(const Settings& settings) {
  const auto now = clock_->now();
  TRY(const auto root, ensure(kRoot, CertificateProfile::root_ca(named("Root CA"), now, kNoExpiry), nullptr));
  TRY(device_issuer_, ensure(kDevices, CertificateProfile::sub_ca(named("Device CA"), now, kNoExpiry), &root));
  TRY(const auto vouchers,
      ensure(kVouchers, CertificateProfile::root_ca(named("Voucher CA"), now, kNoExpiry), nullptr));
  TRY(const auto servers, ensure(kServers, CertificateProfile::root_ca(named("Server CA"), now, kNoExpiry), nullptr));

  const CertificateProfile signing{.subject = named("MASA"),
                                   .not_before = now,
                                   .not_after = now + kSigningLife,
                                   .key_usage = crypto::key_usage::kDigitalSignature};
  TRY_VOID(ensure(kSigning, signing, &vouchers));
  const auto server = CertificateProfile::tls({.organization = name_, .common_name = settings.masa.host},
                                              names_of(settings), now, now + kServerLife);
  TRY_VOID(ensure(kServer, server, &servers));
  return {};
}

Result<void> Factory::export_anchors() {
  const auto write = [&](std::string_view name, const pki::IdentityFiles& authority) -> Result<void> {
    TRY(const auto certificate, get_certificate(authority));
    const auto pem = certificate.pem();
    const auto path = std::filesystem::path("anchors") / name;
    TRY(const auto before, folder_.find(path));
    const bool anew = before != pem;
    if (anew) TRY_VOID(folder_.put(path, pem));
    made_.push_back({folder_.root() / path, anew});
    return {};
  };
  TRY_VOID(write("idevid.pem", kRoot));
  TRY_VOID(write("voucher.pem", kVouchers));
  return write("masa-tls.pem", kServers);
}

Result<pki::Identity> Factory::ensure(const pki::IdentityFiles& files, const CertificateProfile& profile,
                                      const pki::Identity* issuer) {
  TRY(auto before, pki::find_identity(folder_, files));
  const auto as_wished = [&](const crypto::Certificate& certificate) {
    return fresh(certificate, clock_->now()) && certificate.subject_alt_names() == profile.alt_names;
  };
  const bool keep = before && as_wished(before->chain.front());
  made_.push_back({folder_.root() / files.certificate, !keep});
  if (keep) return *std::move(before);
  TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  auto certificate =
      issuer ? crypto::issue_certificate(profile, key.public_key(), issuer->chain.front(), issuer->key, *random_)
             : crypto::issue_self_signed(profile, key, *random_);
  if (!certificate) return std::move(certificate).error().with_context(files.certificate.string());
  pki::Identity made{{*std::move(certificate)}, std::move(key)};
  TRY_VOID(pki::put_identity(folder_, files, made, *random_));
  return made;
}

Result<pki::Identity> Factory::get(const pki::IdentityFiles& files) const {
  TRY(auto found, pki::find_identity(folder_, files));
  if (!found)
    return not_found("FILE_MISSING", (folder_.root() / files.certificate).string() + ": is missing; run init");
  return *std::move(found);
}

Result<crypto::Certificate> Factory::get_certificate(const pki::IdentityFiles& files) const {
  TRY(const auto pem, folder_.get(files.certificate));
  return crypto::Certificate::parse_pem(pem).with_context(files.certificate.string());
}

Result<device::Manufactured> Factory::manufacture(const DeviceOrder& order) {
  if (!order.mud_url.empty())
    if (const auto url = net::parse_url(order.mud_url); !url)
      return invalid("MUD_URL_INVALID", "the MUD URL is an https one: " + url.error().message);
  if (!is_serial(order.serial)) return invalid("SERIAL_INVALID", "'" + order.serial + "' is no serial number");
  TRY(const auto before, devices().find(order.serial));
  if (before) return Error{ErrorCode::already_exists, "DEVICE_EXISTS", order.serial + " was made before"};
  if (!device_issuer_) {
    TRY(device_issuer_, get(kDevices));
  }
  const auto& issuer = *device_issuer_;
  TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  const auto profile = CertificateProfile::idevid({.organization = name_,
                                                   .common_name = order.model,
                                                   .serial_number = order.serial},
                                                  clock_->now(), masa_, order.mud_url);
  TRY(auto idevid, crypto::issue_certificate(profile, key.public_key(), issuer.chain.front(), issuer.key, *random_));
  TRY(const auto anchor_pem, folder_.get("anchors/voucher.pem"));
  TRY(auto anchors, crypto::Certificate::parse_pem_bundle(anchor_pem));
  TRY_VOID(devices().put({.serial = order.serial,
                          .model = order.model,
                          .mud_url = order.mud_url,
                          .made_on = clock_->now(),
                          .key = key.public_key()}));
  return device::Manufactured{{std::move(idevid), issuer.chain.front()}, std::move(key), std::move(anchors)};
}

Result<MasaKeys> Factory::masa_keys() const {
  TRY(auto signing, get(kSigning));
  TRY(auto server, get(kServer));
  TRY(auto devices_ca, get_certificate(kDevices));
  TRY(auto root, get_certificate(kRoot));
  return MasaKeys{std::move(signing), std::move(server), {std::move(devices_ca), std::move(root)}};
}

}  // namespace pratique::factory
