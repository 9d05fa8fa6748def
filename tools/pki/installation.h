// The keys of one installation in one folder; the layout stands in README.md.
//
//   TRY(auto keys, Installation::init({.folder = "keys", .trust_domain = "plant.example.com"}, clock, random));
//   TRY(auto made, keys.service("onboarding-1", {}));       // services/onboarding-1/tls.{crt,key,pass}
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "tools/pki/folder.h"
#include "tools/pki/identity.h"

namespace pratique::pki {

inline constexpr std::chrono::days kAuthorityLife{3650};
inline constexpr std::chrono::days kIssuingLife{1825};
/// Of the root's list of revoked CAs: that of the CA below it, so that the root comes online for both at once.
inline constexpr std::chrono::days kRootListLife = kIssuingLife;
inline constexpr std::chrono::days kIdentityLife{397};
inline constexpr std::size_t kMaxName = 63;

/// What RADIUS servers are called in 802.1X: the same name for all of a trust domain.
std::string radius_name(std::string_view trust_domain);

struct Settings {
  std::filesystem::path folder;
  std::string trust_domain;
  std::string organization = "Pratique";
  bool issuing_ca =
      true;  // devices' and RA certificates come from a CA below the root, so that the root can go offline
};

/// What a command did.
struct Made {
  std::filesystem::path path;
  bool anew = false;  // false: it was there and good
};

class Installation {
 public:
  /// Both CAs, the root's list, the master key, the keys of pseudonyms and page tokens. FAILED_PRECONDITION TRUST_DOMAIN_DIFFERS where
  /// the folder was made for another one. INVALID_ARGUMENT NAME_INVALID.
  static Result<Installation> init(const Settings& settings, const Clock& clock, Random& random);
  /// NOT_FOUND FILE_MISSING where init was not run.
  static Result<Installation> open(const std::filesystem::path& folder, const Clock& clock, Random& random);

  /// spiffe://<trust domain>/service/<name without "-<number>">; DNS localhost, the name, the service and `dns`; the
  /// loopback addresses.
  Result<Made> service(std::string_view name, const std::vector<std::string>& dns) const;
  /// spiffe://<trust domain>/operator/<name>; a client's certificate only.
  Result<Made> operator_(std::string_view name) const;
  /// A registrar's certificate of the domain CA: cmcRA, serverAuth, clientAuth (RFC 8995 section 5.5.4).
  Result<Made> registration_authority(std::string_view name, const std::vector<std::string>& dns) const;
  /// A RADIUS server's certificate of the domain CA, serverAuth alone. It bears radius_name(), by which devices know it.
  Result<Made> radius(std::string_view name, const std::vector<std::string>& dns) const;
  /// The domain root's CRL (PEM), for who insists on a list of every CA of a chain. It lists nobody. NOT_FOUND FILE_MISSING
  /// where it must be made and the root's key is away. FAILED_PRECONDITION ROOT_LIST_ELSEWHERE without an issuing CA.
  Result<Made> root_list() const;
  Result<Made> database_password(std::string_view role) const;
  /// A new master key in front of the others.
  Result<Made> rotate_master_key() const;

  /// What init made or kept.
  const std::vector<Made>& made() const { return made_; }

 private:
  Installation(Folder folder, std::string trust_domain, const Clock& clock, Random& random)
      : folder_(std::move(folder)), trust_domain_(std::move(trust_domain)), clock_(clock), random_(random) {}

  Result<Made> authority(const IdentityFiles& files, const crypto::CertificateProfile& profile,
                         const Identity* issuer) const;
  /// `with_root`: the file holds the chain up to and including the root.
  Result<Made> identity(const std::filesystem::path& place, const crypto::CertificateProfile& profile,
                        const Identity& issuer, bool with_root = false) const;
  Result<Made> random_text(const std::filesystem::path& name) const;
  Result<Identity> get(const IdentityFiles& files) const;
  Result<Identity> domain_issuer() const;
  crypto::CertificateProfile leaf_profile(std::string_view common_name) const;
  bool fresh(const crypto::Certificate& certificate) const;
  bool fresh(Timestamp begin, Timestamp end) const;

  Folder folder_;
  std::string trust_domain_;
  const Clock& clock_;
  Random& random_;
  std::vector<Made> made_;
};

}  // namespace pratique::pki
