// pratique: the operator's command line. All it does goes through the public gRPC API.
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/crypto/primitives/system_random.h"
#include "tools/pratique/program.h"

int main(int argc, char** argv) {
  using namespace pratique;
  const SystemClock clock;
  crypto::SystemRandom random;
  cli::Console console(std::cin, std::cout, std::cerr, cli::traits_of_process());
  const auto environment = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return cli::run(std::vector<std::string>(argv + 1, argv + argc), environment, console, clock, random);
}
