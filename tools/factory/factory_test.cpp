#include "tools/factory/factory.h"

#include <catch2/catch.hpp>

#include <fstream>

#include "libs/crypto/x509/chain.h"
#include "tools/device/device.h"
#include "tools/factory/maker_test.h"

using namespace pratique;
using namespace pratique::factory;
using namespace pratique::factory::testing;

namespace fs = std::filesystem;

TEST_CASE("factory: is made once, and makes anew what its time has come for", "[tool][factory]") {
  Maker maker;
  ScratchFolder elsewhere;
  const auto first = must(Factory::init(settings_in(elsewhere), maker.clock, maker.random));
  CHECK(first.made().size() == 9);
  for (const auto& made : first.made()) CHECK(made.anew);
  const auto signing = must(maker.factory.masa_keys()).signing.chain.front();
  const auto again = must(Factory::init(maker.settings(), maker.clock, maker.random));
  CHECK(again.made().size() == first.made().size());
  for (const auto& made : again.made()) CHECK_FALSE(made.anew);
  CHECK(must(again.masa_keys()).signing.chain.front() == signing);

  auto other = maker.settings();
  other.name = "Other Devices";
  CHECK(Factory::init(other, maker.clock, maker.random).error().reason == "FACTORY_DIFFERS");
  other = maker.settings();
  other.masa.port = 443;
  CHECK(Factory::init(other, maker.clock, maker.random).error().reason == "FACTORY_DIFFERS");
  CHECK(Factory::open(maker.scratch.path() / "nowhere", maker.clock, maker.random).error().reason == "FILE_MISSING");

  const auto anchors = maker.anchor("voucher.pem");
  maker.clock.advance(std::chrono::days(300));
  const auto later = must(Factory::init(maker.settings(), maker.clock, maker.random));
  for (const auto& made : later.made()) CHECK(made.anew == (made.path.filename() == "tls.crt"));
  CHECK(maker.anchor("voucher.pem") == anchors);
}

TEST_CASE("factory: no key lies plain or open on the disk", "[tool][factory]") {
  Maker maker;
  REQUIRE(device::put_manufactured(maker.scratch.path() / "device", maker.made, maker.random));
  int keys = 0;
  for (const auto& entry : fs::recursive_directory_iterator(maker.scratch.path())) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path());
    std::ifstream in(entry.path());
    const std::string content(std::istreambuf_iterator<char>(in), {});
    CHECK_FALSE(content.contains("BEGIN PRIVATE KEY"));
    CHECK_FALSE(content.contains("BEGIN EC PRIVATE KEY"));
    const auto kind = entry.path().extension();
    if (kind == ".key") CHECK(content.contains("BEGIN ENCRYPTED PRIVATE KEY"));
    if (kind != ".key" && kind != ".pass") continue;
    ++keys;
    CHECK((fs::status(entry.path()).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
  CHECK(keys == 2 * 7);  // four CAs, the MASA's two, the device's
}

TEST_CASE("factory: a device has the identity that 802.1AR asks for, and loads", "[tool][factory]") {
  Maker maker;
  const auto made = must(maker.factory.manufacture(
      {.serial = "00-D0-E5-F2-00-07", .model = "Sensor 7", .mud_url = "https://mud.example.com/sensor-7.json"}));
  const auto& idevid = made.idevid();
  CHECK(idevid.subject_serial_number() == "00-D0-E5-F2-00-07");
  CHECK(idevid.common_name() == "Sensor 7");
  CHECK(idevid.not_after() == crypto::kNoExpiry);
  CHECK(idevid.masa_url() == "masa.example.com:9443");
  CHECK(idevid.mud_url() == "https://mud.example.com/sensor-7.json");
  CHECK(brski::judge_idevid(made.chain, maker.anchor("idevid.pem"), maker.clock.now()).accepted());
  CHECK_FALSE(maker.made.idevid().mud_url());

  const auto folder = maker.scratch.path() / "sensor-7";
  REQUIRE(device::put_manufactured(folder, made, maker.random));
  const auto device = must(device::Device::load(folder, maker.random));
  CHECK(device.made().chain == made.chain);
  CHECK(device.made().voucher_anchors == maker.anchor("voucher.pem"));

  const auto entry = *must(maker.factory.devices().find("00-D0-E5-F2-00-07"));
  CHECK(entry.key == idevid.public_key());
  CHECK(entry.model == "Sensor 7");
  CHECK(must(maker.factory.devices().list()).size() == 2);
}

TEST_CASE("factory: no identity signs vouchers or serves as a MASA", "[tool][factory]") {
  Maker maker;
  auto options = crypto::ChainOptions(maker.clock.now());
  for (const char* name : {"voucher.pem", "masa-tls.pem"}) {
    const auto verdict =
        crypto::verify_chain(maker.made.idevid(), std::span(maker.made.chain).subspan(1), maker.anchor(name), options);
    CHECK_FALSE(verdict.accepted());
  }
}

TEST_CASE("factory: orders that cannot be are refused", "[tool][factory]") {
  Maker maker;
  CHECK(maker.factory.manufacture({.serial = kSerial, .model = "x"}).error().reason == "DEVICE_EXISTS");
  for (const char* serial : {"", "../x", ".hidden", "a/b", "a b", "ä"})
    CHECK(maker.factory.manufacture({.serial = serial, .model = "x"}).error().reason == "SERIAL_INVALID");
  CHECK(maker.factory.manufacture({.serial = std::string(65, '1'), .model = "x"}).error().reason == "SERIAL_INVALID");
  CHECK(maker.factory.manufacture({.serial = "1", .model = "x", .mud_url = "http://mud.example.com/"}).error().reason ==
        "MUD_URL_INVALID");
  CHECK_FALSE(must(maker.factory.devices().find("../factory")));
}

TEST_CASE("factory: an audit log keeps every owner as long as it can", "[tool][factory]") {
  Maker maker;
  AuditBook book(maker.factory.audit_folder());
  const auto event = [&](const char* owner, std::optional<std::string> nonce) {
    return brski::AuditEvent{.date = maker.clock.now(), .domain_id = owner, .nonce = std::move(nonce)};
  };
  REQUIRE(book.append(kSerial, event("Zmlyc3Q=", "AAAA")));
  for (std::size_t i = 0; i < kMaxKeptEvents + 3; ++i)
    REQUIRE(book.append(kSerial, event("c2Vjb25k", std::to_string(i))));
  const auto log = must(AuditBook(maker.factory.audit_folder()).get(kSerial));
  CHECK(log.events.size() == kMaxKeptEvents);
  CHECK(log.events.front().domain_id == "Zmlyc3Q=");
  CHECK(log.events.back().nonce == std::to_string(kMaxKeptEvents + 2));
  CHECK(log.nonced_duplicates == 4);
  CHECK(log.arbitrary == 0);
  CHECK(must(book.get("00-D0-E5-F2-00-99")).events.empty());
}
