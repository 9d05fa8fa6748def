#include "libs/runtime/service_main.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "libs/crypto/primitives/system_random.h"
#include "libs/obs/metrics_endpoint.h"
#include "libs/runtime/build_version.h"
#include "libs/runtime/catalogue.h"
#include "libs/runtime/periodic.h"

namespace pratique::runtime {

void read(ConfigReader& in, ProcessConfig& out) {
  using obs::Level;
  in.one_of("log_level", out.log_level,
            {{"debug", Level::debug}, {"info", Level::info}, {"warning", Level::warning}, {"error", Level::error}});
  in.optional("metrics", out.metrics);
  in.required("pseudonym_key", out.pseudonym_key);
  in.optional("stop_grace", out.stop_grace);
}

void describe(obs::Catalogue& catalogue) {
  catalogue.gauges({&kBuildInfo, &kCertificateNotAfter})
      .events({&kServiceStarting, &kServiceReady, &kServiceStopping, &kServiceStopped, &kServiceStartFailed,
               &kServiceGaveUp, &kCertificatesTaken, &kCertificatesRefused});
}

struct Process::Inside {
  SystemClock clock;
  crypto::SystemRandom random;
  obs::Log log;
  obs::Metrics metrics;
  obs::Health health;
  obs::Pseudonyms pseudonyms;

  struct Part {
    std::string name;
    std::move_only_function<void()> stop;
  };
  std::mutex mutex;  // guards the three below
  std::condition_variable wake;
  std::vector<Part> parts;
  bool told_to_stop = false;
  std::optional<Error> failure;

  Inside(const obs::Catalogue& catalogue, const ProcessConfig& config, Secret pseudonym_key)
      : log(catalogue, config.log_level, clock), metrics(catalogue), pseudonyms(std::move(pseudonym_key)) {}

  void tell_to_stop(std::optional<Error> why) {
    {
      const std::scoped_lock lock(mutex);
      told_to_stop = true;
      if (why && !failure) failure = std::move(why);
    }
    wake.notify_all();
  }
  void stop_parts() {
    for (;;) {
      std::unique_lock lock(mutex);
      if (parts.empty()) return;
      auto part = std::move(parts.back());
      parts.pop_back();
      lock.unlock();
      part.stop();
    }
  }
};

Process::Process(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Process::~Process() = default;
const obs::Log& Process::log() const { return inside_->log; }
obs::Metrics& Process::metrics() { return inside_->metrics; }
obs::Health& Process::health() { return inside_->health; }
const obs::Pseudonyms& Process::pseudonyms() const { return inside_->pseudonyms; }
const Clock& Process::clock() const { return inside_->clock; }
Random& Process::random() { return inside_->random; }

void Process::on_stop(std::string_view name, std::move_only_function<void()> stop) {
  const std::scoped_lock lock(inside_->mutex);
  inside_->parts.push_back({std::string(name), std::move(stop)});
}
void Process::give_up(const Error& why) { inside_->tell_to_stop(why); }

namespace detail {
namespace {

inline constexpr std::string_view kUsage =
    "usage: {0} --config FILE [--check-config{1}]\n"
    "       {0} --print-catalogue | --version | --help\n";

struct Flags {
  std::string config;
  const std::function<Result<std::string>()>* command = nullptr;
  bool check = false, catalogue = false, version = false, help = false;
};

std::optional<Flags> parse_flags(int argc, char** argv, const ErasedService& service) {
  Flags out;
  const auto command = [&](std::string_view flag) {
    for (const auto& [known, act] : service.commands)
      if (known == flag) return &act;
    return static_cast<const std::function<Result<std::string>()>*>(nullptr);
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--config" && i + 1 < argc) out.config = argv[++i];
    else if (flag.starts_with("--config=")) out.config = flag.substr(9);
    else if (flag == "--check-config") out.check = true;
    else if (flag == "--print-catalogue") out.catalogue = true;
    else if (flag == "--version") out.version = true;
    else if (flag == "--help") out.help = true;
    else if (out.command == nullptr && command(flag) != nullptr) out.command = command(flag);
    else return std::nullopt;
  }
  if (out.config.empty() && !out.catalogue && !out.version && !out.help) return std::nullopt;
  return out;
}

// How long a change of readiness may go unnoticed where nobody asks for /readyz.
constexpr std::chrono::milliseconds kLookEvery{1000};

void say(std::FILE* where, std::string_view text) { std::fwrite(text.data(), 1, text.size(), where); }

// SIGTERM and SIGINT, taken by a thread of their own so that no other is ever interrupted. While starting and
// while stopping a signal ends the process at once: all work is in transactions, so that is safe.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);  // inherited by every thread that starts later
    std::signal(SIGPIPE, SIG_IGN);
    thread_ = std::jthread([this](const std::stop_token& ended) { wait(ended); });
  }
  ~Signals() {
    thread_.request_stop();
    pthread_kill(thread_.native_handle(), SIGTERM);
  }
  /// From here the first signal stops `process` in order.
  void hand_to(Process::Inside* process) {
    const std::scoped_lock lock(mutex_);
    process_ = process;
  }

 private:
  void wait(const std::stop_token& ended) {
    for (int signal = 0; sigwait(&set_, &signal) == 0;) {
      if (ended.stop_requested()) return;
      const std::scoped_lock lock(mutex_);
      if (process_ == nullptr) _exit(128 + signal);
      std::exchange(process_, nullptr)->tell_to_stop(std::nullopt);
    }
  }

  sigset_t set_{};
  std::mutex mutex_;
  Process::Inside* process_ = nullptr;
  std::jthread thread_;
};

int live(ErasedService& service, const ProcessConfig& config) {
  Signals signals;
  auto key = config.pseudonym_key.load();
  if (!key) return say(stderr, fmt::format("{}: {}\n", service.name, key.error().message)), 1;

  auto owned = std::make_unique<Process::Inside>(service.catalogue, config, *std::move(key));
  auto& inside = *owned;
  Process process(std::move(owned));
  const auto fail = [&](const Error& why) {
    inside.log.write(kServiceStartFailed, why);
    inside.stop_parts();
    return 1;
  };
  inside.log.write(kServiceStarting, {{"version", build_version()}});
  inside.metrics.gauge(kBuildInfo, {service.name, build_version()}).set(1);
  auto endpoint = obs::MetricsEndpoint::start(config.metrics.text(), inside.metrics, inside.health);
  if (!endpoint) return fail(endpoint.error());
  try {
    if (const auto started = service.start(process); !started) return fail(started.error());
  } catch (const std::exception& thrown) {
    return fail(internal("START_THREW", thrown.what()));
  }
  signals.hand_to(&inside);
  inside.health.set_serving(true);
  std::optional<Periodic> looking(std::in_place, kLookEvery, [&health = inside.health] { (void)health.ready(); });
  inside.log.write(kServiceReady, {{"metrics_port", (*endpoint)->port()}});

  std::optional<Error> failure;
  {
    std::unique_lock lock(inside.mutex);
    inside.wake.wait(lock, [&] { return inside.told_to_stop; });
    failure = inside.failure;
  }
  signals.hand_to(nullptr);
  if (failure) inside.log.write(kServiceGaveUp, *failure);
  inside.log.write(kServiceStopping);
  inside.health.set_serving(false);
  looking.reset();
  std::this_thread::sleep_for(config.stop_grace);
  inside.stop_parts();
  inside.log.write(kServiceStopped);
  return failure ? 1 : 0;
}

}  // namespace

int run(int argc, char** argv, ErasedService service) {
  describe(service.catalogue);
  const auto flags = parse_flags(argc, argv, service);
  std::string commands;
  for (const auto& [flag, act] : service.commands) commands.append(" | ").append(flag);
  const auto usage = fmt::format(kUsage, service.name, commands);
  if (!flags) return say(stderr, usage), 2;
  if (flags->help) return say(stdout, usage), 0;
  if (flags->version) return say(stdout, fmt::format("{} {}\n", service.name, build_version())), 0;

  const auto fail = [&](const Error& why) {
    say(stderr, fmt::format("{}: {}\n", service.name, why.message));
    return 1;
  };
  if (const auto sound = service.catalogue.check(); !sound) return fail(sound.error());
  if (flags->catalogue) return say(stdout, service.catalogue.markdown()), 0;

  const auto config = service.load(flags->config);
  if (!config) return fail(config.error());
  if (flags->check) {
    if (const auto key = config->pseudonym_key.load(); !key) return fail(key.error());
    if (const auto checked = service.check(); !checked) return fail(checked.error());
    return say(stdout, fmt::format("{}: {} is good\n", service.name, flags->config)), 0;
  }
  if (flags->command != nullptr) {
    const auto done = (*flags->command)();
    if (!done) return fail(done.error());
    return say(stdout, fmt::format("{}: {}\n", service.name, *done)), 0;
  }
  return live(service, *config);
}

}  // namespace detail
}  // namespace pratique::runtime
