#include <catch2/catch.hpp>

#include <pratique/registrar/v1/device.pb.h>

#include <fstream>
#include <set>
#include <sstream>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"
#include "libs/rpc/timestamp.h"
#include "tests/support/scratch_folder.h"
#include "tools/pratique/anchor_files.h"
#include "tools/pratique/device_view.h"
#include "tools/pratique/grammar/command_line.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/program.h"
#include "tools/pratique/timeline.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::registrar::v1;

namespace {

Timestamp at(std::string_view text) { return *parse_rfc3339(text); }

// A terminal without a platform behind it.
struct Desk {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err, {}};
  FixedClock clock{at("2026-11-24T07:33:00Z")};
  PredictableRandom random{1};
  Api api{{}, clock};
  Context context{console, api, clock, random};

  int run(std::vector<std::string> words) {
    return cli::run(
        words, [](const std::string&) { return std::string(); }, console, clock, random);
  }
};

}  // namespace

TEST_CASE("every command has help, a place in the grammar and something that runs") {
  std::set<std::string> places;
  for (const auto& command : grammar().commands) {
    CAPTURE(command.words);
    CHECK(places.insert(command.words).second);
    CHECK(command.run != nullptr);
    CHECK_FALSE(command.help.empty());
    auto words = split_words(command.words);
    words.emplace_back("--help");
    const auto typed = read_command_line(grammar(), words);
    CHECK(typed.exit_code == 0);
    CHECK(typed.text.contains(command.help.substr(0, 20)));
    for (const auto& option : command.options)
      for (const auto& general : grammar().general) CHECK(option.name != general.name);
  }
  for (const char* words : {"devices list", "devices explain", "devices import", "manufacturers anchors add",
                            "policies test", "approvals approve", "credentials revoke", "vouchers list",
                            "onboarding show", "segments add", "sites list", "switches secret", "ports show",
                            "wlans add", "devices admission",
                            "sessions end", "sessions attempts", "revoke", "quarantine", "release", "move",
                            "network diff", "audit verify", "events", "status", "completion"})
    CHECK(places.contains(words));
}

TEST_CASE("whoever destroys or decides gives a reason, and what cannot be undone is confirmed") {
  const auto has = [](const Command& command, std::string_view option, bool required) {
    return std::ranges::any_of(command.options,
                               [&](const Option& one) { return one.name == option && one.required == required; });
  };
  for (const auto& command : grammar().commands) {
    CAPTURE(command.words);
    const auto verb = split_words(command.words).back();
    for (const char* reasoned :
         {"quarantine", "release", "retire", "reset", "approve", "deny", "revoke", "remove", "end"})
      if (verb == reasoned) CHECK(has(command, "reason", true));
    for (const char* final : {"retire", "reset", "revoke", "delete", "remove"})
      if (verb == final) CHECK(has(command, "yes", false));
  }
}

TEST_CASE("a run ends with the exit code of what happened") {
  CHECK(Desk().run({"--help"}) == 0);
  CHECK(Desk().run({"devices", "list", "--help"}) == 0);
  CHECK(Desk().run({}) == 2);
  CHECK(Desk().run({"devices", "lst"}) == 2);
  Desk desk;
  CHECK(desk.run({"devices", "list"}) == 2);  // no address
  CHECK(desk.out.str().empty());
  CHECK(desk.err.str().contains("CONNECTION_INCOMPLETE"));
  CHECK(desk.err.str().contains("PRATIQUE_REGISTRAR"));
  CHECK(Desk().run({"devices", "list", "--limit", "many"}) == 2);
  CHECK(Desk().run({"devices", "import", "/nonexistent.csv"}) == 2);
  CHECK(Desk().run({"credentials", "show", "x"}) == 2);
}

TEST_CASE("network diff ends as diff does: trouble of any kind is 2") {
  Desk desk;
  CHECK(desk.run({"network", "diff"}) == 2);
  CHECK(desk.err.str().contains("PRATIQUE_NETWORK"));
  CHECK(Desk().run({"network", "diff", "--output", "json"}) == 2);
  CHECK(read_command_line(grammar(), {"network", "diff"}).command->failure_code == 2);
}

TEST_CASE("under --output json a failure is one object on stderr and stdout is empty") {
  Desk desk;
  CHECK(desk.run({"devices", "show", "7", "--output", "json"}) == 2);
  CHECK(desk.out.str().empty());
  CHECK(desk.err.str().starts_with(R"({"error":{"code":"INVALID_ARGUMENT","reason":"CONNECTION_INCOMPLETE")"));
}

TEST_CASE("the completion scripts need no platform") {
  Desk desk;
  CHECK(desk.run({"completion", "bash"}) == 0);
  const ScratchFolder folder;
  const auto file = folder.path() / "pratique.bash";
  std::ofstream(file) << desk.out.str();
  CHECK(std::system(("bash -n '" + file.string() + "'").c_str()) == 0);
  CHECK(desk.out.str().contains("quarantined"));
}

TEST_CASE("every state of a device has a next step that names the device") {
  v1::Device device;
  device.set_name("devices/0193a0b1-0000-7000-8000-000000000001");
  device.set_serial_number("00-D0-E5-F2-00-02");
  std::set<std::string> steps;
  for (const auto& word : words_of<v1::DeviceState>()) {
    device.set_state(value_of<v1::DeviceState>(word));
    const auto step = next_step(device);
    CHECK((step.contains(device.serial_number()) || step.contains(device.name())));
    CHECK(steps.insert(step).second);
  }
  device.set_serial_number("x; reboot");
  device.set_state(v1::DEVICE_STATE_EXPECTED);
  CHECK(next_step(device).contains("'x; reboot'"));
}

TEST_CASE("a timeline tells what, why and what to do, the newest last") {
  Desk desk;
  v1::ExplainDeviceResponse story;
  auto& device = *story.mutable_device();
  device.set_serial_number("00-D0-E5-F2-00-02");
  device.set_model("Sensor X");
  device.set_state(v1::DEVICE_STATE_EXPECTED);
  auto& refused = *story.add_explanations();
  *refused.mutable_time() = rpc::write_time(at("2026-11-24T07:30:12Z"));
  refused.set_kind("refusal");
  refused.set_summary("onboarding by brski failed: the nonce differs");
  refused.set_actor("service/onboarding");
  refused.set_rule("rule 3");
  refused.set_audit_sequence(42);
  auto& finding = *refused.add_findings();
  finding.set_code("VOUCHER_NONCE_MISMATCH");
  finding.set_message("the nonce differs");
  finding.set_cause("an old voucher was replayed");
  finding.set_remedy("look at the MASA");
  (*finding.mutable_evidence())["nonce"] = "a\x1b[2J";
  auto& announced = *story.add_explanations();
  *announced.mutable_time() = rpc::write_time(at("2026-11-24T07:00:00Z"));
  announced.set_kind("state");
  announced.set_summary("device.create");
  print_timeline(desk.context, story, "00-D0-E5-F2-00-02");
  CHECK(desk.out.str() ==
        "device 00-D0-E5-F2-00-02 (Sensor X) is expected\n"
        "\n"
        "2026-11-24 07:00:00 UTC  state       device.create\n"
        "2026-11-24 07:30:12 UTC  refusal     onboarding by brski failed: the nonce differs\n"
        "    VOUCHER_NONCE_MISMATCH  the nonce differs\n"
        "      cause     an old voucher was replayed\n"
        "      remedy    look at the MASA\n"
        "      evidence  nonce=a\\x1b[2J\n"
        "    by            service/onboarding\n"
        "    rule          rule 3\n"
        "    audit number  42\n"
        "\n"
        "next: look at the MASA\n");

  Desk stranger;
  const v1::Device registered = device;
  story.clear_device();
  story.mutable_explanations(0)->clear_findings();
  print_timeline(stranger.context, story, "7 8");
  CHECK(stranger.out.str().starts_with("7 8 is no registered device"));
  CHECK(stranger.out.str().ends_with("next: pratique devices add '7 8' --manufacturer NAME\n"));

  Desk waiting;
  *story.mutable_device() = registered;
  story.mutable_device()->set_state(v1::DEVICE_STATE_PENDING);
  print_timeline(waiting.context, story, "x");
  CHECK(waiting.out.str().ends_with("next: pratique approvals approve 00-D0-E5-F2-00-02 --reason WHY\n"));
}

TEST_CASE("one certificate for several purposes is one anchor, PEM or DER") {
  const ScratchFolder folder;
  crypto::SystemRandom random;
  const auto key = crypto::SoftwareKey::generate(crypto::KeyType::ec_p256);
  const auto make = [&](const char* name) {
    return *crypto::issue_self_signed(
        crypto::CertificateProfile::root_ca({.common_name = name}, at("2026-01-01T00:00:00Z"),
                                            at("2036-01-01T00:00:00Z")),
        *key, random);
  };
  const auto root = make("Example Root"), masa = make("Example MASA");
  const auto write = [&](const char* name, std::string_view content) {
    std::ofstream(folder.path() / name, std::ios::binary) << content;
    return (folder.path() / name).string();
  };
  const auto pem = write("root.pem", root.pem()), der = write("root.der", as_text(root.der()));
  const auto both = write("both.pem", "a comment\n" + root.pem() + masa.pem());
  const auto anchors = read_anchors(
      Arguments(Arguments::Values{{"idevid-anchor", {pem}}, {"voucher-anchor", {der, pem}}, {"masa-anchor", {both}}}));
  REQUIRE(anchors);
  REQUIRE(anchors->size() == 2);
  CHECK(anchors->at(0).certificate() == as_text(root.der()));
  CHECK(anchors->at(0).purposes_size() == 3);
  CHECK(anchors->at(1).purposes_size() == 1);
  CHECK(anchors->at(1).purposes(0) == v1::ANCHOR_PURPOSE_MASA_TLS);

  const auto one =
      read_anchor_file(Arguments(Arguments::Values{
                           {"purpose", {"idevid,voucher"}}, {"serial-pattern", {"00-*"}}, {"until", {"2027-01-01"}}}),
                       both);
  REQUIRE(one);
  REQUIRE(one->size() == 2);
  CHECK(one->at(1).serial_pattern() == "00-*");
  CHECK(one->at(1).has_end_time());
  CHECK_FALSE(one->at(1).has_start_time());

  CHECK_FALSE(read_anchor_file(Arguments(Arguments::Values{{"purpose", {"everything"}}}), pem));
  const auto rubbish = write("rubbish", "no certificate");
  const auto bad = read_anchors(Arguments(Arguments::Values{{"idevid-anchor", {rubbish}}}));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message.contains(rubbish));
  CHECK_FALSE(read_anchors(Arguments(Arguments::Values{{"masa-anchor", {(folder.path() / "absent").string()}}})));
}
