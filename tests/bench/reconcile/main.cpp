// Measures the reconciler: single changes and full readings with different numbers of ports, in one run. README.md.
//
// usage: bench_reconcile --schema FILE --rounds N --changes N [--site NAME=SWITCHESxPORTS=CONNINFO]… [--flat FEW=MANY]…
// Lines on standard output: "NAME FIGURE VALUE UNIT". `--flat`: two sites whose single changes are compared.
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "tests/bench/reconcile/site.h"

using namespace pratique;
using namespace pratique::bench;

namespace {

struct Options {
  std::string schema = {};
  int rounds = 9;
  int changes = 25;  // of each site in each round
  struct Named {
    std::string name = {};
    SiteSize size = {};
    std::string conninfo = {};
  };
  std::vector<Named> sites = {};
  std::vector<std::pair<std::string, std::string>> flat = {};
};

Result<Options> parse(int argc, char** argv) {
  Options out;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string key = argv[i], value = argv[i + 1];
    if (key == "--schema") {
      out.schema = value;
    } else if (key == "--changes") {
      out.changes = std::max(1, std::atoi(value.c_str()));
    } else if (key == "--rounds") {
      out.rounds = std::max(1, std::atoi(value.c_str()));
    } else if (key == "--flat") {
      out.flat.emplace_back(value.substr(0, value.find('=')), value.substr(value.find('=') + 1));
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

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

/// What was measured of one site, change by change.
struct Changes {
  std::vector<double> applied = {}, at_switch = {};
  std::vector<std::vector<double>> rounds = {};  // `applied`, round by round
};

/// Sites take turns, each turn in another order: whatever else the machine does, and whatever a change leaves behind for
/// the next, falls on all alike.
Result<std::vector<Changes>> change(const std::vector<std::unique_ptr<Site>>& sites, const Options& options) {
  std::vector<Changes> out(sites.size());
  std::vector<std::size_t> order(sites.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 dice{4711};
  constexpr int kWarm = 60;  // until each connection has its plans
  for (int turn = -kWarm; turn < options.rounds * options.changes; ++turn) {
    std::ranges::shuffle(order, dice);
    if (turn >= 0 && turn % options.changes == 0)
      for (auto& one : out) one.rounds.emplace_back();
    for (const auto i : order) {
      TRY(const auto change, sites[i]->change_one());
      if (turn < 0) continue;
      out[i].applied.push_back(change.applied);
      out[i].at_switch.push_back(change.at_switch);
      out[i].rounds.back().push_back(change.applied);
    }
  }
  return out;
}

/// Of each round the ratio of the medians; of these the median, and how far they lie apart.
void say_flatness(const Options& options, const std::vector<Changes>& changes) {
  for (const auto& [few, many] : options.flat) {
    const auto find = [&](const std::string& name) -> const Changes* {
      const auto found = std::ranges::find(options.sites, name, &Options::Named::name);
      return found == options.sites.end() ? nullptr : &changes[static_cast<std::size_t>(found - options.sites.begin())];
    };
    const auto *a = find(few), *b = find(many);
    if (a == nullptr || b == nullptr) continue;
    std::vector<double> ratios;
    for (std::size_t round = 0; round < a->rounds.size(); ++round)
      ratios.push_back(median(b->rounds[round]) / median(a->rounds[round]));
    say(many, "flatness", median(ratios), "ratio");
    say(many, "flatness_least", std::ranges::min(ratios), "ratio");
    say(many, "flatness_most", std::ranges::max(ratios), "ratio");
  }
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
    const double ports = options.sites[i].size.switches * options.sites[i].size.ports;
    for (const bool forget : {true, false}) {
      const std::string figure = forget ? "resync" : "resync_unchanged";
      TRY(const double before, site.written());
      begin = std::chrono::steady_clock::now();
      site.restart_switches(forget);
      TRY(const double took, site.await_settled(begin, kLimit));
      TRY(const double after, site.written());
      say(name, figure, took, "s");
      say(name, figure + "_written", (after - before) / ports, "bytes/port");
    }
  }
  TRY(const auto changes, change(sites, options));
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const auto& name = options.sites[i].name;
    say(name, "single_change", median(changes[i].applied) * 1e3, "ms");
    say(name, "single_change_p99", percentile(changes[i].applied, 0.99) * 1e3, "ms");
    say(name, "at_switch", median(changes[i].at_switch) * 1e3, "ms");
  }
  say_flatness(options, changes);
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
