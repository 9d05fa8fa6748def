#include "tools/pki/installation.h"

#include <catch2/catch.hpp>

#include <stdlib.h>

#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/oids.h"

using namespace pratique;
using namespace pratique::pki;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct Site {
  Site() {
    char name[] = "/tmp/pratique-pki-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    root = name;
  }
  ~Site() { fs::remove_all(root); }

  Settings settings() const { return {.folder = root / "keys", .trust_domain = "plant.example.com"}; }
  Installation init() { return std::move(*Installation::init(settings(), clock, random)); }
  Identity identity(const fs::path& place, std::string_view stem = "tls") {
    auto found = find_identity(Folder(root / "keys"), IdentityFiles::in(place, stem));
    REQUIRE(found);
    REQUIRE(*found);
    return **std::move(found);
  }

  fs::path root;
  FixedClock clock{Timestamp(1'764'000'000s)};
  crypto::SystemRandom random;
};

fs::perms mode_of(const fs::path& path) { return fs::status(path).permissions() & fs::perms::mask; }

bool verifies(const Identity& leaf, const Identity& authority, Timestamp now, crypto::Purpose purpose) {
  crypto::ChainOptions options(now);
  options.purpose = purpose;
  const std::span<const crypto::Certificate> chain(leaf.chain);
  return crypto::verify_chain(chain.front(), chain.subspan(1), authority.chain, options).accepted();
}

}  // namespace

TEST_CASE("init makes both CAs and the secrets, once") {
  Site site;
  const auto first = site.init();
  for (const auto& made : first.made()) CHECK(made.anew);
  const auto service_ca = site.identity("service-ca", "ca");
  const auto issuing = site.identity("domain-ca", "issuing");
  CHECK(issuing.chain.size() == 2);
  CHECK(issuing.chain.back() == site.identity("domain-ca", "root").chain.front());

  const auto again = site.init();
  CHECK(again.made().size() == first.made().size());
  for (const auto& made : again.made()) CHECK_FALSE(made.anew);
  CHECK(site.identity("service-ca", "ca").chain == service_ca.chain);
  CHECK(site.identity("domain-ca", "issuing").chain == issuing.chain);

  auto other = site.settings();
  other.trust_domain = "else.example.com";
  CHECK(Installation::init(other, site.clock, site.random).error().reason == "TRUST_DOMAIN_DIFFERS");
}

TEST_CASE("no key or secret stands plain or open on the disk") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.service("registrar-1", {}));
  REQUIRE(keys.operator_("ada"));
  REQUIRE(keys.registration_authority("onboarding-1", {}));
  REQUIRE(keys.database_password("registrar"));
  int secrets = 0;
  for (const auto& entry : fs::recursive_directory_iterator(site.root)) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path());
    const auto content = *Folder(entry.path().parent_path()).get(entry.path().filename());
    if (entry.path().extension() == ".key" && content.contains("BEGIN"))
      CHECK(content.contains("BEGIN ENCRYPTED PRIVATE KEY"));
    CHECK_FALSE(content.contains("BEGIN PRIVATE KEY"));
    CHECK_FALSE(content.contains("BEGIN EC PRIVATE KEY"));
    const bool open = entry.path().extension() == ".crt" || entry.path().extension() == ".crl" ||
                      entry.path().filename() == "trust-domain";
    if (open) continue;
    ++secrets;
    CHECK(mode_of(entry.path()) == (fs::perms::owner_read | fs::perms::owner_write));
  }
  CHECK(secrets == 3 * 2 + 3 * 2 + 4);  // CAs, identities, the four secrets
  // The passphrase of one key opens no other.
  const Folder folder(site.root / "keys");
  const auto pem = *folder.get("services/registrar-1/tls.key");
  CHECK(crypto::SoftwareKey::load_encrypted(pem, *folder.get_secret("operators/ada/tls.pass")).error().reason ==
        "KEY_PASSPHRASE_WRONG");
}

TEST_CASE("a service's certificate names the service and its replica") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.service("onboarding-12", {"onboarding.example.com"}));
  const auto made = site.identity("services/onboarding-12");
  const auto names = made.chain.front().subject_alt_names();
  CHECK(names.uri == std::vector<std::string>{"spiffe://plant.example.com/service/onboarding"});
  CHECK(names.dns == std::vector<std::string>{"localhost", "onboarding-12", "onboarding", "onboarding.example.com"});
  const auto service_ca = site.identity("service-ca", "ca");
  CHECK(verifies(made, service_ca, site.clock.now(), crypto::Purpose::tls_server));
  CHECK(verifies(made, service_ca, site.clock.now(), crypto::Purpose::tls_client));
  CHECK_FALSE(verifies(made, site.identity("domain-ca", "root"), site.clock.now(), crypto::Purpose::any));

  REQUIRE(keys.service("join-proxy", {}));
  CHECK(site.identity("services/join-proxy").chain.front().subject_alt_names().uri ==
        std::vector<std::string>{"spiffe://plant.example.com/service/join-proxy"});
}

TEST_CASE("an operator's certificate is a client's only") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.operator_("ada@example.com"));
  const auto made = site.identity("operators/ada@example.com");
  CHECK(made.chain.front().subject_alt_names().uri ==
        std::vector<std::string>{"spiffe://plant.example.com/operator/ada@example.com"});
  const auto service_ca = site.identity("service-ca", "ca");
  CHECK(verifies(made, service_ca, site.clock.now(), crypto::Purpose::tls_client));
  CHECK_FALSE(verifies(made, service_ca, site.clock.now(), crypto::Purpose::tls_server));
}

TEST_CASE("a registrar's certificate is an RA's of the domain CA") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.registration_authority("onboarding-1", {"registrar.example.com"}));
  const auto made = site.identity("ra/onboarding-1");
  CHECK(made.chain.size() == 3);
  CHECK(made.chain.back() == site.identity("domain-ca", "root").chain.front());
  CHECK(made.chain.front().has_eku(crypto::oid::kCmcRa));
  CHECK(made.chain.front().has_eku(crypto::oid::kServerAuth));
  CHECK(made.chain.front().has_eku(crypto::oid::kClientAuth));
  CHECK(made.chain.front().subject_alt_names().uri.empty());
  CHECK(verifies(made, site.identity("domain-ca", "root"), site.clock.now(), crypto::Purpose::tls_server));
  CHECK_FALSE(verifies(made, site.identity("service-ca", "ca"), site.clock.now(), crypto::Purpose::any));
}

TEST_CASE("a RADIUS server's certificate is a server's of the domain CA, under the one name that devices expect") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.radius("radius-2", {"hall-1.example.com"}));
  const auto made = site.identity("radius/radius-2");
  CHECK(made.chain.size() == 2);  // devices have the root
  CHECK(made.chain.front().subject_alt_names().dns ==
        std::vector<std::string>{"radius.plant.example.com", "hall-1.example.com"});
  CHECK(verifies(made, site.identity("domain-ca", "root"), site.clock.now(), crypto::Purpose::tls_server));
  CHECK_FALSE(verifies(made, site.identity("domain-ca", "root"), site.clock.now(), crypto::Purpose::tls_client));
  CHECK_FALSE(made.chain.front().has_eku(crypto::oid::kCmcRa));
  REQUIRE(keys.registration_authority("onboarding-1", {}));
  for (const auto& name : site.identity("ra/onboarding-1").chain.front().subject_alt_names().dns)
    CHECK(name != radius_name("plant.example.com"));
  CHECK(keys.radius("../x", {}).error().reason == "NAME_INVALID");
}

TEST_CASE("a certificate is made anew when its time comes or its names change, and not before") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.service("registrar-1", {})->anew);
  const auto first = site.identity("services/registrar-1");
  CHECK_FALSE(keys.service("registrar-1", {})->anew);
  CHECK(site.identity("services/registrar-1").chain == first.chain);

  CHECK(keys.service("registrar-1", {"registrar.example.com"})->anew);
  CHECK_FALSE(keys.service("registrar-1", {"registrar.example.com"})->anew);
  const auto second = site.identity("services/registrar-1");
  CHECK_FALSE(second.key.public_key() == first.key.public_key());

  site.clock.advance(std::chrono::days(264));
  CHECK_FALSE(keys.service("registrar-1", {"registrar.example.com"})->anew);
  site.clock.advance(std::chrono::days(2));
  CHECK(keys.service("registrar-1", {"registrar.example.com"})->anew);
}

TEST_CASE("the root tells which CAs it revoked: none, for as long as the issuing CA lives") {
  Site site;
  (void)site.init();
  const Folder folder(site.root / "keys");
  const auto root = site.identity("domain-ca", "root").chain.front();
  const auto first = *folder.get("domain-ca/root.crl");
  const auto list = crypto::Crl::parse_pem(first);
  REQUIRE(list);
  CHECK(crypto::verify_crl(*list, root, site.clock.now()).accepted());
  CHECK_FALSE(crypto::verify_crl(*list, site.identity("domain-ca", "issuing").chain.front(), site.clock.now()).accepted());
  CHECK(list->size() == 0);
  CHECK_FALSE(site.init().root_list()->anew);

  SECTION("it is made anew after two thirds of its time, with a number that grew") {
    site.clock.advance(std::chrono::days(1215));
    CHECK_FALSE(site.init().root_list()->anew);
    site.clock.advance(std::chrono::days(3));
    const auto keys = Installation::open(site.root / "keys", site.clock, site.random);
    REQUIRE(keys->root_list());
    const auto next = crypto::Crl::parse_pem(*folder.get("domain-ca/root.crl"));
    REQUIRE(next);
    CHECK(*next->number_hex() > *list->number_hex());
    CHECK(crypto::verify_crl(*next, root, site.clock.now()).accepted());
  }
  SECTION("the root is offline: what is good is kept, what is not is said") {
    fs::remove(site.root / "keys/domain-ca/root.key");
    CHECK_FALSE(site.init().root_list()->anew);
    fs::remove(site.root / "keys/domain-ca/root.crl");
    const auto keys = site.init();
    CHECK_FALSE(fs::exists(site.root / "keys/domain-ca/root.crl"));
    CHECK(keys.root_list().error().reason == "FILE_MISSING");
  }
  SECTION("a root that signs devices' credentials itself leaves its list to the registrar") {
    Site alone;
    auto settings = alone.settings();
    settings.issuing_ca = false;
    const auto keys = Installation::init(settings, alone.clock, alone.random);
    REQUIRE(keys);
    CHECK(keys->root_list().error().reason == "ROOT_LIST_ELSEWHERE");
    CHECK_FALSE(fs::exists(alone.root / "keys/domain-ca/root.crl"));
  }
  SECTION("what is no list of this root gives way") {
    Site other;
    (void)other.init();
    for (const auto& text : {std::string("nothing"), *Folder(other.root / "keys").get("domain-ca/root.crl")}) {
      REQUIRE(folder.put("domain-ca/root.crl", text));
      CHECK(site.init().root_list());
      const auto mended = crypto::Crl::parse_pem(*folder.get("domain-ca/root.crl"));
      REQUIRE(mended);
      CHECK(crypto::verify_crl(*mended, root, site.clock.now()).accepted());
    }
  }
}

TEST_CASE("the domain's root may be offline once the issuing CA is made") {
  Site site;
  (void)site.init();
  fs::remove(site.root / "keys/domain-ca/root.key");
  fs::remove(site.root / "keys/domain-ca/root.pass");
  auto keys = Installation::init(site.settings(), site.clock, site.random);
  REQUIRE(keys);
  CHECK(keys->registration_authority("onboarding-1", {}));
}

TEST_CASE("a new master key comes first and the old ones stay") {
  Site site;
  auto keys = site.init();
  const Folder folder(site.root / "keys");
  const auto before = *crypto::MasterKeys::parse(*folder.get_secret("secrets/master.keys"));
  REQUIRE(keys.rotate_master_key());
  const auto after = *crypto::MasterKeys::parse(*folder.get_secret("secrets/master.keys"));
  CHECK(after.current_key_id() != before.current_key_id());
  CHECK(after.find(before.current_key_id()) != nullptr);
}

TEST_CASE("names that would leave their folder or their identity are refused") {
  Site site;
  auto keys = site.init();
  for (const std::string_view name : {"", "../x", "a/b", ".hidden", "a b", "x\n", "a.b"}) {
    INFO(name);
    CHECK(keys.service(name, {}).error().reason == "NAME_INVALID");
  }
  CHECK(keys.service(std::string(64, 'a'), {}).error().reason == "NAME_INVALID");
  CHECK(keys.operator_("a/b").error().reason == "NAME_INVALID");
  CHECK(keys.registration_authority("..", {}).error().reason == "NAME_INVALID");
  CHECK(keys.database_password("registrar;drop").error().reason == "NAME_INVALID");
  CHECK(Installation::open(site.root / "elsewhere", site.clock, site.random).error().reason == "FILE_MISSING");
}

TEST_CASE("a key that is not its certificate's is noticed") {
  Site site;
  auto keys = site.init();
  REQUIRE(keys.service("registrar-1", {}));
  REQUIRE(keys.service("registrar-2", {}));
  const auto one = site.root / "keys/services/registrar-1", two = site.root / "keys/services/registrar-2";
  fs::copy_file(two / "tls.crt", one / "tls.crt", fs::copy_options::overwrite_existing);
  CHECK(keys.service("registrar-1", {}).error().reason == "IDENTITY_BROKEN");
}
