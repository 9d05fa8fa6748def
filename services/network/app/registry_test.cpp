#include <catch2/catch.hpp>

#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

TEST_CASE("Sites are known by one name, and stay while switches are there", "[network][app]") {
  NetworkWorld world;
  const auto agreed = [](const Site&) -> Result<void> { return {}; };
  CHECK(world.sites.create(world.change(), {.name = "berlin"}).error().reason == "SITE_EXISTS");
  CHECK(world.sites.create(world.change(), {.name = "Berlin"}).error().reason == "FIELD_INVALID");
  const auto other = *world.sites.create(world.change("r1"), {.name = "aachen"});
  CHECK(world.sites.create(world.change("r1"), {.name = "aachen"})->id == other.id);  // asked again
  CHECK(world.events("site.created") == 2);
  CHECK(world.sites.list(world.call(), "", 10)->front().name == "aachen");
  CHECK(world.sites.list(world.call(), "aachen", 10)->size() == 1);
  const auto rename = [](const Site& current) -> Result<Site> {
    auto wanted = current;
    wanted.name = "berlin";
    return wanted;
  };
  CHECK(world.sites.update(world.change(), other.id, rename).error().reason == "SITE_EXISTS");
  const auto stale = [](const Site&) -> Result<Site> {
    return Error{ErrorCode::aborted, "ETAG_STALE", "read it again"};
  };
  CHECK(world.sites.update(world.change(), other.id, stale).error().reason == "ETAG_STALE");
  world.add_switch("sw1", 0);
  CHECK(world.sites.remove(world.change(), world.site, agreed).error().reason == "SITE_IN_USE");
  REQUIRE(world.sites.remove(world.change(), other.id, agreed));
  CHECK(world.sites.get(world.call(), other.id).error().reason == "SITE_UNKNOWN");
}

TEST_CASE("The two special segments always exist, once; a VLAN has one name", "[network][app]") {
  NetworkWorld world;
  const auto all = *world.segments.list(world.call(), "", 10);
  CHECK(all.size() == 4);
  const auto agreed = [](const Segment&) -> Result<void> { return {}; };
  for (const auto& segment : all) {
    const auto removed = world.segments.remove(world.change(), segment.id, agreed);
    CHECK(removed.has_value() == (segment.purpose == SegmentPurpose::production));
    if (!removed) CHECK(removed.error().reason == "SEGMENT_SPECIAL");
  }
  CHECK(world.segments.create(world.change(), {.name = "a", .vlan = 4001}).error().reason == "SEGMENT_EXISTS");
  CHECK(world.segments.create(world.change(), {.name = "onboarding", .vlan = 5}).error().reason == "SEGMENT_EXISTS");
  CHECK(world.segments.create(world.change(), {.name = "a", .vlan = 4095}).error().reason == "FIELD_INVALID");
  const auto made =
      *world.segments.create(world.change(), {.name = "a", .vlan = 5, .purpose = SegmentPurpose::quarantine});
  CHECK(made.purpose == SegmentPurpose::production);
}

TEST_CASE("Switches are registered, found and changed; a secret is never shown", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  auto wanted = *world.switches.get(world.call(), id);
  wanted.name = "sw2";
  CHECK(world.switches.create(world.change(), wanted).error().reason == "SWITCH_EXISTS");  // its NAS address
  wanted.nas_address.reset();
  wanted.settings = R"({"x":1})";
  CHECK(world.switches.create(world.change(), wanted).error().reason == "FIELD_INVALID");
  wanted.settings = "{}";
  wanted.kind = SwitchKind::radius;
  CHECK(world.switches.create(world.change(), wanted).error().reason == "FIELD_INVALID");  // it needs an address
  wanted.nas_address = *IpAddress::parse("2001:db8::7");
  wanted.site = SiteId::make(world.clock, world.random);
  CHECK(world.switches.create(world.change(), wanted).error().reason == "SITE_UNKNOWN");
  wanted.site = world.site;
  const auto second = *world.switches.create(world.change(), wanted);
  CHECK(second.nas_address->text() == "2001:db8::7");
  CHECK(world.switches.list(world.call(), {.kind = SwitchKind::radius}, "", 10)->size() == 1);
  CHECK(world.switches.list(world.call(), {.site = world.site}, "sw1", 10)->front().name == "sw2");
  CHECK(world.switches.list(world.call(), {.troubled = true}, "", 10)->empty());

  CHECK(world.switches.set_secret(world.change(), id, Secret("short")).error().reason == "FIELD_INVALID");
  REQUIRE(world.switches.set_secret(world.change(), id, Secret("a long enough secret")));
  const auto secret = *world.with([&](pg::Tx& tx) { return load_switch_secret(tx, id); });
  CHECK(secret.sealed.size() == 20);
  CHECK(secret.for_server == Bytes{7});
  CHECK(world.switches.get(world.call(), id)->has_secret);
  CHECK_FALSE(world.switches.get(world.call(), second.id)->has_secret);
  const auto told = world.with([](pg::Tx& tx) { return pg::outbox::read(tx, 0, 1000); });
  REQUIRE(told);
  for (const auto& event : *told)
    CHECK(as_text(event.payload).find("long enough") == std::string_view::npos);

  const auto agreed = [](const Switch&) -> Result<void> { return {}; };
  CHECK(world.switches.remove(world.change(), id, agreed).error().reason == "SWITCH_IN_USE");
  REQUIRE(world.switches.remove(world.change(), second.id, agreed));
  CHECK(world.switches.get(world.call(), second.id).error().reason == "SWITCH_UNKNOWN");
}

TEST_CASE("A switch that is not enabled is left as it is", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 1);
  const auto set = [&](bool enabled) {
    REQUIRE(world.switches.update(world.change(), id, [&](const Switch& current) -> Result<Switch> {
      auto wanted = current;
      wanted.enabled = enabled;
      return wanted;
    }));
  };
  set(false);
  CHECK(world.settle() == 0);
  set(true);
  CHECK(world.settle() == 1);
  CHECK(world.at(id).ports["p1"].vlan == NetworkWorld::kOnboarding);
}

TEST_CASE("Ports are of one switch, have one name, and keep their rules", "[network][app]") {
  NetworkWorld world;
  const auto id = world.add_switch("sw1", 3);
  CHECK(world.ports.create(world.change(), {.on_switch = id, .name = "p1"}).error().reason == "PORT_EXISTS");
  CHECK(world.ports.create(world.change(), {.on_switch = id, .name = "x", .nas_port_id = "p1"}).error().reason ==
        "PORT_EXISTS");
  CHECK(world.ports.create(world.change(), {.on_switch = id, .name = "a b"}).error().reason == "FIELD_INVALID");
  CHECK(world.ports.create(world.change(), {.on_switch = id, .name = "x", .role = PortRole::service}).error().reason ==
        "FIELD_INVALID");
  CHECK(world.ports.create(world.change(), {.on_switch = SwitchId::make(world.clock, world.random), .name = "x"})
            .error().reason == "PORT_REFERENCE_UNKNOWN");
  CHECK(world.ports.list(world.call(), {.on_switch = id}, {}, 2)->size() == 2);
  CHECK(world.ports.list(world.call(), {.on_switch = id}, world.port(id, "p2"), 2)->front().port.name == "p3");
  CHECK(world.ports.list(world.call(), {.role = PortRole::uplink}, {}, 2)->empty());

  // A service port stands in its segment, whoever is there; no segment goes while a port is fixed to it.
  REQUIRE(world.ports.update(world.change(), world.port(id, "p2"),
                             [&](const RegisteredPort& current) -> Result<RegisteredPort> {
                               auto wanted = current;
                               wanted.role = PortRole::service;
                               wanted.fixed_segment = world.cameras;
                               return wanted;
                             }));
  world.settle();
  CHECK(world.at(id).ports["p2"].vlan == NetworkWorld::kCameras);
  CHECK(world.segments.remove(world.change(), world.cameras, [](const Segment&) -> Result<void> { return {}; })
            .error()
            .reason == "SEGMENT_IN_USE");

  world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  const auto seen = *world.ports.list(world.call(), {.on_switch = id}, {}, 1);
  const auto& condition = seen.front().condition;
  REQUIRE(condition.plan);
  CHECK(condition.planned_segment == "cameras");
  CHECK(condition.observed_segment == "cameras");
  REQUIRE(condition.present.size() == 1);
  CHECK(condition.present.front().mac == NetworkWorld::mac(1));
  CHECK(condition.present.front().session == world.stays().front().id);
  CHECK(condition.present.front().device == world.stays().front().device);
  const auto agreed = [](const RegisteredPort&) -> Result<void> { return {}; };
  CHECK(world.ports.remove(world.change(), world.port(id, "p1"), agreed).error().reason == "PORT_IN_USE");
  REQUIRE(world.ports.remove(world.change(), world.port(id, "p3"), agreed));
  CHECK(world.ports.get(world.call(), world.port(id, "p3")).error().reason == "PORT_UNKNOWN");
}

TEST_CASE("WLANs are data: one name, one SSID at a site, and a way that fits their security", "[network][app]") {
  NetworkWorld world;
  const auto onboarding = world.segment("onboarding"), quarantine = world.segment("quarantine");
  const Wlan wanted{.name = "hall", .site = world.site, .ssid = to_bytes("Hall \x01\xff"), .segment = world.cameras};
  const auto create = [&](const std::function<void(Wlan&)>& but, const std::string& request_id = "") {
    auto one = wanted;
    but(one);
    return world.wlans.create(world.change(request_id), one);
  };
  const auto made = create([](Wlan&) {}, "r1");
  REQUIRE(made);
  CHECK(create([](Wlan&) {}, "r1")->id == made->id);  // asked again
  CHECK(world.events("wlan.created") == 1);
  CHECK(made->ssid == wanted.ssid);
  CHECK(made->segment == world.cameras);
  CHECK(made->security == WlanSecurity::wpa3_enterprise);
  CHECK(made->enabled);
  CHECK(made->version == 1);

  CHECK(create([](Wlan& w) { w.ssid = {7}; }).error().reason == "WLAN_EXISTS");      // the name
  CHECK(create([](Wlan& w) { w.name = "other"; }).error().reason == "WLAN_EXISTS");  // the SSID
  const auto elsewhere = *world.sites.create(world.change(), {.name = "aachen"});
  const auto other = create([&](Wlan& w) {
    w.name = "away";
    w.site = elsewhere.id;
    w.segment = {};
  });
  REQUIRE(other);
  CHECK(other->segment.empty());
  CHECK(create([](Wlan& w) { w.ssid.clear(); }).error().reason == "FIELD_INVALID");
  CHECK(create([&](Wlan& w) { w.site = SiteId::make(world.clock, world.random); }).error().reason == "SITE_UNKNOWN");
  CHECK(create([&](Wlan& w) { w.segment = SegmentId::make(world.clock, world.random); }).error().reason ==
        "SEGMENT_UNKNOWN");
  const auto leads = [&](WlanSecurity security, const SegmentId& segment) {
    const auto done = create([&](Wlan& w) {
      w.name = "other";
      w.ssid = {8};
      w.security = security;
      w.segment = segment;
    }, "");
    if (done) REQUIRE(world.wlans.remove(world.change(), done->id, [](const Wlan&) -> Result<void> { return {}; }));
    return done ? "" : done.error().reason;
  };
  CHECK(leads(WlanSecurity::open, world.cameras) == "WLAN_SEGMENT_UNFIT");
  CHECK(leads(WlanSecurity::owe, onboarding).empty());
  CHECK(leads(WlanSecurity::dpp, quarantine) == "WLAN_SEGMENT_UNFIT");
  CHECK(leads(WlanSecurity::dpp, world.cameras).empty());

  CHECK(world.wlans.list(world.call(), {}, "", 10)->front().name == "away");
  CHECK(world.wlans.list(world.call(), {}, "away", 10)->size() == 1);
  CHECK(world.wlans.list(world.call(), {.site = elsewhere.id}, "", 10)->size() == 1);
  CHECK(world.wlans.list(world.call(), {.segment = world.cameras}, "", 10)->front().name == "hall");

  const auto change_to = [&](const WlanId& id, const std::function<void(Wlan&)>& what) {
    return world.wlans.update(world.change(), id, [&](const Wlan& current) -> Result<Wlan> {
      auto one = current;
      what(one);
      return one;
    });
  };
  CHECK(change_to(other->id, [](Wlan& w) { w.name = "hall"; }).error().reason == "WLAN_EXISTS");
  CHECK(change_to(other->id, [&](Wlan& w) { w.site = world.site; }).error().reason == "WLAN_EXISTS");
  CHECK(change_to(other->id, [&](Wlan& w) { w.segment = onboarding; }).error().reason == "WLAN_SEGMENT_UNFIT");
  CHECK(change_to(other->id, [](Wlan& w) { w.security = WlanSecurity::dpp; }).error().reason == "FIELD_INVALID");
  const auto changed = change_to(other->id, [&](Wlan& w) {
    w.security = WlanSecurity::open;
    w.segment = onboarding;
    w.enabled = false;
  });
  REQUIRE(changed);
  CHECK(changed->version == 2);
  CHECK_FALSE(changed->enabled);
  CHECK(world.events("wlan.updated") == 1);

  // What a WLAN refers to stays.
  const auto agreed = [](const auto&) -> Result<void> { return {}; };
  const auto segment_gone = world.segments.remove(world.change(), world.cameras, agreed);
  REQUIRE_FALSE(segment_gone);
  CHECK(segment_gone.error().reason == "SEGMENT_IN_USE");
  CHECK(segment_gone.error().message.contains("WLAN"));
  const auto site_gone = world.sites.remove(world.change(), elsewhere.id, agreed);
  REQUIRE_FALSE(site_gone);
  CHECK(site_gone.error().reason == "SITE_IN_USE");
  CHECK(site_gone.error().message.contains("WLAN"));
  REQUIRE(world.wlans.remove(world.change(), other->id, agreed));
  REQUIRE(world.sites.remove(world.change(), elsewhere.id, agreed));
  CHECK(world.wlans.get(world.call(), other->id).error().reason == "WLAN_UNKNOWN");
}

TEST_CASE("The catalogue is whole", "[network][app]") { CHECK(catalogue().check()); }
