#include "libs/runtime/service_main.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "libs/runtime/build_version.h"
#include "tests/support/plain_http.h"
#include "tests/support/scratch_folder.h"

using namespace pratique;

namespace harbour {

struct Config {
  runtime::ProcessConfig process;
  std::string behaviour = "good";
};
void read(runtime::ConfigReader& in, Config& out) {
  in.section("process", out.process);
  in.optional("behaviour", out.behaviour);
}

// Says to stderr what becomes of it.
struct Part {
  std::string name;
  explicit Part(std::string n) : name(std::move(n)) {}
  ~Part() { std::fprintf(stderr, "stopped %s\n", name.c_str()); }
};

Result<void> start(const Config& config, runtime::Process& process) {
  process.keep("database", std::make_unique<Part>("database"));
  if (config.behaviour == "fails") return unavailable("PEER_ABSENT", "no peer");
  if (config.behaviour == "throws") throw std::runtime_error("thrown");
  process.keep("server", std::make_unique<Part>("server"));
  if (config.behaviour == "gives up") process.give_up(internal("BROKEN", "cannot go on"));
  return {};
}

constexpr obs::Event kBerthed{"ship_berthed", obs::Level::info, "a ship berthed"};

int run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "harbour");
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  return runtime::service_main<Config>(static_cast<int>(argv.size()), argv.data(),
                                       {.name = "harbour",
                                        .catalogue = obs::Catalogue("harbour").events({&kBerthed}),
                                        .start = start,
                                        .check = [](const Config& config) -> Result<void> {
                                          if (config.behaviour == "odd") return invalid("ODD", "behaviour is odd");
                                          return {};
                                        },
                                        .commands = {{"--dredge", [](const Config& config) -> Result<std::string> {
                                          if (config.behaviour == "odd") return invalid("ODD", "the ground is odd");
                                          return "dredged, " + config.behaviour;
                                        }}}});
}

}  // namespace harbour

namespace {

// A service in a process of its own.
class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], 1);
      dup2(ends[1], 2);
      close(ends[0]);
      close(ends[1]);
      setvbuf(stdout, nullptr, _IONBF, 0);
      _exit(harbour::run(arguments));
    }
    close(ends[1]);
    out_ = ends[0];
  }
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(out_);
  }
  // Reads until this text has come.
  bool says(std::string_view text) {
    char buffer[4096];
    while (!heard.contains(text)) {
      const auto count = read(out_, buffer, sizeof buffer);
      if (count <= 0) return false;
      heard.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }
  void signal(int number) const { kill(pid_, number); }
  int exit_code() {
    while (says("\x01never")) continue;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string heard;

 private:
  pid_t pid_ = 0;
  int out_ = -1;
};

struct Fixture {
  ScratchFolder folder;
  std::string config(std::string_view behaviour, std::string_view more = "") const {
    const auto key = folder.path() / "pseudonym.key";
    std::ofstream(key) << "0123456789abcdef0123456789abcdef";
    chmod(key.c_str(), 0600);
    const auto file = folder.path() / "harbour.yaml";
    std::ofstream(file) << "process: {pseudonym_key: pseudonym.key, metrics: '127.0.0.1:0', stop_grace: 0s}\n"
                        << "behaviour: " << behaviour << "\n"
                        << more;
    return file.string();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a service becomes ready and stops in order") {
  Child child({"--config", config("good")});
  REQUIRE(child.says("service_ready"));
  child.signal(SIGTERM);
  CHECK(child.exit_code() == 0);
  const auto at = [&](std::string_view text) { return child.heard.find(text); };
  CHECK(at("service_starting") < at("service_ready"));
  CHECK(at("service_ready") < at("service_stopping"));
  CHECK(at("service_stopping") < at("stopped server"));
  CHECK(at("stopped server") < at("stopped database"));
  CHECK(at("stopped database") < at("service_stopped"));
}

TEST_CASE_METHOD(Fixture, "a service says which build it is, in its first line and as a metric") {
  const std::string version(runtime::build_version());
  Child child({"--config", config("good")});
  REQUIRE(child.says("metrics_port"));
  REQUIRE(child.says("}\n"));
  CHECK(child.heard.substr(0, child.heard.find('\n')).contains("service_starting"));
  CHECK(child.heard.substr(0, child.heard.find('\n')).contains("\"version\":\"" + version + "\""));
  const auto digits = child.heard.find("\"metrics_port\":") + 15;
  const auto port = static_cast<std::uint16_t>(std::stoi(child.heard.substr(digits)));
  CHECK(plain_get(port, "/metrics")
            .contains("pratique_build_info{service=\"harbour\",version=\"" + version + "\"} 1\n"));
  CHECK(plain_get(port, "/readyz").starts_with("HTTP/1.1 200"));
}

TEST_CASE_METHOD(Fixture, "a service that cannot start says why and stops what it had begun") {
  SECTION("an error") {
    Child child({"--config", config("fails")});
    CHECK(child.exit_code() == 1);
    CHECK(child.heard.contains("PEER_ABSENT"));
    CHECK(child.heard.contains("stopped database"));
  }
  SECTION("an exception") {
    Child child({"--config", config("throws")});
    CHECK(child.exit_code() == 1);
    CHECK(child.heard.contains("START_THREW"));
  }
  SECTION("a part that gives up") {
    Child child({"--config", config("gives up")});
    CHECK(child.exit_code() == 1);
    CHECK(child.heard.contains("service_gave_up"));
    CHECK(child.heard.contains("cannot go on"));
    CHECK(child.heard.contains("stopped server"));
  }
  SECTION("an unknown setting") {
    Child child({"--config", config("good", "colour: red\n")});
    CHECK(child.exit_code() == 1);
    CHECK(child.heard.contains("harbour.yaml:3: colour: is no setting that is known here"));
  }
  SECTION("no pseudonym key") {
    const auto file = config("good");
    std::filesystem::remove(folder.path() / "pseudonym.key");
    Child child({"--config", file});
    CHECK(child.exit_code() == 1);
    CHECK(child.heard.contains("pseudonym.key"));
  }
}

TEST_CASE_METHOD(Fixture, "a second signal ends a slow stop at once") {
  const auto file = config("good");
  std::ofstream(file) << "process: {pseudonym_key: pseudonym.key, metrics: '127.0.0.1:0', stop_grace: 1h}\n";
  Child child({"--config", file});
  REQUIRE(child.says("service_ready"));
  child.signal(SIGINT);
  REQUIRE(child.says("service_stopping"));
  child.signal(SIGINT);
  CHECK(child.exit_code() == 128 + SIGINT);
}

TEST_CASE_METHOD(Fixture, "a command is done instead of serving") {
  Child done({"--config", config("good"), "--dredge"});
  CHECK(done.exit_code() == 0);
  CHECK(done.heard == "harbour: dredged, good\n");
  Child failed({"--dredge", "--config", config("odd")});
  CHECK(failed.exit_code() == 1);
  CHECK(failed.heard.contains("the ground is odd"));
  CHECK(Child({"--dredge"}).exit_code() == 2);
  CHECK(Child({"--config", config("good"), "--dredge", "--dredge"}).exit_code() == 2);
  Child help({"--help"});
  CHECK(help.exit_code() == 0);
  CHECK(help.heard.contains("--check-config | --dredge"));
}

TEST_CASE_METHOD(Fixture, "the flags that only tell") {
  Child checked({"--check-config", "--config", config("good")});
  CHECK(checked.exit_code() == 0);
  CHECK(checked.heard.contains("is good"));
  CHECK_FALSE(checked.heard.contains("service_ready"));
  Child odd({"--check-config", "--config=" + config("odd")});
  CHECK(odd.exit_code() == 1);
  CHECK(odd.heard.contains("behaviour is odd"));
  Child catalogue({"--print-catalogue"});
  CHECK(catalogue.exit_code() == 0);
  CHECK(catalogue.heard.contains("`ship_berthed`"));
  CHECK(catalogue.heard.contains("`service_ready`"));
  Child version({"--version"});
  CHECK(version.exit_code() == 0);
  CHECK(version.heard == "harbour " + std::string(runtime::build_version()) + "\n");
  CHECK(Child({"--colour"}).exit_code() == 2);
  CHECK(Child({}).exit_code() == 2);
  CHECK(Child({"--config"}).exit_code() == 2);
}
