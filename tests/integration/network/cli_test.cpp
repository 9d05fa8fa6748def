// The operator's command line against services that run and a real switch: what it declares, and what it takes away.
#include "libs/codec/json/parse.h"
#include "services/network/adapters/ovs/ovs_world_test.h"
#include "tests/integration/network/running_network_test.h"

using namespace pratique;
using namespace std::chrono_literals;
using network::test::OvsWorld;
namespace conformance = pratique::network::conformance;

namespace {

constexpr auto kReason = "it is a test";

struct Answer {
  int code = 0;
  std::string text;

  /// The line of stdout; where something failed, one of stderr follows.
  json::Value data() const {
    const auto parsed = json::parse(text.substr(0, text.find('\n')));
    if (!parsed) FAIL(text);
    return *parsed;
  }
  std::string field(std::string_view name) const {
    const auto whole = data();
    const auto* found = whole.find(name);
    const auto* value = found == nullptr ? nullptr : found->as_string();
    return value == nullptr ? std::string() : *value;
  }
  /// Of `--wait`: "ended" or "moved" of the only place.
  std::string at_port(std::string_view name) const {
    const auto whole = data();
    const auto* applied = whole.find("applied");
    const auto* places = applied == nullptr ? nullptr : applied->find("places");
    if (places == nullptr || places->as_array()->size() != 1) FAIL(text);
    return *(*places->as_array())[0].find(name)->as_string();
  }
};

/// An operator with the command line, and a network that was declared with it.
struct Desk : NetworkSite {
  Desk() {
    start_network();
    write_cli_config();
  }

  Answer for_people(const std::string& who, std::vector<std::string> words) {
    if (program) program->hear();
    if (replicas[1].program) replicas[1].program->hear();
    words.insert(words.begin(), {"--config", (folder.path() / (who + ".yaml")).string()});
    Program cli(PRATIQUE_PROGRAM, words);
    const int code = cli.exit_code();
    return {code, cli.heard};
  }
  Answer by(const std::string& who, std::vector<std::string> words) {
    words.insert(words.end(), {"--output", "json"});
    return for_people(who, std::move(words));
  }
  Answer done(const std::string& who, const std::vector<std::string>& words) {
    auto answer = by(who, words);
    if (answer.code != 0) FAIL(answer.text);
    return answer;
  }
  std::string file(const std::string& name, const std::string& text) const {
    const auto path = folder.path() / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path.string();
  }
  void declare_segments() {
    done("ada", {"segments", "update", "onboarding", "--vlan", "10"});
    done("ada", {"segments", "update", "quarantine", "--vlan", "43"});
    done("ada", {"segments", "add", "production", "--vlan", "42", "--display-name", "Production"});
  }
  void declare_switch(const std::string& settings) {
    done("ada", {"sites", "add", "plant"});
    done("ada", {"switches", "add", "hall-1", "--kind", "ovs", "--site", "plant", "--nas-address", kNas,
                 "--settings-file", file("hall-1.json", settings)});
  }
  void add_port(const std::string& name, const std::string& role, const std::string& segment = "") {
    std::vector<std::string> words{"ports", "add", "hall-1/" + name, "--role", role};
    if (!segment.empty()) words.insert(words.end(), {"--segment", segment});
    done("ada", words);
  }
  void write_cli_config() {
    for (const auto* who : {"ada", "olga", "vic"})
      file(std::string(who) + ".yaml", "registrar: ['" + own_address() + ":" + std::to_string(port) +
                                           "']\nnetwork: ['" + own_address() + ":" + std::to_string(replicas[1].port) +
                                           "']\nidentity: keys/operators/" + who +
                                           "\nca: keys/service-ca/ca.crt\ntimeout: 60s\n");
  }
};

std::string settings_of(const OvsWorld& world) {
  const auto config = world.config();
  return "{\"ovsdb\": \"" + config.ovsdb + "\", \"openflow\": \"" + config.openflow +
         "\", \"onboarding\": {\"services\": [{\"address\": \"10.9.0.10\", \"port\": 8443}]}, "
         "\"longest_pause_ms\": 100, \"poll_ms\": 200}";
}

/// With a real switch, and a lamp that is on at p1.
struct Hall : Desk {
  Hall() {
    declare_segments();
    declare_switch(settings_of(world));
    for (const auto* name : {"p1", "p2"}) add_port(name, "access");
    add_port("s10", "service", "onboarding");
    add_port("s42", "service", "production");
    add_port("s43", "service", "quarantine");
    add_port("up1", "uplink");
    lamp = onboard("LAMP-1", "production");
    REQUIRE(until([&] { return radius_says(lamp) == "accept"; }));
    log_on(lamp, "p1", world.station("p1").text(), "42");
    REQUIRE(until([&] { return reaches(42); }));
  }
  bool reaches(std::uint16_t vlan) { return world.reaches("p1", vlan, conformance::Family::v4, 300ms); }

  /// As a RADIUS server tells it. `who` is empty where it saw no certificate.
  void refuse(const std::string& code, const Onboarded& who, const std::string& mac) const {
    database.query("SET search_path TO network; SELECT radius_post_auth('reject', '" + code + "', '', '" +
                   who.device.substr(who.device.find('/') + 1) + "', '', '" + kNas + "', '', 'p1', '" + mac +
                   "', 'lamp', '" + who.serial + "', '" + who.authority_key_id + "')");
  }

  OvsWorld world;
  Onboarded lamp;
};

bool possible() {
  const auto why = network::test::why_no_network();
  if (!why.empty()) WARN("skipped: " << why);
  return why.empty();
}

}  // namespace

TEST_CASE("cli: segments, sites, switches and ports are declared, changed and taken away, by those who may") {
  Desk desk;
  desk.declare_segments();
  CHECK(desk.by("olga", {"segments", "add", "doors", "--vlan", "44"}).code == 3);
  CHECK(desk.by("ada", {"segments", "add", "doors", "--vlan", "42"}).code == 1);  // taken
  CHECK(desk.by("ada", {"segments", "add", "doors", "--vlan", "4095"}).code == 2);
  CHECK(desk.done("vic", {"segments", "show", "production"}).text.contains("\"vlan\":42"));
  CHECK(desk.done("ada", {"segments", "update", "production", "--vlan", "45"}).text.contains("\"vlan\":45"));
  CHECK(desk.by("vic", {"segments", "show", "doors"}).code == 4);

  desk.declare_switch(R"({"ovsdb": "unix:/nonexistent/db", "openflow": "unix:/nonexistent/of"})");
  CHECK(desk.by("ada", {"switches", "update", "hall-1", "--settings", R"({"colour": "red"})"}).code == 2);
  CHECK(desk.done("ada", {"switches", "update", "hall-1", "--disable"}).text.contains("\"disabled\":true"));
  const auto secret = desk.file("secret", "a-secret-of-this-switch\n");
  CHECK(desk.by("olga", {"switches", "secret", "hall-1", "--file", secret}).code == 3);
  const auto told = desk.done("ada", {"switches", "secret", "hall-1", "--file", secret});
  CHECK(told.text.contains("\"hasRadiusSecret\":true"));
  CHECK_FALSE(told.text.contains("a-secret-of-this-switch"));
  std::filesystem::permissions(secret, std::filesystem::perms(0644));
  CHECK(desk.by("ada", {"switches", "secret", "hall-1", "--file", secret}).text.contains("SECRET_FILE_UNSAFE"));

  desk.add_port("p1", "access");
  CHECK(desk.by("ada", {"ports", "add", "hall-1/s10", "--role", "service"}).code == 2);  // in which segment?
  desk.add_port("s10", "service", "onboarding");
  CHECK(desk.by("ada", {"ports", "add", "hall-2/p1", "--role", "access"}).code == 4);
  CHECK(desk.done("ada", {"ports", "update", "hall-1/p1", "--nas-port-id", "1"}).field("nasPortId") == "1");
  const auto ports = desk.for_people("vic", {"ports", "list", "--switch", "hall-1"});
  CHECK(ports.code == 0);
  for (const auto* said : {"hall-1/p1", "hall-1/s10", "service", "next: pratique ports show hall-1/"})
    CHECK(ports.text.contains(said));

  CHECK(desk.by("ada", {"switches", "delete", "hall-1", "--yes"}).text.contains("SWITCH_IN_USE"));
  CHECK(desk.by("ada", {"ports", "delete", "hall-1/p1"}).code == 2);  // nobody is there to say yes
  for (const auto* port : {"hall-1/p1", "hall-1/s10"}) desk.done("ada", {"ports", "delete", port, "--yes"});
  desk.done("ada", {"switches", "delete", "hall-1", "--yes"});
  desk.done("ada", {"sites", "delete", "plant", "--yes"});
  desk.done("ada", {"segments", "delete", "production", "--yes"});
  CHECK(desk.by("vic", {"switches", "show", "hall-1"}).code == 4);
}

TEST_CASE("cli: WLANs are declared, changed and taken away, and hold what they refer to") {
  Desk desk;
  desk.declare_segments();
  desk.done("ada", {"sites", "add", "plant"});
  const std::vector<std::string> add{"wlans", "add", "hall", "--site", "plant", "--ssid-hex", "48616c6cff",
                                     "--security", "wpa3-enterprise"};
  CHECK(desk.by("olga", add).code == 3);
  CHECK(desk.done("ada", add).field("ssidText") == "Hall\\xff");
  CHECK(desk.by("ada", {"wlans", "add", "hall", "--site", "plant", "--ssid", "Hall", "--security", "owe"}).code == 2);
  CHECK(desk.by("ada", {"wlans", "add", "door", "--site", "plant", "--ssid", "Door", "--security", "owe", "--segment",
                        "production"})
            .text.contains("WLAN_SEGMENT_UNFIT"));
  desk.done("ada", {"wlans", "add", "door", "--site", "plant", "--ssid", "Door", "--security", "owe", "--segment",
                    "onboarding"});
  CHECK(desk.by("ada", {"wlans", "update", "door", "--name", "hall"}).text.contains("WLAN_EXISTS"));
  const auto changed = desk.done("ada", {"wlans", "update", "hall", "--segment", "production", "--disable"});
  CHECK(changed.text.contains("\"disabled\":true"));
  CHECK(changed.field("ssidText") == "Hall\\xff");

  const auto all = desk.for_people("vic", {"wlans", "list", "--site", "plant"});
  CHECK(all.code == 0);
  for (const auto* said : {"door", "Door", "owe", "onboarding", "hall", "Hall\\xff", "wpa3-enterprise", "production",
                           "next: pratique wlans show door"}) {
    CAPTURE(said, all.text);
    CHECK(all.text.contains(said));
  }
  CHECK(desk.done("vic", {"wlans", "list", "--segment", "production"}).data().find("wlans")->as_array()->size() == 1);
  CHECK(desk.by("ada", {"segments", "delete", "production", "--yes"}).text.contains("SEGMENT_IN_USE"));
  CHECK(desk.by("ada", {"sites", "delete", "plant", "--yes"}).text.contains("SITE_IN_USE"));
  CHECK(desk.by("ada", {"wlans", "delete", "hall"}).code == 2);  // nobody is there to say yes
  for (const auto* wlan : {"hall", "door"}) desk.done("ada", {"wlans", "delete", wlan, "--yes"});
  CHECK(desk.by("vic", {"wlans", "show", "hall"}).code == 4);
  desk.done("ada", {"segments", "delete", "production", "--yes"});
  desk.done("ada", {"sites", "delete", "plant", "--yes"});
  const auto seen = desk.done(
      "vic", {"events", "--from", "network", "--after", "oldest", "--types", "wlan.deleted", "--count", "1"});
  CHECK(seen.text.contains("Hall"));
}

TEST_CASE("cli: events of the network are followed, and its replicas stand in the status") {
  Desk desk;
  desk.declare_segments();
  const auto seen = desk.done(
      "vic", {"events", "--from", "network", "--after", "oldest", "--types", "segment.created", "--count", "1"});
  CHECK(seen.field("type") == "segment.created");
  const auto status = desk.for_people("vic", {"status"});
  CHECK(status.text.contains("network     " + own_address()));
  CHECK(status.text.contains("sessions open"));
}

TEST_CASE("cli: a switch that cannot be reached is trouble for diff, and --wait says what stands in the way") {
  Desk desk;
  desk.declare_segments();
  desk.declare_switch(R"({"ovsdb": "unix:/nonexistent/db", "openflow": "unix:/nonexistent/of"})");
  desk.add_port("p1", "access");
  CHECK(desk.by("vic", {"network", "diff"}).code == 2);
  CHECK(desk.by("vic", {"network", "diff", "hall-2"}).code == 2);
  const auto lamp = desk.onboard("LAMP-1", "production");
  REQUIRE(until([&] { return desk.radius_says(lamp) == "accept"; }));

  // On no port: nothing is to be done.
  const auto moved = desk.done("olga", {"move", "LAMP-1", "production", "--wait"});
  CHECK(moved.text.contains("\"places\":[]"));
  CHECK(desk.by("olga", {"move", "LAMP-1", "lamps"}).text.contains("SEGMENT_UNKNOWN"));
  CHECK(desk.by("olga", {"move", "LAMP-1", "quarantine"}).code == 2);

  desk.log_on(lamp, "p1", "00:d0:e5:f2:00:02", "42");
  REQUIRE(until([&] { return desk.done("vic", {"sessions", "list", "--open"}).text.contains("SESSION_STATE_LIVE"); }));
  const auto late = desk.by("olga", {"revoke", "LAMP-1", "--reason", kReason, "--yes", "--wait-limit", "100ms"});
  CHECK(late.code == 5);
  CHECK(late.text.contains("NETWORK_BEHIND"));
  CHECK(late.text.contains("\"applied\":null"));
  CHECK(late.text.contains("CREDENTIAL_STATE_REVOKED"));  // it stands
  CHECK(until([&] { return desk.radius_says(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  // The same again finds nothing more to revoke, and waits.
  CHECK(desk.by("olga", {"revoke", "LAMP-1", "--reason", kReason, "--yes", "--wait-limit", "100ms"}).code == 5);

  // One that is disabled is left as it is, and diff says that it did not look.
  desk.done("ada", {"switches", "update", "hall-1", "--disable"});
  const auto passed = desk.by("vic", {"network", "diff"});
  CHECK(passed.code == 0);
  CHECK(passed.text.contains(R"("passedOver":["hall-1"])"));
  CHECK(desk.for_people("vic", {"network", "diff"}).text.contains("passed over, since they are disabled: hall-1"));
}

TEST_CASE("cli: who is on a real port, and how it is held back, let out and thrown off") {
  if (!possible()) return;
  Hall hall;
  const auto mac = hall.world.station("p1").text();

  const auto open = hall.for_people("vic", {"sessions", "list", "--open", "--port", "hall-1/p1"});
  for (const auto& said : {std::string("LAMP-1"), std::string("live"), mac}) CHECK(open.text.contains(said));
  CHECK(hall.done("vic", {"sessions", "list", "--mac", mac, "--at", format_rfc3339(hall.clock.now())})
            .text.contains("hall-1"));
  const auto shown = hall.for_people("vic", {"devices", "show", "LAMP-1"});
  for (const auto* said : {"on the network:", "hall-1/p1", "production (VLAN 42)"}) CHECK(shown.text.contains(said));
  const auto admission = [&] { return hall.done("vic", {"devices", "admission", "LAMP-1"}).text; };
  CHECK(until([&] { return admission().contains("PLACE_STATE_IN_PLACE"); }));
  CHECK(admission().contains("DEVICE_STANDING_ADMITTED"));
  CHECK(until([&] { return hall.by("vic", {"network", "diff"}).code == 0; }));
  hall.add_port("p9", "access");  // the switch has none of that name
  const auto differs = hall.for_people("vic", {"network", "diff", "hall-1"});
  CHECK(differs.code == 1);
  for (const auto* said : {"hall-1/p9", "missing", "next: pratique switches observe hall-1"}) {
    CAPTURE(differs.text);
    CHECK(differs.text.contains(said));
  }
  hall.done("ada", {"ports", "delete", "hall-1/p9", "--yes"});
  CHECK(until([&] { return hall.by("vic", {"network", "diff"}).code == 0; }));

  CHECK(hall.by("vic", {"quarantine", "LAMP-1", "--reason", kReason}).code == 3);
  CHECK(hall.by("olga", {"quarantine", "LAMP-1"}).code == 2);  // no reason
  const auto held = hall.done("olga", {"quarantine", "LAMP-1", "--reason", kReason, "--wait", "--wait-limit", "120s"});
  CHECK(held.at_port("state") == "moved");
  CHECK(held.at_port("segment") == "quarantine");
  CHECK_FALSE(hall.reaches(42));
  CHECK(until([&] { return hall.reaches(43); }));
  const auto out =
      hall.for_people("olga", {"release", "LAMP-1", "--reason", kReason, "--wait", "--wait-limit", "120s"});
  CHECK(out.code == 0);
  for (const auto* said : {"is admitted", "is in segment production", "decision to port:"})
    CHECK(out.text.contains(said));
  CHECK(until([&] { return hall.reaches(42); }));

  const auto ended =
      hall.done("olga", {"revoke", "LAMP-1", "--reason", kReason, "--yes", "--wait", "--wait-limit", "120s"});
  CHECK(ended.at_port("state") == "ended");
  CHECK(ended.at_port("reason") == "PORT_CERTIFICATE_ENDED");
  CHECK_FALSE(hall.reaches(42));
  CHECK_FALSE(hall.reaches(43));

  CHECK(until([&] { return admission().contains("\"places\":[]"); }));
  CHECK(admission().contains("none of its certificates is in force"));

  // It tries again, and is refused twice: once by what we say of it, once by TLS itself.
  REQUIRE(until([&] { return hall.radius_says(hall.lamp) == "PORT_CERTIFICATE_ENDED"; }));
  hall.refuse("PORT_CERTIFICATE_ENDED", hall.lamp, mac);
  hall.refuse("PORT_CERTIFICATE_UNKNOWN", {}, mac);
  const auto story = hall.for_people("vic", {"devices", "explain", "LAMP-1"});
  for (const auto* said : {"on no port of the network; last at hall-1/p1", "refused at hall-1/p1 as ",
                           "PORT_CERTIFICATE_ENDED", "PORT_CERTIFICATE_UNKNOWN", "remedy"}) {
    CAPTURE(said, story.text);
    CHECK(story.text.contains(said));
  }
  const auto tried = hall.done("vic", {"sessions", "attempts", "--device", "LAMP-1", "--verdict", "refused"});
  CHECK(tried.data().find("attempts")->as_array()->size() == 1);
}

TEST_CASE("cli: a device is told where it was even when the network service is down") {
  Desk desk;
  const auto lamp = desk.onboard("LAMP-1", "production");
  desk.kill_network();
  const auto shown = desk.for_people("vic", {"devices", "show", "LAMP-1"});
  CHECK(shown.code == 0);
  CHECK(shown.text.contains("where it is on the network is not known"));
  CHECK(desk.for_people("vic", {"devices", "explain", "LAMP-1"}).code == 0);
  const auto held = desk.by("olga", {"quarantine", "LAMP-1", "--reason", kReason, "--wait-limit", "100ms"});
  CHECK(held.code == 5);
  CHECK(desk.done("vic", {"devices", "show", "LAMP-1"}).field("state") == "DEVICE_STATE_QUARANTINED");
}
