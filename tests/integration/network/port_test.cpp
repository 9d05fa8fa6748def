// From the registrar's word to a port of a real switch, whoever is down meanwhile. RADIUS servers speak as they do: by
// the functions of the schema.
#include "services/network/adapters/ovs/ovs_world_test.h"
#include "tests/integration/network/running_network_test.h"

using namespace pratique;
using namespace std::chrono_literals;
using network::test::OvsWorld;
namespace v1 = pratique::network::v1;
namespace conformance = pratique::network::conformance;

namespace {

/// A switch that is registered with its ports: p1 and p2 for devices, the servers of three segments.
struct Site : NetworkSite {
  Site() { start_network(); }
  explicit Site(const support::TestCluster& cluster) : NetworkSite(cluster) { start_network(); }

  void set_up() {
    const auto onboarding = segment("onboarding", 10), quarantine = segment("quarantine", 43);
    v1::CreateSegmentRequest production;
    production.mutable_segment()->set_short_name("production");
    production.mutable_segment()->set_vlan(42);
    const auto made = of_network<v1::Segments>(&v1::Segments::Stub::CreateSegment, production).name();
    v1::CreateSiteRequest site;
    site.mutable_site()->set_short_name("hall-1");
    v1::CreateSwitchRequest request;
    auto& one = *request.mutable_network_switch();
    one.set_site(of_network<v1::Switches>(&v1::Switches::Stub::CreateSite, site).name());
    one.set_short_name("sw1");
    one.set_kind(v1::SWITCH_KIND_OVS);
    one.set_nas_address(kNas);
    const auto config = world.config();
    one.set_settings("{\"ovsdb\": \"" + config.ovsdb + "\", \"openflow\": \"" + config.openflow +
                     "\", \"onboarding\": {\"services\": [{\"address\": \"10.9.0.10\", \"port\": 8443}]}, "
                     "\"longest_pause_ms\": 100, \"poll_ms\": 200}");
    network_switch = of_network<v1::Switches>(&v1::Switches::Stub::CreateSwitch, request).name();
    for (const auto* name : {"p1", "p2"}) add_port(name, v1::PORT_ROLE_ACCESS, "");
    add_port("s10", v1::PORT_ROLE_SERVICE, onboarding);
    add_port("s42", v1::PORT_ROLE_SERVICE, made);
    add_port("s43", v1::PORT_ROLE_SERVICE, quarantine);
    add_port("up1", v1::PORT_ROLE_UPLINK, "");
  }
  /// Logged on at this port, and through it in production.
  Onboarded device_in_production(const std::string& at, const std::string& serial) {
    auto lamp = onboard(serial, "production");
    REQUIRE(until([&] { return radius_says(lamp) == "accept"; }));
    CHECK_FALSE(in_production(at));
    log_on(lamp, at, world.station(at).text(), "42");
    REQUIRE(until([&] { return in_production(at); }));
    return lamp;
  }
  bool in_production(const std::string& at) {
    return world.reaches(at, 42, conformance::Family::v4, 300ms);
  }
  std::string end_of_session(const Onboarded& who) const {
    return database.query("SELECT end_code FROM network.session WHERE end_time IS NOT NULL AND device = '" +
                          who.device.substr(who.device.find('/') + 1) + "'");
  }

  OvsWorld world;
  std::string network_switch;

 private:
  /// One that always exists, in another VLAN; its name.
  std::string segment(const std::string& short_name, int vlan) {
    const auto all = of_network<v1::Segments>(&v1::Segments::Stub::ListSegments, v1::ListSegmentsRequest{});
    for (const auto& each : all.segments()) {
      if (each.short_name() != short_name) continue;
      v1::UpdateSegmentRequest request;
      *request.mutable_segment() = each;
      request.mutable_segment()->set_vlan(vlan);
      request.mutable_update_mask()->add_paths("vlan");
      of_network<v1::Segments>(&v1::Segments::Stub::UpdateSegment, request);
      return each.name();
    }
    FAIL("no segment " << short_name);
    return {};
  }
  void add_port(const std::string& name, v1::PortRole role, const std::string& fixed_segment) {
    v1::CreatePortRequest request;
    request.mutable_port()->set_network_switch(network_switch);
    request.mutable_port()->set_port_name(name);
    request.mutable_port()->set_role(role);
    request.mutable_port()->set_fixed_segment(fixed_segment);
    of_network<v1::Switches>(&v1::Switches::Stub::CreatePort, request);
  }
};

bool possible() {
  const auto why = network::test::why_no_network();
  if (!why.empty()) WARN("skipped: " << why);
  return why.empty();
}

}  // namespace

TEST_CASE("network: a device's port opens with its logon and closes with its revocation, whoever was down meanwhile") {
  if (!possible()) return;
  Site site;
  site.set_up();
  const auto lamp = site.device_in_production("p1", "LAMP-1");
  SECTION("nobody") { site.revoke(lamp); }
  SECTION("the network service") {
    site.kill_network();
    site.revoke(lamp);
    CHECK(until([&] { return site.in_production("p1"); }));  // a switch holds what it was told last
    site.start_network();
  }
  SECTION("the registrar") {
    site.kill_registrar();
    CHECK(until([&] { return site.in_production("p1"); }));
    site.start();
    site.revoke(lamp);
  }
  CHECK(until([&] { return site.end_of_session(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(until([&] { return !site.in_production("p1"); }));
  CHECK(site.radius_says(lamp) == "PORT_CERTIFICATE_ENDED");
  // Another device is let in as before.
  site.device_in_production("p2", "LAMP-2");
}

TEST_CASE("network: a database that was away costs no port, and a revocation behind it bites") {
  if (!possible()) return;
  support::TestCluster cluster;
  Site site(cluster);
  site.set_up();
  const auto lamp = site.device_in_production("p1", "LAMP-1");
  cluster.kill_server();
  CHECK(until([&] { return site.in_production("p1"); }));
  cluster.start_server();
  const auto& ada = site.as("operators/ada");
  const auto stub = registrar::v1::Credentials::NewStub(ada.channel());
  registrar::v1::RevokeCredentialRequest request;
  request.set_name(lamp.credential);
  request.set_reason("stolen");
  CHECK(until([&] {  // the registrar has to find its database, too
    (void)ada.call(*stub, &registrar::v1::Credentials::Stub::RevokeCredential, request);
    return site.radius_says(lamp) == "PORT_CERTIFICATE_ENDED";
  }));
  CHECK(until([&] { return site.end_of_session(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(until([&] { return !site.in_production("p1"); }));
}

TEST_CASE("network: a switch is kept by one replica; when that is killed the other drives it") {
  if (!possible()) return;
  Site site;
  site.set_up();
  const auto lamp = site.device_in_production("p1", "LAMP-1");
  SECTION("and its lock tells of it") {  // time alone would take longer than is waited for
    site.kill_network();
    for (const int replica : {1, 2}) site.write_network_config(replica, "", "1h");
    site.start_network();
  }
  SECTION("and time tells of it, since no lock could") {
    site.database.execute("CREATE FUNCTION network.unlocked() RETURNS trigger LANGUAGE plpgsql AS "
                          "$$BEGIN NEW.locked := false; RETURN NEW; END$$; CREATE TRIGGER unlocked BEFORE INSERT OR "
                          "UPDATE ON network.replica FOR EACH ROW EXECUTE FUNCTION network.unlocked()");
  }
  site.start_network(2);
  const auto keeper = [&] {
    return site.database.query("SELECT split_part(keeper, '/', 1) FROM network.switch_lease");
  };
  const int first = keeper() == "network-1" ? 1 : 2, other = 3 - first;
  // Whoever is asked says what the switch does.
  v1::DiffSwitchRequest question;
  question.set_name(site.network_switch);
  CHECK(until([&] {
    return site.of_network<v1::Switches>(&v1::Switches::Stub::DiffSwitch, question, other).ports().empty();
  }));
  site.kill_network(first);
  CHECK(until([&] { return keeper() == "network-" + std::to_string(other); }));
  CHECK(until([&] { return site.in_production("p1"); }));
  site.revoke(lamp);
  CHECK(until([&] { return site.end_of_session(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(until([&] { return !site.in_production("p1"); }));
}

TEST_CASE("network: a disabled switch is left alone, and an enabled one is put right") {
  if (!possible()) return;
  Site site;
  site.set_up();
  const auto lamp = site.device_in_production("p1", "LAMP-1");
  v1::GetSwitchRequest which;
  which.set_name(site.network_switch);
  v1::UpdateSwitchRequest request;
  *request.mutable_network_switch() = site.of_network<v1::Switches>(&v1::Switches::Stub::GetSwitch, which);
  request.mutable_network_switch()->set_disabled(true);
  request.mutable_update_mask()->add_paths("disabled");
  *request.mutable_network_switch() = site.of_network<v1::Switches>(&v1::Switches::Stub::UpdateSwitch, request);
  CHECK(until([&] { return site.database.query("SELECT keeper FROM network.switch_lease").empty(); }));
  site.revoke(lamp);
  CHECK(until([&] { return site.radius_says(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(until([&] { return site.in_production("p1"); }));
  request.mutable_network_switch()->set_disabled(false);
  site.of_network<v1::Switches>(&v1::Switches::Stub::UpdateSwitch, request);
  CHECK(until([&] { return !site.in_production("p1"); }));
}
