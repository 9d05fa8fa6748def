#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "tests/support/scratch_folder.h"
#include "tools/pratique/link/failure.h"
#include "tools/pratique/link/settings.h"

using namespace pratique;
using namespace pratique::cli;

namespace {

Environment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
}

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string told(const Error& error, bool json) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console(in, out, err, {});
  console.set_json(json);
  tell(console, error);
  CHECK(out.str().empty());
  return err.str();
}

}  // namespace

TEST_CASE("flags go before the environment, and the environment before the file") {
  const ScratchFolder home;
  write(home.path() / ".config/pratique/cli.yaml",
        "registrar: [127.0.0.1:1]\nonboarding: ['[::1]:2']\nnetwork: [127.0.0.1:3]\n"
        "ca: ca.pem\ntrust_domain: of.file\ntimeout: 3s\n");
  const auto values =
      environment({{"HOME", home.path()}, {"PRATIQUE_REGISTRAR", "127.0.0.1:11"}, {"PRATIQUE_TRUST_DOMAIN", "of.env"}});
  const auto settings =
      load_settings(Arguments(Arguments::Values{{"registrar", {"127.0.0.1:21,127.0.0.1:22"}}}), values);
  REQUIRE(settings);
  REQUIRE(settings->registrar.size() == 2);
  CHECK(settings->registrar[1].port == 22);
  CHECK(settings->trust_domain == "of.env");
  REQUIRE(settings->onboarding.size() == 1);
  CHECK(settings->onboarding[0].text() == "[::1]:2");
  REQUIRE(settings->network.size() == 1);
  CHECK(settings->network[0].port == 3);
  CHECK(settings->identity.trust_anchors == home.path() / ".config/pratique/ca.pem");  // from the file's folder
  CHECK(settings->timeout == std::chrono::seconds(3));

  const auto without = load_settings(Arguments(), environment({{"HOME", home.path()}}));
  REQUIRE(without);
  CHECK(without->registrar[0].port == 1);
  CHECK(load_settings(Arguments(), environment({})));  // nothing at all is no error until something is needed
}

TEST_CASE("an identity's folder is all that pratique-pki's layout needs") {
  const ScratchFolder keys;
  write(keys.path() / "operators/ada/tls.crt", "x");
  write(keys.path() / "operators/ada/tls.pass", "x");
  write(keys.path() / "service-ca/ca.crt", "x");
  const auto ada = keys.path() / "operators/ada";
  const auto settings = load_settings(Arguments(Arguments::Values{{"identity", {ada}}}), environment({}));
  REQUIRE(settings);
  CHECK(settings->identity.certificate == ada / "tls.crt");
  CHECK(settings->identity.key.path == ada / "tls.key");
  CHECK(settings->identity.key_passphrase.path == ada / "tls.pass");
  CHECK(settings->identity.trust_anchors == keys.path() / "service-ca/ca.crt");

  write(ada / "ca.crt", "x");  // its own goes before
  CHECK(load_settings(Arguments(Arguments::Values{{"identity", {ada}}}), environment({}))->identity.trust_anchors ==
        ada / "ca.crt");

  // Another key does not inherit the passphrase of the one it replaces.
  const auto plain =
      load_settings(Arguments(Arguments::Values{{"key", {"plain.pem"}}}), environment({{"PRATIQUE_IDENTITY", ada}}));
  CHECK(plain->identity.certificate == ada / "tls.crt");
  CHECK(plain->identity.key.path == "plain.pem");
  CHECK(plain->identity.key_passphrase.empty());
}

TEST_CASE("a wrong setting is told with the place where it stands") {
  const ScratchFolder folder;
  const auto file = folder.path() / "cli.yaml";
  write(file, "registrar: [nowhere]\ncolour: red\n");
  const auto bad = load_settings(Arguments(Arguments::Values{{"config", {file}}}), environment({}));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().reason == "CONFIG_INVALID");
  CHECK(bad.error().message.contains("colour"));
  CHECK(bad.error().message.contains(":1:"));
  CHECK_FALSE(
      load_settings(Arguments(Arguments::Values{{"config", {folder.path() / "absent.yaml"}}}), environment({})));
  const auto flag = load_settings(Arguments(Arguments::Values{{"onboarding", {"host"}}}), environment({}));
  REQUIRE_FALSE(flag);
  CHECK(flag.error().message.starts_with("--onboarding"));
  const auto variable = load_settings(Arguments(), environment({{"PRATIQUE_TIMEOUT", "soon"}}));
  REQUIRE_FALSE(variable);
  CHECK(variable.error().message.starts_with("PRATIQUE_TIMEOUT"));
}

TEST_CASE("exit codes tell scripts what kind of failure it was") {
  const auto code = [](ErrorCode kind) { return exit_code_of(Error{kind, "X", "x"}); };
  CHECK(code(ErrorCode::invalid_argument) == 2);
  CHECK(code(ErrorCode::unauthenticated) == 3);
  CHECK(code(ErrorCode::permission_denied) == 3);
  CHECK(code(ErrorCode::not_found) == 4);
  CHECK(code(ErrorCode::unavailable) == 5);
  CHECK(code(ErrorCode::deadline_exceeded) == 5);
  for (const auto other :
       {ErrorCode::already_exists, ErrorCode::failed_precondition, ErrorCode::aborted, ErrorCode::cancelled,
        ErrorCode::resource_exhausted, ErrorCode::data_loss, ErrorCode::internal, ErrorCode::unimplemented})
    CHECK(code(other) == 1);
}

TEST_CASE("an error tells what is wrong, what was seen and what to do") {
  const Error error{ErrorCode::not_found,
                    "DEVICE_UNKNOWN",
                    "registrar: there is no such device",
                    {{"serial_number", "7\x1b[2J"}, {"peer_domain", "registrar.pratique"}}};
  CHECK(told(error, false) ==
        "pratique: registrar: there is no such device (NOT_FOUND, DEVICE_UNKNOWN)\n"
        "  serial_number: 7\\x1b[2J\n"
        "  remedy: pratique devices list --search PART\n");
  CHECK(told(invalid("CONFIG_INVALID", "a:1: x\na:2: y"), false) ==
        "pratique: a:1: x (INVALID_ARGUMENT, CONFIG_INVALID)\n  a:2: y\n");
}

TEST_CASE("scripts get an error as one object") {
  const Error error{ErrorCode::unavailable, "X", "no answer", {{"address", "127.0.0.1:1"}, {"remedy", "start it"}}};
  CHECK(told(error, true) == R"({"error":{"code":"UNAVAILABLE","reason":"X","message":"no answer",)"
                             R"("evidence":{"address":"127.0.0.1:1"},"remedy":"start it"}})"
                             "\n");
}

TEST_CASE("a remedy known where the error was made goes before the general one") {
  CHECK(remedy_of(Error{ErrorCode::unavailable, "X", "x", {{"remedy", "start it"}}}) == "start it");
  CHECK(remedy_of(unavailable("X", "x")).contains("pratique status"));
  CHECK(remedy_of(invalid("X", "x")).empty());
}
