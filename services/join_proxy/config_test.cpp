#include "services/join_proxy/config.h"

#include <catch2/catch.hpp>

#include "libs/runtime/config_reader.h"

using namespace pratique;
using join_proxy::Config;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kProcess = "process: {pseudonym_key: /run/secrets/pseudonym-key}\n";

Result<Config> parse(std::string_view rest) { return runtime::parse_config<Config>(std::string(kProcess) + std::string(rest)); }

}  // namespace

TEST_CASE("a join proxy to fixed registrars") {
  const auto config = parse(
      "listen: '[::]:8443'\nupstreams: [10.0.0.5:8443, 'registrar.example.com:443']\nannounce_on: [eth0]\nname: Dock 7\n"
      "limits: {max_connections: 10, max_connections_per_source: 2, idle_timeout: 5s, max_bytes: 1MiB}\n");
  REQUIRE(config);
  CHECK(config->listen == runtime::Address{"::", 8443});
  CHECK(config->upstreams == std::vector<runtime::Address>{{"10.0.0.5", 8443}, {"registrar.example.com", 443}});
  CHECK_FALSE(config->discover);
  CHECK(config->announce_on == std::vector<std::string>{"eth0"});
  CHECK(config->limits.max_connections == 10);
  CHECK(config->limits.max_connections_per_source == 2);
  CHECK(config->limits.idle_timeout == 5s);
  CHECK(config->limits.max_bytes == 1 << 20);
  CHECK(config->limits.max_bytes_per_second == 0);
}

TEST_CASE("a join proxy that looks for its registrars") {
  const auto config = parse("listen: 0.0.0.0:8443\ndiscover: true\ndiscover_on: [eth1]\ndiscover_every: 30s\n");
  REQUIRE(config);
  CHECK(config->discover);
  CHECK(config->discover_on == std::vector<std::string>{"eth1"});
  CHECK(config->discover_every == 30s);
  CHECK(config->announce_on.empty());
}

TEST_CASE("what a join proxy's configuration may not say") {
  const std::string good = "listen: 0.0.0.0:8443\nupstreams: [10.0.0.5:8443]\n";
  REQUIRE(parse(good));
  const std::pair<std::string, std::string> bad[] = {
      {"upstreams: [10.0.0.5:8443]\n", "listen"},                        // nowhere to listen
      {"listen: 0.0.0.0:8443\n", "upstreams"},                           // nowhere to lead to
      {"listen: proxy.example.com:8443\nupstreams: [10.0.0.5:8443]\n", "listen"},
      {"listen: 0.0.0.0:8443\nupstreams: [10.0.0.5:0]\n", "upstreams"},
      {good + "discover: true\n", "discover"},
      {good + "discover_on: [eth1]\n", "discover_on"},
      {good + "name: ''\n", "name"},
      {good + "name: " + std::string(64, 'x') + "\n", "name"},
      {good + "limits: {max_connections: 0}\n", "limits.max_connections"},
      {good + "limits: {max_bytes: 0}\n", "limits.max_bytes"},
      {good + "limits: {max_conections: 5}\n", "max_conections"},        // misspelt
      {"listen: 0.0.0.0:8443\ndiscover: true\ndiscover_every: 100ms\n", "discover_every"},
  };
  for (const auto& [text, where] : bad) {
    CAPTURE(text);
    const auto config = parse(text);
    REQUIRE_FALSE(config);
    CHECK(config.error().reason == "CONFIG_INVALID");
    CHECK(config.error().message.find(where) != std::string::npos);
  }
}
