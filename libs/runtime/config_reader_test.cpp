#include "libs/runtime/config_reader.h"

#include <catch2/catch.hpp>

#include <fstream>

#include "tests/support/scratch_folder.h"

using namespace pratique;
using namespace std::chrono_literals;

namespace port {

enum class Mode { strict, lenient };
struct Pool {
  int size = 8;
  std::chrono::seconds timeout{3};
};
struct Switch {
  std::string name;
  runtime::Address address;
};
struct Config {
  std::string title = "default";
  bool open = true;
  double ratio = 0.5;
  std::uint16_t small = 1;
  Mode mode = Mode::strict;
  runtime::ByteSize limit{1};
  runtime::SecretFile key;
  std::filesystem::path folder = "/var/lib/port";
  std::vector<std::string> words;
  std::map<std::string, std::string> roles;
  std::vector<runtime::Address> peers;
  Pool database;
  std::optional<Pool> spare;
  std::vector<Switch> switches;
  std::map<std::string, Pool> pools;
};

void read(runtime::ConfigReader& in, Pool& out) {
  in.optional("size", out.size, {.least = 1, .most = 64});
  in.optional("timeout", out.timeout);
}
void read(runtime::ConfigReader& in, Switch& out) {
  in.required("name", out.name);
  in.required("address", out.address);
  if (out.name == "forbidden") in.refuse("name", "is taken");
}
void read(runtime::ConfigReader& in, Config& out) {
  in.optional("title", out.title);
  in.optional("open", out.open);
  in.optional("ratio", out.ratio);
  in.optional("small", out.small);
  in.one_of("mode", out.mode, {{"strict", Mode::strict}, {"lenient", Mode::lenient}});
  in.optional("limit", out.limit);
  in.optional("key", out.key);
  in.optional("folder", out.folder);
  in.optional("words", out.words);
  in.optional("roles", out.roles);
  in.optional("peers", out.peers);
  in.section("database", out.database);
  in.section("spare", out.spare);
  in.list("switches", out.switches);
  in.table("pools", out.pools);
}

}  // namespace port

namespace {

std::string complaint(std::string_view text) {
  const auto config = runtime::parse_config<port::Config>(text, "/etc/port/port.yaml");
  REQUIRE_FALSE(config);
  CHECK(config.error().reason == "CONFIG_INVALID");
  return config.error().message;
}

}  // namespace

TEST_CASE("defaults hold where the file is silent") {
  const auto config = runtime::parse_config<port::Config>("");
  REQUIRE(config);
  CHECK(config->title == "default");
  CHECK(config->database.size == 8);
  CHECK_FALSE(config->spare);
}

TEST_CASE("every kind of setting is read") {
  const auto config = runtime::parse_config<port::Config>(R"(
title: "a: b"
open: false
ratio: 0.25
small: 65535
mode: lenient
limit: 64KiB
key: secrets/key
folder: /srv/port
words: [one, "2"]
roles: {jo@example.com: admin}
peers: [127.0.0.1:1, "[::1]:2", port.example.com:3]
database:
  size: 2
  timeout: 2m
spare: {}
switches:
  - name: left
    address: 192.0.2.1:6640
pools:
  big: {size: 64}
  plain: {}
)",
                                                         "/etc/port/port.yaml");
  INFO((config ? "" : config.error().message));
  REQUIRE(config);
  CHECK(config->title == "a: b");
  CHECK_FALSE(config->open);
  CHECK(config->ratio == 0.25);
  CHECK(config->small == 65535);
  CHECK(config->mode == port::Mode::lenient);
  CHECK(config->limit.bytes == 65536);
  CHECK(config->key.path == "/etc/port/secrets/key");
  CHECK(config->folder == "/srv/port");
  CHECK(config->words == std::vector<std::string>{"one", "2"});
  CHECK(config->roles.at("jo@example.com") == "admin");
  CHECK(config->peers[1].text() == "[::1]:2");
  CHECK(config->database.size == 2);
  CHECK(config->database.timeout == 120s);
  REQUIRE(config->spare);
  CHECK(config->spare->size == 8);
  CHECK(config->switches.at(0).address.port == 6640);
  CHECK(config->pools.at("big").size == 64);
  CHECK(config->pools.at("plain").size == 8);
}

TEST_CASE("what is wrong in a file is named by line and path") {
  CHECK(complaint("database:\n  sizes: 3\n") ==
        "/etc/port/port.yaml:2: database.sizes: is no setting that is known here");
  CHECK(complaint("open: yes").ends_with(":1: open: expected true or false, found 'yes'"));
  CHECK(complaint("small: 65536").contains("small: expected a whole number from 0 to 65535, found '65536'"));
  CHECK(complaint("small: -1").contains("from 0 to 65535"));
  CHECK(complaint("small: \"7\"").contains("expected a whole number, found '7'"));
  CHECK(complaint("small: 0x10").contains("expected a whole number"));
  CHECK(complaint("ratio: fast").contains("ratio: expected a number, found 'fast'"));
  CHECK(complaint("title: [a]").contains("title: expected a text, found a list"));
  CHECK(complaint("title:").contains("title: expected a text, found nothing"));
  CHECK(complaint("mode: loose").contains("mode: expected one of strict, lenient, found 'loose'"));
  CHECK(complaint("limit: 64KB").contains("limit: '64KB' is no size"));
  CHECK(complaint("database: {size: 65}").contains("database.size: expected a whole number from 1 to 64"));
  CHECK(complaint("database: {timeout: 30}").contains("database.timeout: '30' is no duration"));
  CHECK(complaint("database: {timeout: 1500ms}").contains("database.timeout: is finer than this setting can be"));
  CHECK(complaint("database: [1]").contains("database: expected a mapping, found a list"));
  CHECK(complaint("switches:\n  - name: left\n").contains(":2: switches[0].address: is required"));
  CHECK(complaint("switches: [left]").contains("switches[0]: expected a mapping, found a single value"));
  CHECK(complaint("switches:\n  - {name: forbidden, address: a:1}").contains(":2: switches[0].name: is taken"));
  CHECK(complaint("pools:\n  big: {huge: 1}").contains("pools.big.huge: is no setting"));
  CHECK(complaint("peers: [127.0.0.1]").contains("peers: '127.0.0.1' has no port"));
  CHECK(complaint("title: a\ntitle: b\n").contains(":2: title: stands twice"));
  CHECK(complaint("- a").contains("expected a mapping, found a list"));
  CHECK(complaint("title: a\n---\ntitle: b\n").contains("more than one document"));
  CHECK(complaint("title: \"a\nsmall: [").contains("/etc/port/port.yaml:"));
  CHECK(complaint(std::string(runtime::kMaxConfigBytes + 1, '#')).contains("more than"));
}

TEST_CASE("all complaints come at once, in the order of the file") {
  const auto all = complaint("zebra: 1\nopen: maybe\ndatabase:\n  size: 0\n");
  CHECK(std::ranges::count(all, '\n') == 2);
  CHECK(all.find("zebra") < all.find("open"));
  CHECK(all.find("open") < all.find("database.size"));
}

TEST_CASE("a file is read, an absent one is named") {
  const ScratchFolder folder;
  std::ofstream(folder.path() / "port.yaml") << "key: k\n";
  const auto config = runtime::load_config<port::Config>(folder.path() / "port.yaml");
  REQUIRE(config);
  CHECK(config->key.path == folder.path() / "k");
  const auto absent = runtime::load_config<port::Config>(folder.path() / "none.yaml");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().reason == "CONFIG_UNREADABLE");
  CHECK_FALSE(runtime::load_config<port::Config>(folder.path()));
}

TEST_CASE("addresses, durations and sizes") {
  using namespace pratique::runtime;
  CHECK(*Address::parse("a-b.example.com:65535") == Address{"a-b.example.com", 65535});
  CHECK(Address::parse("[2001:db8::1]:443")->text() == "[2001:db8::1]:443");
  for (const auto* bad : {"", "host", "host:", "host:65536", "host:-1", ":80", "::1:80", "[::1:80", "[host]:80",
                          "a b:1", "host:80x", "[]:1", "a/b:1"})
    CHECK_FALSE(Address::parse(bad));
  CHECK(*parse_duration("250ms") == 250ms);
  CHECK(*parse_duration("0s") == 0s);
  CHECK(*parse_duration("7d") == 168h);
  for (const auto* bad : {"", "5", "-5s", "s", "1.5s", "5 s", "5S", "99999999999999999999s", "9223372036854775807d",
                          "200000d"})
    CHECK_FALSE(parse_duration(bad));
  CHECK(parse_size("0")->bytes == 0);
  CHECK(parse_size("1GiB")->bytes == 1073741824);
  for (const auto* bad : {"", "KiB", "-1", "1KB", "1 KiB", "9223372036854775807GiB"}) CHECK_FALSE(parse_size(bad));
}
