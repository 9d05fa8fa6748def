// Measures the reconciler: single changes and full readings with different numbers of ports, in one run. README.md.
//
// usage: bench_reconcile --schema FILE --changes N [--site NAME=SWITCHESxPORTS=CONNINFO]…
// Lines on standard output: "NAME FIGURE VALUE UNIT".
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "tests/bench/reconcile/site.h"

using namespace pratique;
using namespace pratique::bench;

namespace {

struct Options {
  std::string schema = {};
  int changes = 100;
  struct Named {
    std::string name = {};
    SiteSize size = {};
    std::string conninfo = {};
  };
  std::vector<Named> sites = {};
};

Result<Options> parse(int argc, char** argv) {
  Options out;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string key = argv[i], value = argv[i + 1];
    if (key == "--schema") {
      out.schema = value;
    } else if (key == "--changes") {
      out.changes = std::max(1, std::atoi(value.c_str()));
    } else if (key == "--site") {
      const auto first = value.find('='), second = value.find('=', first + 1), times = value.find('x', first);
      if (second == std::string::npos || times > second) return invalid("USAGE", "--site NAME=SWITCHESxPORTS=CONNINFO");
      out.sites.push_back({value.substr(0, first),
                           {std::atoi(value.c_str() + first + 1), std::atoi(value.c_str() + times + 1)},
                           value.substr(second + 1)});
    } else {
      return invalid("USAGE", "unknown argument " + key);
    }
  }
  if (out.schema.empty() || out.sites.empty()) return invalid("USAGE", "--schema and --site are needed");
  return out;
}

double percentile(std::vector<double> values, double of) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(of * static_cast<double>(values.size())))];
}

void say(const std::string& name, std::string_view figure, double value, std::string_view unit) {
  std::cout << fmt::format("{} {} {:.6g} {}\n", name, figure, value, unit) << std::flush;
}

Result<void> measure(const Options& options) {
  std::ifstream file(options.schema);
  const std::string schema{std::istreambuf_iterator<char>(file), {}};
  TRY(const auto house, SwitchHouse::open(schema));
  std::vector<std::unique_ptr<Site>> sites;
  for (const auto& each : options.sites) {
    TRY(auto site, Site::make(each.conninfo, each.size, *house));
    sites.push_back(std::move(site));
  }
  house->start();
  constexpr std::chrono::seconds kLimit{600};
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const auto& name = options.sites[i].name;
    auto& site = *sites[i];
    auto begin = std::chrono::steady_clock::now();
    TRY_VOID(site.start());
    TRY(const double first, site.await_settled(begin, kLimit));
    say(name, "first", first, "s");
    for (const bool forget : {true, false}) {
      begin = std::chrono::steady_clock::now();
      site.restart_switches(forget);
      TRY(const double took, site.await_settled(begin, kLimit));
      say(name, forget ? "resync" : "resync_unchanged", took, "s");
    }
    TRY_VOID(site.analyze());
  }
  // In turn, so that whatever else the machine does falls on all alike.
  std::vector<std::vector<double>> applied(sites.size()), at_switch(sites.size());
  constexpr int kWarm = 5;
  for (int turn = -kWarm; turn < options.changes; ++turn) {
    for (std::size_t i = 0; i < sites.size(); ++i) {
      TRY(const auto change, sites[i]->change_one());
      if (turn < 0) continue;
      applied[i].push_back(change.applied);
      at_switch[i].push_back(change.at_switch);
    }
  }
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const auto& name = options.sites[i].name;
    say(name, "single_change", percentile(applied[i], 0.5) * 1e3, "ms");
    say(name, "single_change_p99", percentile(applied[i], 0.99) * 1e3, "ms");
    say(name, "at_switch", percentile(at_switch[i], 0.5) * 1e3, "ms");
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;  // a switch takes some ten
  setrlimit(RLIMIT_NOFILE, &files);
  const auto options = parse(argc, argv);
  if (!options) {
    std::cerr << "bench_reconcile: " << options.error().message << "\n";
    return 2;
  }
  const auto done = measure(*options);
  if (!done) {
    std::cerr << "bench_reconcile: " << done.error().reason << ": " << done.error().message << "\n";
    return 1;
  }
  return 0;
}
