#include <catch2/catch.hpp>

#include <fstream>

#include "tests/support/scratch_folder.h"
#include "tools/device/report.h"
#include "tools/device/small_registrar_test.h"
#include "tools/device/status.h"

using namespace pratique;
using namespace pratique::device;
using namespace pratique::device::testing;

namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Progress progress() {
  return {.registrar = "https://192.0.2.1:8443/",
          .server = world().registrar.certificate,
          .request = to_bytes("the request"),
          .nonce = *voucher::Nonce::parse("AAAAAAAAAAAAAAAAAAAAAA=="),
          .waited = std::chrono::seconds(17),
          .voucher = to_bytes("the voucher"),
          .key = world().replica.key};
}

Credential credential() {
  return {.registrar = "192.0.2.1:8443",
          .chain = {world().replica.certificate, world().owner_ca.certificate},
          .key = world().replica.key,
          .domain_anchors = {world().owner_ca.certificate},
          .voucher = to_bytes("the voucher")};
}

}  // namespace

TEST_CASE("device: its state comes back, and lies sealed on the disk", "[tool][device]") {
  ScratchFolder folder;
  crypto::SystemRandom random;
  REQUIRE(put_manufactured(folder.path(), manufactured(), random));
  auto device = test::must(Device::load(folder.path(), random));
  CHECK(test::must(read_status(device)).state == State::as_made);
  REQUIRE(device.put_progress(progress()));
  CHECK(test::must(read_status(device)).state == State::voucher_accepted);
  REQUIRE(device.put_credential(credential()));
  CHECK(test::must(read_status(device)).state == State::onboarded);

  const auto again = test::must(Device::load(folder.path(), random));
  const auto kept = *test::must(again.progress());
  CHECK(kept.request == progress().request);
  CHECK(kept.nonce.text() == progress().nonce.text());
  CHECK(kept.waited == progress().waited);
  CHECK(kept.voucher == progress().voucher);
  CHECK(kept.key->public_key() == world().replica.key.public_key());
  const auto got = *test::must(again.credential());
  CHECK(got.chain == credential().chain);
  CHECK(got.domain_anchors == credential().domain_anchors);
  CHECK(got.voucher == credential().voucher);

  const auto key = test::must(world().replica.key.plaintext_der());
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path());
    ++files;
    const auto content = content_of(entry.path());
    CHECK_FALSE(content.contains("the voucher"));
    CHECK_FALSE(content.contains("BEGIN PRIVATE KEY"));
    CHECK_FALSE(content.contains(as_text(key.reveal())));
    const auto open = entry.path().extension() == ".crt" || entry.path().extension() == ".pem";
    if (!open)
      CHECK((fs::status(entry.path()).permissions() & fs::perms::mask) ==
            (fs::perms::owner_read | fs::perms::owner_write));
  }
  CHECK(files == 6);
  const auto told = to_json(test::must(read_status(device))).dump() + text_of(test::must(read_status(device)));
  CHECK_FALSE(told.contains(as_text(test::must(load_passphrase(folder.path())).reveal())));
}

TEST_CASE("device: what does not fit is refused", "[tool][device]") {
  ScratchFolder folder, other;
  crypto::SystemRandom random;
  REQUIRE(put_manufactured(folder.path(), manufactured(), random));
  REQUIRE(put_manufactured(other.path(), manufactured(world().other_device), random));
  auto device = test::must(Device::load(folder.path(), random));
  REQUIRE(device.put_credential(credential()));
  const auto record = folder.path() / "state" / "credential.sealed";
  SECTION("a record of another device") {
    auto thief = test::must(Device::load(other.path(), random));
    fs::create_directories(other.path() / "state");
    fs::copy_file(record, other.path() / "state" / "credential.sealed");
    CHECK(thief.credential().error().reason == "ENVELOPE_ALTERED");
  }
  SECTION("a record under another name") {
    fs::copy_file(record, folder.path() / "state" / "progress.sealed");
    CHECK(device.progress().error().reason == "ENVELOPE_ALTERED");
  }
  SECTION("a passphrase that others can read") {
    fs::permissions(folder.path() / kPassphraseFile, fs::perms::others_read, fs::perm_options::add);
    CHECK(Device::load(folder.path(), random).error().reason == "SECRET_FILE_UNSAFE");
  }
  SECTION("a key of another device") {
    fs::copy_file(other.path() / "idevid.crt", folder.path() / "idevid.crt", fs::copy_options::overwrite_existing);
    CHECK(Device::load(folder.path(), random).error().reason == "IDENTITY_BROKEN");
  }
  SECTION("a record that is none of ours") {
    CHECK(parse_credential(Secret(std::string_view("{}"))).error().reason == "DEVICE_STATE_INVALID");
    CHECK(parse_progress(Secret(std::string_view("no JSON"))).error().reason == "DEVICE_STATE_INVALID");
    auto mixed = credential();
    mixed.key = world().registrar.key;
    CHECK(parse_credential(test::must(encode_credential(mixed))).error().reason == "DEVICE_STATE_INVALID");
  }
}

TEST_CASE("device: a report says the same to people and programs", "[tool][device]") {
  OnboardReport report{
      .outcome = Outcome::refuses_network, .serial = "00-D0-E5-F2-00-02", .codes = {"VOUCHER_EXPIRED"}};
  report.steps.push_back({"voucher", "refused", std::chrono::microseconds(41'400), "VOUCHER_EXPIRED"});
  CHECK(line_of(report.steps[0]) == "  voucher         refused         41 ms  VOUCHER_EXPIRED");
  CHECK(
      to_json(report).dump() ==
      R"({"outcome":"refuses_network","serial":"00-D0-E5-F2-00-02","registrar":"","codes":["VOUCHER_EXPIRED"],)"
        R"("text":"","milliseconds":0.0,"steps":[{"name":"voucher","outcome":"refused","milliseconds":41.4,)"
        R"("detail":"VOUCHER_EXPIRED"}]})");
  CHECK(exit_code(Outcome::done) == 0);
  CHECK(exit_code(Outcome::failed) == 1);
  CHECK(exit_code(Outcome::refuses_network) == 4);
  CHECK(exit_code(Outcome::timed_out) == 5);
}
