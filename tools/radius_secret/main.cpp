// pratique-radius-secret: what FreeRADIUS runs to open a switch's secret. Secrets pass by standard input and output
// alone; the command line, which others can see, holds the sealed form.
#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <iterator>
#include <string>

#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/runtime/build_version.h"
#include "tools/radius_secret/commands.h"

namespace {

using namespace pratique;

int failed(const Error& error) {
  std::cerr << "pratique-radius-secret: " << error.message << " (" << error.reason << ")\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Seals and opens the secrets of switches for a RADIUS server.", "pratique-radius-secret");
  app.require_subcommand(1);
  app.set_version_flag("--version", "pratique-radius-secret " + std::string(runtime::build_version()));
  std::string file, switch_id, sealed, id;
  crypto::SystemRandom random;
  std::function<int()> run;

  auto* key = app.add_subcommand("key", "prints a new key, a line for the file that `open` and `seal` take");
  key->add_option("ID", id, "its name, e.g. 2026-11")->required();
  key->callback([&] {
    run = [&] {
      const auto line = crypto::MasterKeys::make_line(id, random);
      if (!line) return failed(line.error());
      std::cout << as_text(line->reveal());
      return 0;
    };
  });
  auto* seal = app.add_subcommand("seal", "seals the secret that stands on standard input; hexadecimal");
  seal->add_option("FILE", file, "keys, mode 0600; the first one seals")->required();
  seal->add_option("SWITCH", switch_id, "UUID of the switch")->required();
  seal->callback([&] {
    run = [&] {
      std::string text(std::istreambuf_iterator<char>(std::cin), {});
      const auto out = radius_secret::seal(file, switch_id, std::move(text), random);
      if (!out) return failed(out.error());
      std::cout << *out << "\n";
      return 0;
    };
  });
  auto* open = app.add_subcommand("open", "prints the secret");
  open->add_option("FILE", file, "keys, mode 0600")->required();
  open->add_option("SWITCH", switch_id, "UUID of the switch")->required();
  open->add_option("SEALED", sealed, "hexadecimal, as `seal` prints it")->required();
  open->callback([&] {
    run = [&] {
      const auto secret = radius_secret::open(file, switch_id, sealed, random);
      if (!secret) return failed(secret.error());
      std::cout << as_text(secret->reveal());
      return 0;
    };
  });

  CLI11_PARSE(app, argc, argv);
  return run();
}
