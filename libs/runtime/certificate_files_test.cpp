#include "libs/runtime/certificate_files.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <fstream>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"
#include "libs/obs/metrics.h"
#include "libs/runtime/catalogue.h"
#include "tests/support/scratch_folder.h"

using namespace pratique;
using namespace pratique::runtime;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  ScratchFolder folder;
  FixedClock clock{*parse_rfc3339("2026-06-01T00:00:00Z")};
  crypto::SystemRandom random;
  std::vector<std::string> lines;
  obs::Log log{obs::Catalogue("port").events({&kCertificatesTaken, &kCertificatesRefused}), obs::Level::info, clock,
               [this](std::string_view line) { lines.emplace_back(line); }};
  CertificateFilesConfig config{folder.path() / "cert.pem", {folder.path() / "key.pem"}, {}, folder.path() / "ca.pem"};

  crypto::SoftwareKey key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);

  void write(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::remove(file);  // a new file each time, so that its state differs whatever the clock's grain
    std::ofstream(file, std::ios::binary) << text;
    REQUIRE(chmod(file.c_str(), 0600) == 0);
  }
  std::string certificate(std::string_view name, std::string_view until = "2027-01-01T00:00:00Z") {
    auto profile = crypto::CertificateProfile::tls({.common_name = std::string(name)}, {.dns = {"localhost"}},
                                                   *parse_rfc3339("2026-01-01T00:00:00Z"), *parse_rfc3339(until));
    auto issued = crypto::issue_self_signed(profile, key, random);
    REQUIRE(issued);
    return issued->pem();
  }
  void write_key() { write(config.key.path, as_text(key.plaintext_pem()->reveal())); }
  void write_good() {
    write(config.certificate, certificate("one"));
    write_key();
    write(config.trust_anchors, certificate("anchor"));
  }
  std::string why() {
    const auto loaded = load_certificates(config, clock);
    return loaded ? "good" : loaded.error().reason;
  }
};

constexpr auto kNever = std::chrono::hours(24);  // the tests look themselves

}  // namespace

TEST_CASE_METHOD(Fixture, "a certificate, its key and the trust anchors are loaded") {
  write_good();
  const auto loaded = load_certificates(config, clock);
  REQUIRE(loaded);
  CHECK(loaded->chain_pem.starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK(as_text(loaded->key_pem.reveal()).contains("PRIVATE KEY"));
  CHECK_FALSE(loaded->trust_anchors_pem.empty());
  CHECK(loaded->not_after == *parse_rfc3339("2027-01-01T00:00:00Z"));
}

TEST_CASE_METHOD(Fixture, "an encrypted key is opened with its passphrase") {
  write_good();
  write(config.key.path, *key.save_encrypted(Secret("open sesame"), {.pbkdf2_iterations = 100'000}));
  CHECK(why() == "KEY_PASSPHRASE_WRONG");  // none is configured
  config.key_passphrase.path = folder.path() / "passphrase";
  CHECK(why() == "SECRET_FILE_MISSING");
  write(config.key_passphrase.path, "open sesame\n");
  CHECK(why() == "good");
  write(config.key_passphrase.path, "open barley\n");
  CHECK(why() == "KEY_PASSPHRASE_WRONG");
}

TEST_CASE_METHOD(Fixture, "files that cannot serve are refused by name") {
  write_good();
  SECTION("no certificate") {
    std::filesystem::remove(config.certificate);
    CHECK(why() == "CERTIFICATE_FILE_INVALID");
  }
  SECTION("a certificate that is none") {
    write(config.certificate, "hello");
    CHECK(why() == "CERTIFICATE_FILE_INVALID");
  }
  SECTION("trust anchors that are none") {
    write(config.trust_anchors, "");
    CHECK(why() == "CERTIFICATE_FILE_INVALID");
  }
  SECTION("a key that is none") {
    write(config.key.path, "hello");
    CHECK(why() == "KEY_FILE_INVALID");
  }
  SECTION("a key that others can read") {
    REQUIRE(chmod(config.key.path.c_str(), 0644) == 0);
    CHECK(why() == "SECRET_FILE_UNSAFE");
  }
  SECTION("another key") {
    key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
    write_key();
    CHECK(why() == "KEY_MISMATCH");
  }
  SECTION("an expired certificate") {
    write(config.certificate, certificate("old", "2026-05-31T00:00:00Z"));
    CHECK(why() == "CERTIFICATE_EXPIRED");
  }
}

TEST_CASE_METHOD(Fixture, "a state that its owner cannot use is refused like one that is bad in itself") {
  write_good();
  std::vector<std::string> asked;
  std::string refused;
  const auto check = [&](const Certificates& now) -> Result<void> {
    asked.push_back(now.chain_pem);
    if (now.chain_pem == refused) return invalid("NOT_WANTED", "cert.pem: not wanted");
    return {};
  };
  auto files = CertificateFiles::open(config, clock, log, kNever, check);
  REQUIRE(files);
  REQUIRE(asked.size() == 1);
  const auto first = asked.front();
  refused = certificate("two");
  write(config.certificate, refused);
  CHECK_FALSE((*files)->look());
  CHECK_FALSE((*files)->look());
  CHECK(asked.size() == 2);
  CHECK((*files)->current()->chain_pem == first);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].contains("certificates_refused"));
  CHECK(lines[0].contains("NOT_WANTED"));
  write(config.certificate, certificate("three"));
  CHECK((*files)->look());
  CHECK(asked.size() == 3);

  write(config.certificate, refused);
  CHECK(CertificateFiles::open(config, clock, log, kNever, check).error().reason == "NOT_WANTED");
}

TEST_CASE_METHOD(Fixture, "the end of the certificate in use is shown, whatever lies in the files") {
  write_good();
  obs::Metrics metrics(obs::Catalogue("port").gauges({&kCertificateNotAfter}));
  auto files = CertificateFiles::open(config, clock, log, kNever);
  REQUIRE(files);
  (*files)->show_in(metrics, "service");
  const auto shows = [&](std::string_view until) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*parse_rfc3339(until)).time_since_epoch().count();
    return metrics.text().contains("pratique_certificate_not_after_timestamp_seconds{certificate=\"service\"} " +
                                   std::to_string(seconds) + "\n");
  };
  CHECK(shows("2027-01-01T00:00:00Z"));
  write(config.certificate, certificate("two", "2028-01-01T00:00:00Z"));
  CHECK((*files)->look());
  CHECK(shows("2028-01-01T00:00:00Z"));
  write(config.certificate, certificate("old", "2026-05-31T00:00:00Z"));  // expired: not taken
  CHECK_FALSE((*files)->look());
  CHECK(shows("2028-01-01T00:00:00Z"));
}

TEST_CASE_METHOD(Fixture, "a change is taken when it is good, and the old pair stays when it is not") {
  write_good();
  auto files = CertificateFiles::open(config, clock, log, kNever);
  REQUIRE(files);
  std::vector<std::string> heard;
  (*files)->on_change([&](const Certificates& now) { heard.push_back(now.chain_pem); });
  REQUIRE(heard.size() == 1);
  CHECK_FALSE((*files)->look());

  // A renewal: for a moment the new certificate stands beside the old key.
  key = *crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto second = certificate("two");
  write(config.certificate, second);
  CHECK_FALSE((*files)->look());
  CHECK((*files)->current()->chain_pem == heard[0]);
  CHECK(lines.empty());
  write_key();
  CHECK((*files)->look());
  REQUIRE(heard.size() == 2);
  CHECK(heard[1] == second);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].contains("certificates_taken"));

  // A fault that stays is logged once, and the pair in use stays too.
  write(config.certificate, "rubbish");
  CHECK_FALSE((*files)->look());
  CHECK_FALSE((*files)->look());
  CHECK_FALSE((*files)->look());
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].contains("certificates_refused"));
  CHECK(lines[1].contains("cert.pem"));
  CHECK((*files)->current()->chain_pem == second);
  CHECK(heard.size() == 2);
}
