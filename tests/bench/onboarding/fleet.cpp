#include "tests/bench/onboarding/fleet.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace pratique::bench {

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What the fleet is made with before it is there itself.
crypto::SystemRandom& start_random() {
  static crypto::SystemRandom random;
  return random;
}
const Clock& start_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace

Fleet::Fleet(factory::Factory factory, factory::MasaKeys keys) : factory_(std::move(factory)), keys_(std::move(keys)) {}

Result<std::unique_ptr<Fleet>> Fleet::start(const std::filesystem::path& folder, const net::Endpoint& masa) {
  TRY(auto factory, factory::Factory::init({.folder = folder, .name = "Bench Devices", .masa = masa, .masa_names = {masa.host}},
                                           start_clock(), start_random()));
  TRY(auto keys, factory.masa_keys());
  std::unique_ptr<Fleet> out(new Fleet(std::move(factory), std::move(keys)));
  out->masa_ = std::make_unique<factory::Masa>(out->keys_, out->factory_.devices(), out->factory_.audit_folder(),
                                               factory::MasaConfig{}, factory::Mischief{}, out->clock_, out->random_,
                                               [](std::string_view) {});
  TRY(out->server_, factory::MasaServer::start(*out->masa_, masa, out->keys_.server));
  return out;
}

Result<void> Fleet::make(int count) {
  for (int i = 0; i < count; ++i) {
    TRY(auto made, factory_.manufacture({.serial = fmt::format("BENCH-{:06}", made_++), .model = "Bench"}));
    waiting_.emplace_back(std::move(made), random_);
  }
  return {};
}

Round Fleet::onboard_all(const net::Endpoint& registrar, int at_a_time) {
  Round out;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const auto begin = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < at_a_time; ++i) {
      threads.emplace_back([&] {
        for (std::size_t mine = next++; mine < waiting_.size(); mine = next++) {
          const auto report = device::onboard(waiting_[mine], {.registrars = {registrar}, .timeout = std::chrono::seconds(60), .clock = &clock_});
          const std::lock_guard lock(mutex);
          if (report.done()) {
            out.seconds.push_back(std::chrono::duration<double>(report.took).count());
          } else {
            out.lost.push_back(fmt::format("{}: {} {}", report.serial, report.codes.empty() ? "" : report.codes.front(), report.text));
          }
        }
      });
    }
  }
  out.lasted = seconds_since(begin);
  waiting_.clear();
  return out;
}

}  // namespace pratique::bench
