// The life of a service, the same for all:
//
//   int main(int argc, char** argv) {
//     return runtime::service_main<registrar::Config>(argc, argv, {
//         .name = "registrar", .catalogue = registrar::catalogue(), .start = registrar::start});
//   }
//   Result<void> start(const Config& config, runtime::Process& process) {
//     TRY(auto master_key, config.master_key.load());                     // secrets
//     TRY(auto pool, pg::Pool::open(config.database, …));                 // database
//     auto& db = process.keep("database pool", std::move(pool));          // destroyed in reverse order
//     …                                                                   // peers, then servers
//     return {};                                                          // then it is ready
//   }
//
// Start: configuration → secrets → database → peers → servers → ready. SIGTERM or SIGINT: not ready → grace (load
// balancers look away) → what was kept is stopped in reverse: servers first, the database last. A second signal
// during the stop ends the process at once. Flags: --config FILE, --check-config, --print-catalogue, --version, --help,
// and the commands of the service ("--migrate"), which do one thing with the configuration instead of serving.
// `Config` is a struct with read(ConfigReader&, Config&) and a member `ProcessConfig process`.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/obs/catalogue.h"
#include "libs/obs/health.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "libs/obs/pseudonym.h"
#include "libs/runtime/address.h"
#include "libs/runtime/config_reader.h"

namespace pratique::runtime {

struct ProcessConfig {
  obs::Level log_level = obs::Level::info;
  Address metrics{"127.0.0.1", 9464};  // plain HTTP: /metrics /healthz /readyz
  SecretFile pseudonym_key;            // one for the whole installation
  std::chrono::milliseconds stop_grace{2000};  // not ready, still answering
};
void read(ConfigReader& in, ProcessConfig& out);

/// What every component of a service is given; lives until the last of them is stopped.
class Process {
 public:
  struct Inside;
  explicit Process(std::unique_ptr<Inside> inside);
  ~Process();

  const obs::Log& log() const;
  obs::Metrics& metrics();
  obs::Health& health();
  const obs::Pseudonyms& pseudonyms() const;
  const Clock& clock() const;
  Random& random();

  /// Owns `part` until the stop, which destroys parts in reverse order of keeping. Returns it.
  template <typename T>
  T& keep(std::string_view name, std::unique_ptr<T> part) {
    T& reference = *part;
    std::shared_ptr<T> shared = std::move(part);
    on_stop(name, [shared]() mutable { shared.reset(); });
    return reference;
  }
  /// Something to do at the stop, in the same reverse order.
  void on_stop(std::string_view name, std::move_only_function<void()> stop);
  /// As if SIGTERM had come; for a component that cannot go on. The process then exits with 1.
  void give_up(const Error& why);

 private:
  std::unique_ptr<Inside> inside_;
};

/// Done once instead of serving: `registrar --config FILE --rewrap`. Gives the words to print when it is done.
template <typename Config>
struct Command {
  std::string_view flag;  // "--rewrap"
  std::function<Result<std::string>(const Config&)> run;
};

template <typename Config>
struct Service {
  std::string_view name;
  obs::Catalogue catalogue;
  std::function<Result<void>(const Config&, Process&)> start;
  /// What --check-config looks at beyond the file's form (keys load, limits agree); opens no socket. May be empty.
  std::function<Result<void>(const Config&)> check = {};
  std::vector<Command<Config>> commands = {};
};

/// Events of this room; service_main adds them itself.
void describe(obs::Catalogue& catalogue);

namespace detail {
struct ErasedService {
  std::string_view name;
  obs::Catalogue catalogue;
  std::function<Result<ProcessConfig>(const std::filesystem::path&)> load;  // reads the whole configuration
  std::function<Result<void>()> check;
  std::function<Result<void>(Process&)> start;
  std::vector<std::pair<std::string_view, std::function<Result<std::string>()>>> commands = {};
};
int run(int argc, char** argv, ErasedService service);
}  // namespace detail

/// Exit code: 0 stopped as asked, 1 could not start or gave up, 2 wrong flags.
template <typename Config>
int service_main(int argc, char** argv, Service<Config> service) {
  auto config = std::make_shared<Config>();
  std::vector<std::pair<std::string_view, std::function<Result<std::string>()>>> commands;
  for (auto& [flag, act] : service.commands)
    commands.emplace_back(flag, [config, act = std::move(act)] { return act(*config); });
  return detail::run(argc, argv,
                     {.name = service.name,
                      .catalogue = std::move(service.catalogue),
                      .load = [config](const std::filesystem::path& file) -> Result<ProcessConfig> {
                        TRY(*config, load_config<Config>(file));
                        return config->process;
                      },
                      .check = [config, check = std::move(service.check)]() -> Result<void> {
                        return check ? check(*config) : Result<void>{};
                      },
                      .start = [config, start = std::move(service.start)](Process& process) {
                        return start(*config, process);
                      },
                      .commands = std::move(commands)});
}

}  // namespace pratique::runtime
