// Measures onboarding: one device's CPU on the network's side against the cryptography that it requires, in one run.
//
// usage: bench_onboarding --maker DIR --masa HOST:PORT --registrar HOST:PORT --threads N [--process NAME=PID]…
// A site must run (tools/run/bench.sh). Commands come on standard input, one a line, each answered by lines on standard
// output and a last one "ok" or "failed: …":
//   round LABEL COUNT     onboards COUNT fresh devices: "round LABEL FIGURE VALUE UNIT"
//   floor SECONDS         "floor FIGURE VALUE UNIT"
// The first line of output is "anchors DIR": what the operator has to register before the first round.
#include <algorithm>
#include <iostream>
#include <numeric>
#include <sstream>

#include <fmt/format.h>

#include "tests/bench/onboarding/cpu.h"
#include "tests/bench/onboarding/fleet.h"
#include "tests/bench/onboarding/floor.h"

using namespace pratique;
using namespace pratique::bench;

namespace {

struct Options {
  std::filesystem::path maker;
  net::Endpoint masa, registrar;
  int threads = 2;
  ProcessGroups processes;
};

Result<Options> parse(int argc, char** argv) {
  Options out;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view key = argv[i], value = argv[i + 1];
    if (key == "--maker") {
      out.maker = value;
    } else if (key == "--masa") {
      TRY(out.masa, net::parse_endpoint(value));
    } else if (key == "--registrar") {
      TRY(out.registrar, net::parse_endpoint(value));
    } else if (key == "--threads") {
      out.threads = std::max(1, std::atoi(value.data()));
    } else if (const auto equals = value.find('='); key == "--process" && equals != std::string_view::npos) {
      out.processes[std::string(value.substr(0, equals))].push_back(std::atoi(value.substr(equals + 1).data()));
    } else {
      return invalid("USAGE", "unknown argument " + std::string(key));
    }
  }
  if (out.maker.empty() || out.masa.port == 0 || out.registrar.port == 0)
    return invalid("USAGE", "--maker, --masa and --registrar are needed");
  return out;
}

double percentile(std::vector<double> values, double of) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(of * static_cast<double>(values.size())))];
}

Result<void> run_round(Fleet& fleet, const Options& options, const std::string& label, int count) {
  TRY_VOID(fleet.make(count));
  const auto before = cpu_seconds(options.processes);
  const auto round = fleet.onboard_all(options.registrar, options.threads);
  auto after = cpu_seconds(options.processes);
  if (!round.lost.empty())
    return internal("BENCH_DEVICES_LOST", fmt::format("{} of {} devices did not come through; the first: {}", round.lost.size(),
                                                      count, round.lost.front()));
  const auto say = [&](std::string_view figure, double value, std::string_view unit) {
    std::cout << fmt::format("round {} {} {:.6g} {}\n", label, figure, value, unit);
  };
  say("rate", count / round.lasted, "devices/s");
  say("p50", percentile(round.seconds, 0.50) * 1e3, "ms");
  say("p99", percentile(round.seconds, 0.99) * 1e3, "ms");
  double all = 0;
  for (const auto& [name, seconds] : after) {
    const double each = (seconds - before.at(name)) / count;
    all += each;
    say("cpu_" + name, each * 1e3, "ms/device");
  }
  say("cpu", all * 1e3, "ms/device");
  return {};
}

Result<void> run_floor(double seconds) {
  TRY(const auto floor, measure_floor(seconds));
  const auto say = [](std::string_view figure, double value) {
    std::cout << fmt::format("floor {} {:.6g} ms\n", figure, value * 1e3);
  };
  say("server_handshake", floor.server_handshake);
  say("client_handshake", floor.client_handshake);
  say("verify", floor.verify);
  say("sign", floor.sign);
  say("onboarding", floor.total());
  return {};
}

Result<void> obey(Fleet& fleet, const Options& options, const std::string& line) {
  std::istringstream words(line);
  std::string verb, label;
  words >> verb;
  if (verb == "round") {
    int count = 0;
    words >> label >> count;
    if (count < 1 || count > 100'000) return invalid("USAGE", "round LABEL COUNT");
    return run_round(fleet, options, label, count);
  }
  if (verb == "floor") {
    double seconds = 0;
    words >> seconds;
    return run_floor(std::clamp(seconds, 0.5, 60.0));
  }
  return invalid("USAGE", "no such command: " + verb);
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  if (!options) {
    std::cerr << "bench_onboarding: " << options.error().message << "\n";
    return 2;
  }
  const auto fleet = Fleet::start(options->maker, options->masa);
  if (!fleet) {
    std::cerr << "bench_onboarding: " << fleet.error().reason << ": " << fleet.error().message << "\n";
    return 1;
  }
  std::cout << "anchors " << (*fleet)->anchors().string() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const auto done = obey(**fleet, *options, line);
    if (!done) {
      std::cout << "failed: " << done.error().message << std::endl;
      return 1;
    }
    std::cout << "ok" << std::endl;
  }
  return 0;
}
