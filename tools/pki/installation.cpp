#include "tools/pki/installation.h"

#include <algorithm>

#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/revocation/crl_build.h"
#include "libs/crypto/x509/oids.h"

namespace pratique::pki {
namespace {

using std::chrono::days;

constexpr std::chrono::minutes kBackdating{5};  // for machines whose clocks are a little slow
const std::filesystem::path kTrustDomain = "trust-domain";
const std::filesystem::path kMasterKeys = "secrets/master.keys";
const std::filesystem::path kRootList = "domain-ca/root.crl";

const IdentityFiles& service_ca() {
  static const auto files = IdentityFiles::in("service-ca", "ca");
  return files;
}
const IdentityFiles& domain_root() {
  static const auto files = IdentityFiles::in("domain-ca", "root");
  return files;
}
const IdentityFiles& domain_issuing() {
  static const auto files = IdentityFiles::in("domain-ca", "issuing");
  return files;
}

// Names become file names and path segments of SPIFFE identities.
Result<void> check_name(std::string_view what, std::string_view name, std::string_view also) {
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || also.contains(c);
  };
  if (name.empty() || name.size() > kMaxName || name.front() == '.' || !std::ranges::all_of(name, fits))
    return invalid("NAME_INVALID", std::string(what) + " '" + std::string(name) +
                                       "' must be 1 to 63 of letters, digits and '" + std::string(also) +
                                       "', not starting with a dot");
  return {};
}

// "onboarding-1" is a replica of "onboarding".
std::string_view service_of(std::string_view replica) {
  const auto dash = replica.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 == replica.size()) return replica;
  const auto number = replica.substr(dash + 1);
  return number.find_first_not_of("0123456789") == std::string_view::npos ? replica.substr(0, dash) : replica;
}

}  // namespace

std::string radius_name(std::string_view trust_domain) { return "radius." + std::string(trust_domain); }

Result<Installation> Installation::init(const Settings& settings, const Clock& clock, Random& random) {
  TRY_VOID(check_name("trust domain", settings.trust_domain, ".-_"));
  const Folder folder(settings.folder);
  TRY(const auto known, folder.find(kTrustDomain));
  if (!known) {
    TRY_VOID(folder.put(kTrustDomain, settings.trust_domain + "\n"));
  } else if (*known != settings.trust_domain + "\n") {
    return failed_precondition("TRUST_DOMAIN_DIFFERS",
                               settings.folder.string() + ": was made for another trust domain");
  }
  Installation self(folder, settings.trust_domain, clock, random);

  const auto from = clock.now() - kBackdating;
  const auto name = [&](std::string_view what) {
    return crypto::Name{.organization = settings.organization,
                        .common_name = settings.trust_domain + " " + std::string(what)};
  };
  const auto keep = [&](Result<Made> made) -> Result<void> {
    if (!made) return std::move(made).error();
    self.made_.push_back(*std::move(made));
    return {};
  };
  using Profile = crypto::CertificateProfile;
  TRY_VOID(
      keep(self.authority(service_ca(), Profile::root_ca(name("service CA"), from, from + kAuthorityLife), nullptr)));
  TRY_VOID(keep(
      self.authority(domain_root(), Profile::root_ca(name("domain root CA"), from, from + kAuthorityLife), nullptr)));
  if (settings.issuing_ca) {
    TRY(const auto present, find_identity(folder, domain_issuing()));
    if (present && self.fresh(present->chain.front())) {
      self.made_.push_back({settings.folder / domain_issuing().certificate, false});  // the root may be offline
    } else {
      TRY(const auto root, self.get(domain_root()));
      TRY_VOID(keep(self.authority(domain_issuing(),
                                   Profile::sub_ca(name("domain issuing CA"), from, from + kIssuingLife), &root)));
    }
    // Where the root is offline, what it signed stays as it is.
    TRY(const auto root_key, folder.find(domain_root().key));
    if (root_key) TRY_VOID(keep(self.root_list()));
  }
  TRY(const auto master, folder.find(kMasterKeys));
  if (!master) {
    TRY_VOID(keep(self.rotate_master_key()));
  } else {
    self.made_.push_back({settings.folder / kMasterKeys, false});
  }
  TRY_VOID(keep(self.random_text("secrets/pseudonym.key")));
  TRY_VOID(keep(self.random_text("secrets/page-tokens.key")));
  return self;
}

Result<Installation> Installation::open(const std::filesystem::path& folder, const Clock& clock, Random& random) {
  TRY(auto trust_domain, Folder(folder).get(kTrustDomain));
  if (trust_domain.ends_with('\n')) trust_domain.pop_back();
  return Installation(Folder(folder), trust_domain, clock, random);
}

Result<Made> Installation::service(std::string_view name, const std::vector<std::string>& dns) const {
  TRY_VOID(check_name("name", name, "-_"));
  TRY(const auto issuer, get(service_ca()));
  auto profile = leaf_profile(name);
  // The service's own name is what callers send as SNI.
  profile.alt_names.dns = {"localhost", std::string(name)};
  if (service_of(name) != name) profile.alt_names.dns.emplace_back(service_of(name));
  profile.alt_names.dns.insert(profile.alt_names.dns.end(), dns.begin(), dns.end());
  profile.alt_names.uri = {"spiffe://" + trust_domain_ + "/service/" + std::string(service_of(name))};
  profile.alt_names.ip = {"127.0.0.1", "::1"};
  profile.ekus = {std::string(crypto::oid::kServerAuth), std::string(crypto::oid::kClientAuth)};
  return identity(std::filesystem::path("services") / name, profile, issuer);
}

Result<Made> Installation::operator_(std::string_view name) const {
  TRY_VOID(check_name("name", name, "-_.@"));
  TRY(const auto issuer, get(service_ca()));
  auto profile = leaf_profile(name);
  profile.alt_names.uri = {"spiffe://" + trust_domain_ + "/operator/" + std::string(name)};
  profile.ekus = {std::string(crypto::oid::kClientAuth)};
  return identity(std::filesystem::path("operators") / name, profile, issuer);
}

Result<Made> Installation::registration_authority(std::string_view name, const std::vector<std::string>& dns) const {
  TRY_VOID(check_name("name", name, "-_"));
  TRY(const auto issuer, domain_issuer());
  auto profile = leaf_profile(name);
  profile.alt_names.dns = {"localhost", std::string(name)};
  profile.alt_names.dns.insert(profile.alt_names.dns.end(), dns.begin(), dns.end());
  profile.ekus = {std::string(crypto::oid::kServerAuth), std::string(crypto::oid::kClientAuth),
                  std::string(crypto::oid::kCmcRa)};
  // Devices and manufacturers know no CA of ours: they are shown the whole chain (RFC 8995 section 5.5.2).
  return identity(std::filesystem::path("ra") / name, profile, issuer, true);
}

Result<Made> Installation::radius(std::string_view name, const std::vector<std::string>& dns) const {
  TRY_VOID(check_name("name", name, "-_"));
  TRY(const auto issuer, domain_issuer());
  auto profile = leaf_profile(name);
  profile.alt_names.dns = {radius_name(trust_domain_)};
  profile.alt_names.dns.insert(profile.alt_names.dns.end(), dns.begin(), dns.end());
  profile.ekus = {std::string(crypto::oid::kServerAuth)};
  return identity(std::filesystem::path("radius") / name, profile, issuer);
}

Result<Made> Installation::root_list() const {
  TRY(const auto issuing, folder_.find(domain_issuing().certificate));
  if (!issuing)
    return failed_precondition("ROOT_LIST_ELSEWHERE",
                               "the root signs devices' credentials itself, so the registrar makes its list");
  TRY(const auto pem, folder_.get(domain_root().certificate));
  TRY(const auto root, crypto::Certificate::parse_pem(pem));
  TRY(const auto present, folder_.find(kRootList));
  if (present) {
    const auto list = crypto::Crl::parse_pem(*present);
    if (list && list->next_update() && list->authority_key_id() == root.subject_key_id() &&
        fresh(list->this_update(), *list->next_update()))
      return Made{folder_.root() / kRootList, false};
  }
  TRY(const auto issuer, get(domain_root()));
  const auto now = clock_.now();
  // Its number grows with the time, so that it needs not be remembered.
  const auto number = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const crypto::CrlProfile profile{.number = static_cast<std::uint64_t>(number),
                                   .this_update = now - kBackdating,
                                   .next_update = now - kBackdating + kRootListLife};
  TRY(const auto der, crypto::build_crl(profile, {}, issuer.chain.front(), issuer.key));
  TRY(const auto list, crypto::Crl::parse_der(der));
  TRY_VOID(folder_.put(kRootList, list.pem()));
  return Made{folder_.root() / kRootList, true};
}

Result<Made> Installation::database_password(std::string_view role) const {
  TRY_VOID(check_name("role", role, "_"));
  return random_text("secrets/database-" + std::string(role) + ".password");
}

Result<Made> Installation::rotate_master_key() const {
  const Bytes salt = random_.bytes(4);
  const auto today = format_rfc3339(std::chrono::floor<days>(clock_.now())).substr(0, 10);
  std::string id = today + "-";
  for (const auto byte : salt) id += static_cast<char>('a' + byte % 26);
  TRY(const auto line, crypto::MasterKeys::make_line(id, random_));
  Bytes all = to_bytes(line.reveal());
  TRY(const auto old, folder_.find(kMasterKeys));
  if (old) all.insert(all.end(), old->begin(), old->end());
  TRY_VOID(folder_.put_secret(kMasterKeys, Secret(std::move(all))));
  return Made{folder_.root() / kMasterKeys, true};
}

Result<Made> Installation::authority(const IdentityFiles& files, const crypto::CertificateProfile& profile,
                                     const Identity* issuer) const {
  const auto path = folder_.root() / files.certificate;
  // A root is known by its certificate alone: its key may be offline.
  TRY(const auto present, folder_.find(files.certificate));
  if (present) {
    TRY(const auto chain, crypto::Certificate::parse_pem_bundle(*present));
    if (issuer == nullptr || fresh(chain.front())) return Made{path, false};
  }
  TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  std::vector<crypto::Certificate> chain;
  if (issuer == nullptr) {
    TRY(auto certificate, crypto::issue_self_signed(profile, key, random_));
    chain.push_back(std::move(certificate));
  } else {
    TRY(auto certificate,
        crypto::issue_certificate(profile, key.public_key(), issuer->chain.front(), issuer->key, random_));
    chain.push_back(std::move(certificate));
    chain.insert(chain.end(), issuer->chain.begin(), issuer->chain.end());
  }
  TRY_VOID(put_identity(folder_, files, {std::move(chain), std::move(key)}, random_));
  return Made{path, true};
}

Result<Made> Installation::identity(const std::filesystem::path& place, const crypto::CertificateProfile& profile,
                                    const Identity& issuer, bool with_root) const {
  const auto files = IdentityFiles::in(place, "tls");
  const auto path = folder_.root() / files.certificate;
  const crypto::Certificate& authority = issuer.chain.front();
  TRY(const auto present, find_identity(folder_, files));
  if (present) {
    const crypto::Certificate& leaf = present->chain.front();
    if (fresh(leaf) && leaf.subject_alt_names() == profile.alt_names &&
        equal(leaf.issuer_der(), authority.subject_der()) && leaf.authority_key_id() == authority.subject_key_id())
      return Made{path, false};
  }
  TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  TRY(auto certificate, crypto::issue_certificate(profile, key.public_key(), authority, issuer.key, random_));
  std::vector<crypto::Certificate> chain{std::move(certificate)};
  for (const auto& above : issuer.chain)
    if (with_root || !above.is_self_issued()) chain.push_back(above);  // else peers have the root
  TRY_VOID(put_identity(folder_, files, {std::move(chain), std::move(key)}, random_));
  return Made{path, true};
}

Result<Made> Installation::random_text(const std::filesystem::path& name) const {
  TRY(const auto present, folder_.find(name));
  if (!present) TRY_VOID(folder_.put_secret(name, make_passphrase(random_)));
  return Made{folder_.root() / name, !present};
}

Result<Identity> Installation::get(const IdentityFiles& files) const {
  TRY(auto found, find_identity(folder_, files));
  if (!found)
    return not_found("FILE_MISSING", (folder_.root() / files.certificate).string() + ": is missing; run init");
  return *std::move(found);
}

Result<Identity> Installation::domain_issuer() const {
  TRY(auto issuing, find_identity(folder_, domain_issuing()));
  if (issuing) return *std::move(issuing);
  return get(domain_root());
}

crypto::CertificateProfile Installation::leaf_profile(std::string_view common_name) const {
  const auto from = clock_.now() - kBackdating;
  auto profile =
      crypto::CertificateProfile::tls({.common_name = std::string(common_name)}, {}, from, from + kIdentityLife);
  profile.key_usage = crypto::key_usage::kDigitalSignature;
  return profile;
}

bool Installation::fresh(const crypto::Certificate& certificate) const {
  return fresh(certificate.not_before(), certificate.not_after());
}

// In the first two thirds of its life.
bool Installation::fresh(Timestamp begin, Timestamp end) const { return clock_.now() < begin + (end - begin) / 3 * 2; }

}  // namespace pratique::pki
