#include "tools/device/supplicant.h"

#include <catch2/catch.hpp>

#include <fstream>

#include "tests/support/scratch_folder.h"
#include "tools/device/small_registrar_test.h"
#include "tools/device/supplicant_folder.h"

using namespace pratique;
using namespace pratique::device;
using namespace pratique::device::testing;

namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

fs::perms mode_of(const fs::path& path) { return fs::status(path).permissions() & fs::perms::mask; }

/// A folder in memory that goes with the test.
class MemoryFolder {
 public:
  MemoryFolder() {
    std::string name = "/dev/shm/pratique-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  ~MemoryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path at(std::string_view name) const { return path_ / name; }

 private:
  fs::path path_;
};

Credential credential(std::vector<std::string> uris) {
  auto profile = crypto::CertificateProfile::tls({.common_name = "device"}, {.uri = std::move(uris)}, world().from,
                                                 world().until);
  profile.ekus = {std::string(crypto::oid::kClientAuth)};
  auto made = world().issue(profile, world().owner_ca);
  return {.registrar = "192.0.2.1:8443",
          .chain = {made.certificate, world().owner_ca.certificate},
          .key = made.key,
          .domain_anchors = {world().owner_ca.certificate},
          .voucher = to_bytes("the voucher")};
}

const std::string kName = "spiffe://plant.example.com/device/0190d0a0-0000-7000-8000-0000000000d1";

struct Bench {
  Bench() {
    REQUIRE(put_manufactured(home.path(), manufactured(), random));
    device.emplace(test::must(Device::load(home.path(), random)));
  }
  ScratchFolder home;
  MemoryFolder memory;
  crypto::SystemRandom random;
  std::optional<Device> device;
};

}  // namespace

TEST_CASE("supplicant: whom to believe follows from the LDevID's own name", "[tool][device]") {
  CHECK(test::must(radius_server_of(credential({kName}))) == "radius.plant.example.com");
  CHECK(test::must(radius_server_of(credential({"urn:x", kName}))) == "radius.plant.example.com");
  for (const std::string uri :
       {"", "https://plant.example.com/device/1", "spiffe://plant.example.com/service/registrar", "spiffe:///device/1",
        "spiffe://plant.example.com", "spiffe://.example.com/device/1", "spiffe://a\"b/device/1"}) {
    INFO(uri);
    const auto refused = radius_server_of(credential(uri.empty() ? std::vector<std::string>{} : std::vector{uri}));
    CHECK(refused.error().reason == "SUPPLICANT_SERVER_UNKNOWN");
  }
}

TEST_CASE("supplicant: nothing is written without a name to hold the server to, nor before onboarding",
          "[tool][device]") {
  Bench bench;
  const auto folder = bench.memory.at("supplicant");
  CHECK(write_supplicant(*bench.device, {.folder = folder}).error().reason == "NOT_ONBOARDED");
  REQUIRE(bench.device->put_credential(credential({})));
  CHECK(write_supplicant(*bench.device, {.folder = folder}).error().reason == "SUPPLICANT_SERVER_UNKNOWN");
  CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("supplicant: the key is encrypted, and what opens it stands in memory alone", "[tool][device]") {
  Bench bench;
  const auto given = credential({kName});
  REQUIRE(bench.device->put_credential(given));
  const auto folder = bench.memory.at("supplicant");
  const auto config = test::must(write_supplicant(*bench.device, {.folder = folder, .control = "/run/wpa"}));
  CHECK(config == folder / "supplicant.conf");
  CHECK(mode_of(folder) == fs::perms::owner_all);
  CHECK(mode_of(config) == (fs::perms::owner_read | fs::perms::owner_write));
  const auto text = content_of(config);
  CHECK(text.contains("domain_match=\"radius.plant.example.com\"\n"));
  CHECK(text.contains("ca_cert=\"" + (folder / "trust.pem").string() + "\"\n"));
  CHECK(text.contains("ctrl_interface=/run/wpa\n"));
  CHECK(content_of(folder / "trust.pem") == world().owner_ca.certificate.pem());

  const auto stem = folder / ("ldevid-" + given.ldevid().serial_hex());
  CHECK(content_of(stem.string() + ".crt").starts_with(given.ldevid().pem()));
  CHECK(mode_of(stem.string() + ".key") == (fs::perms::owner_read | fs::perms::owner_write));
  const std::string word = "private_key_passwd=\"";
  const auto begin = text.find(word) + word.size();
  const auto passphrase = text.substr(begin, text.find('"', begin) - begin);
  const auto key = test::must(
      crypto::SoftwareKey::load_encrypted(content_of(stem.string() + ".key"), Secret(std::string_view(passphrase))));
  CHECK(key.public_key() == given.key.public_key());
  for (const auto& entry : fs::recursive_directory_iterator(bench.home.path())) {
    if (entry.is_regular_file()) CHECK_FALSE(content_of(entry.path()).contains(passphrase));
  }
}

TEST_CASE("supplicant: folders that do not fit are refused", "[tool][device]") {
  Bench bench;
  REQUIRE(bench.device->put_credential(credential({kName})));
  const auto refusal = [&](const fs::path& folder, const fs::path& control = {}) {
    return write_supplicant(*bench.device, {.folder = folder, .control = control}).error().reason;
  };
  SECTION("on a disk") {
    const fs::path on_disk = "/var/tmp/pratique-supplicant-test";
    struct Removed {
      ~Removed() { fs::remove_all(path); }
      fs::path path;
    } const removed{on_disk};
    // Where /var/tmp is in memory, too, there is no disk to try.
    if (const auto written = write_supplicant(*bench.device, {.folder = on_disk}); !written)
      CHECK(written.error().reason == "SUPPLICANT_FOLDER_ON_DISK");
  }
  SECTION("open to others") {
    const auto folder = bench.memory.at("open");
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all | fs::perms::group_read);
    CHECK(refusal(folder) == "SUPPLICANT_FOLDER_UNSAFE");
  }
  SECTION("a link to somewhere else") {
    fs::create_directory(bench.memory.at("there"));
    fs::permissions(bench.memory.at("there"), fs::perms::owner_all);
    fs::create_symlink(bench.memory.at("there"), bench.memory.at("link"));
    CHECK(refusal(bench.memory.at("link")) == "SUPPLICANT_FOLDER_UNSAFE");
  }
  SECTION("with characters that would write the configuration") {
    CHECK(refusal(bench.memory.at("a\"\n}\nnetwork={")) == "SUPPLICANT_PATH_INVALID");
    CHECK(refusal(bench.memory.at("x"), "/run/a\nb") == "SUPPLICANT_PATH_INVALID");
    CHECK_FALSE(fs::exists(bench.memory.at("x")));
  }
}

TEST_CASE("supplicant: after a renewal the certificate before stays for once, after a wipe nothing does",
          "[tool][device]") {
  Bench bench;
  const auto folder = bench.memory.at("supplicant");
  std::vector<std::string> keys;
  const auto renew = [&] {
    const auto given = credential({kName});
    REQUIRE(bench.device->put_credential(given));
    REQUIRE(write_supplicant(*bench.device, {.folder = folder}));
    keys.push_back("ldevid-" + given.ldevid().serial_hex() + ".key");
  };
  renew();
  renew();
  CHECK(fs::exists(folder / keys[0]));
  renew();
  CHECK_FALSE(fs::exists(folder / keys[0]));
  CHECK(fs::exists(folder / keys[1]));
  CHECK(content_of(folder / "supplicant.conf").contains(keys[2]));

  SECTION("to another folder: the one before is left empty") {
    REQUIRE(write_supplicant(*bench.device, {.folder = bench.memory.at("other")}));
    CHECK_FALSE(fs::exists(folder));
  }
  SECTION("wiped") {
    std::ofstream(folder / "notes.txt") << "of somebody else";
    auto restarted = test::must(Device::load(bench.home.path(), bench.random));
    REQUIRE(restarted.wipe());
    CHECK(fs::exists(folder / "notes.txt"));
    CHECK(std::distance(fs::directory_iterator(folder), {}) == 1);
    CHECK_FALSE(fs::exists(bench.home.path() / "state"));
  }
}
