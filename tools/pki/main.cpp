// pratique-pki: the command line over Installation. Says what it made and what it kept.
#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "libs/crypto/primitives/system_random.h"
#include "libs/runtime/build_version.h"
#include "tools/pki/installation.h"

namespace {

using namespace pratique;

void tell(const pki::Made& made) { std::cout << (made.anew ? "made " : "kept ") << made.path.string() << "\n"; }

int told(const Result<pki::Made>& made) {
  if (made) {
    tell(*made);
    return 0;
  }
  std::cerr << "pratique-pki: " << made.error().message << " (" << made.error().reason << ")\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes the keys and certificates of a Pratique installation.", "pratique-pki");
  app.require_subcommand(1);
  app.set_version_flag("--version", "pratique-pki " + std::string(runtime::build_version()));
  pki::Settings settings;
  std::string name;
  std::vector<std::string> dns;
  const SystemClock clock;
  crypto::SystemRandom random;
  std::function<int()> run;

  using Act = std::function<Result<pki::Made>(const pki::Installation&)>;
  const auto command = [&](const char* word, const char* help, const char* option, const char* option_help, Act act) {
    auto* sub = app.add_subcommand(word, help);
    sub->add_option("--dir", settings.folder, "folder of the installation's keys")->required();
    if (option != nullptr) sub->add_option(option, name, option_help)->required();
    sub->callback([&, act] {
      run = [&, act] {
        const auto keys = pki::Installation::open(settings.folder, clock, random);
        return told(keys ? act(*keys) : Result<pki::Made>(keys.error()));
      };
    });
    return sub;
  };

  auto* init = app.add_subcommand("init", "both CAs, the master key and the other secrets of an installation");
  init->add_option("--dir", settings.folder, "folder of the installation's keys; made if absent")->required();
  init->add_option("--trust-domain", settings.trust_domain, "of all identities, e.g. plant.example.com")->required();
  init->add_option("--organization", settings.organization, "in the names of the CAs")->capture_default_str();
  init->add_flag("!--no-issuing-ca", settings.issuing_ca, "let the domain's root sign by itself");
  init->callback([&] {
    run = [&] {
      const auto keys = pki::Installation::init(settings, clock, random);
      if (!keys) return told(keys.error());
      for (const auto& made : keys->made()) tell(made);
      return 0;
    };
  });
  command("service", "certificate of one replica of a service", "--name", "e.g. onboarding-1",
          [&](const pki::Installation& keys) { return keys.service(name, dns); })
      ->add_option("--dns", dns, "further DNS names");
  command("operator", "certificate of a person or an integration", "--name", "e.g. ada",
          [&](const pki::Installation& keys) { return keys.operator_(name); });
  command("ra", "registrar certificate of one replica of onboarding", "--name", "e.g. onboarding-1",
          [&](const pki::Installation& keys) { return keys.registration_authority(name, dns); })
      ->add_option("--dns", dns, "further DNS names");
  command("radius", "certificate of one RADIUS server, for 802.1X", "--name", "e.g. radius-1",
          [&](const pki::Installation& keys) { return keys.radius(name, dns); })
      ->add_option("--dns", dns, "further DNS names");
  command("root-list", "the domain root's CRL, for RADIUS servers that insist on one of every CA", nullptr, nullptr,
          [&](const pki::Installation& keys) { return keys.root_list(); });
  command("database", "password of a database role", "--role", "e.g. registrar",
          [&](const pki::Installation& keys) { return keys.database_password(name); });
  command("rotate-master-key", "a new master key in front of the others", nullptr, nullptr,
          [&](const pki::Installation& keys) { return keys.rotate_master_key(); });

  CLI11_PARSE(app, argc, argv);
  return run();
}
