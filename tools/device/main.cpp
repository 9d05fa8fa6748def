// pratique-device: the command line over the device.
#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <string>

#include "libs/crypto/primitives/system_random.h"
#include "libs/runtime/build_version.h"
#include "libs/runtime/quantity.h"
#include "tools/device/onboarding.h"
#include "tools/device/status.h"
#include "tools/device/supplicant.h"

namespace {

using namespace pratique;
using namespace pratique::device;

struct Words {
  std::string dir, interface, folder, control, timeout = "10m", profile = "strict";
  std::vector<std::string> registrars;
  bool json = false, no_clock = false, accept_nonceless = false;
};

int fail(const Error& error) {
  std::cerr << "pratique-device: " << error.message << " (" << error.reason << ")\n";
  return 1;
}

Result<OnboardOptions> options_of(const Words& words, const Clock& clock) {
  OnboardOptions options;
  for (const auto& text : words.registrars) {
    TRY(auto registrar, net::parse_endpoint(text));
    options.registrars.push_back(std::move(registrar));
  }
  if (options.registrars.empty()) {
    options.discover = Discovery{};
    if (!words.interface.empty() && words.interface != "any") options.discover->interfaces = {words.interface};
  }
  TRY(options.timeout, runtime::parse_duration(words.timeout));
  options.clock = words.no_clock ? nullptr : &clock;
  options.profile = words.profile == "lenient" ? voucher::WireProfile::lenient : voucher::WireProfile::strict;
  options.accept_nonceless = words.accept_nonceless;
  if (!words.json) options.told = [](const Step& step) { std::cout << line_of(step) << "\n" << std::flush; };
  return options;
}

int tell(const OnboardReport& report, bool as_json, std::string_view done) {
  if (as_json) {
    std::cout << to_json(report).dump() << "\n";
    return exit_code(report.outcome);
  }
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(report.took).count();
  if (report.done()) {
    std::cout << report.serial << " " << done << " at " << report.registrar << " in " << milliseconds << " ms\n";
  } else {
    std::cout << report.serial << " " << to_string(report.outcome) << ":";
    for (const auto& code : report.codes) std::cout << " " << code;
    std::cout << (report.text.empty() ? "" : " - ") << report.text << "\n";
  }
  return exit_code(report.outcome);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A device that joins a network by BRSKI and EST.", "pratique-device");
  app.require_subcommand(1);
  app.set_version_flag("--version", "pratique-device " + std::string(runtime::build_version()));
  Words words;
  const SystemClock clock;
  crypto::SystemRandom random;
  std::function<int(Device&)> run;

  const auto command = [&](const char* word, const char* help, std::function<int(Device&)> act) {
    auto* sub = app.add_subcommand(word, help);
    sub->add_option("--dir", words.dir, "the device's folder, as the factory made it")->required();
    sub->callback([&run, act = std::move(act)] { run = act; });
    return sub;
  };
  const auto with_network = [&](CLI::App* sub) {
    sub->add_option("--registrar", words.registrars, "HOST:PORT; repeated: tried in this order");
    sub->add_option("--timeout", words.timeout, "in all, e.g. 90s, 4d")->capture_default_str();
    sub->add_flag("--no-clock", words.no_clock, "as a device that does not know the time");
    sub->add_flag("--json", words.json, "one JSON object in place of lines");
    return sub;
  };
  const auto attempt = [&](OnboardReport (*act)(Device&, const OnboardOptions&), std::string_view done) {
    return [&, act, done](Device& device) {
      const auto options = options_of(words, clock);
      return options ? tell(act(device, *options), words.json, done) : fail(options.error());
    };
  };
  auto* joining = with_network(command("onboard", "join a network", attempt(&onboard, "onboarded")));
  joining->add_option("--discover", words.interface, "interface on which to look for a registrar, or any")
      ->excludes("--registrar");
  joining->add_option("--profile", words.profile, "wire profile")->check(CLI::IsMember({"strict", "lenient"}));
  joining->add_flag("--accept-nonceless", words.accept_nonceless, "believe vouchers without a nonce until they expire");
  with_network(command("renew", "a new certificate and key in place of the present", attempt(&renew, "renewed")));
  command("status", "what the device is and has", [&](Device& device) {
    const auto status = read_status(device);
    if (!status) return fail(status.error());
    std::cout << (words.json ? to_json(*status).dump() + "\n" : text_of(*status));
    return 0;
  })->add_flag("--json", words.json, "one JSON object in place of lines");
  auto* supplicant = command("supplicant", "write what wpa_supplicant needs for 802.1X", [&](Device& device) {
    const auto written = write_supplicant(device, {.folder = words.folder, .control = words.control});
    if (!written) return fail(written.error());
    std::cout << written->string() << "\n";
    return 0;
  });
  supplicant->add_option("--folder", words.folder, "where to; in memory, e.g. /run/supplicant")->required();
  supplicant->add_option("--control", words.control, "wpa_supplicant's ctrl_interface");
  command("wipe", "forget everything since the factory", [&](Device& device) {
    const auto wiped = device.wipe();
    if (!wiped) return fail(wiped.error());
    std::cout << device.made().serial() << " is as it left the factory\n";
    return 0;
  });

  CLI11_PARSE(app, argc, argv);
  auto device = Device::load(words.dir, random);
  return device ? run(*device) : fail(device.error());
}
