// The network program beside a registrar: what it must do without any switch.
#include "tests/integration/network/running_network_test.h"

using namespace pratique;
namespace v1 = pratique::network::v1;

namespace {

/// The network service runs, with a switch registered that nobody need reach: RADIUS servers ask about it.
struct Site : NetworkSite {
  explicit Site(bool running = true) {
    if (!running) return;
    start_network();
    v1::CreateSiteRequest site;
    site.mutable_site()->set_short_name("hall-1");
    v1::CreateSwitchRequest request;
    auto& one = *request.mutable_network_switch();
    one.set_site(of_network<v1::Switches>(&v1::Switches::Stub::CreateSite, site).name());
    one.set_short_name("sw1");
    one.set_kind(v1::SWITCH_KIND_RADIUS);
    one.set_settings("{}");
    one.set_nas_address(kNas);
    network_switch = of_network<v1::Switches>(&v1::Switches::Stub::CreateSwitch, request).name();
    v1::CreateSegmentRequest segment;
    segment.mutable_segment()->set_short_name("production");
    segment.mutable_segment()->set_vlan(42);
    of_network<v1::Segments>(&v1::Segments::Stub::CreateSegment, segment);
    v1::CreatePortRequest access;
    access.mutable_port()->set_network_switch(network_switch);
    access.mutable_port()->set_port_name("p1");
    access.mutable_port()->set_role(v1::PORT_ROLE_ACCESS);
    of_network<v1::Switches>(&v1::Switches::Stub::CreatePort, access);
  }
  /// What the network service heard of the device.
  std::string standing(const Onboarded& who) const {
    return database.query("SELECT standing FROM network.grant_ WHERE device = '" +
                          who.device.substr(who.device.find('/') + 1) + "'");
  }

  std::string network_switch;
};

}  // namespace

TEST_CASE("network: whom the registrar lets in, RADIUS servers let in, until it does not") {
  Site site;
  const auto lamp = site.onboard("LAMP-1", "production"), other = site.onboard("LAMP-2", "production");
  CHECK(until([&] { return site.radius_says(lamp) == "accept"; }));
  CHECK(until([&] { return site.radius_says(other) == "accept"; }));
  CHECK(site.radius_says(lamp, "192.0.2.99") == "PORT_SWITCH_UNKNOWN");
  site.revoke(lamp);
  CHECK(until([&] { return site.radius_says(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(site.radius_says(other) == "accept");

  site.quarantine(other);
  CHECK(until([&] { return site.standing(other) == "quarantined"; }));
  CHECK(site.radius_says(other) == "accept");  // into the quarantine segment
}

TEST_CASE("network: a quarantined device's first logon with its renewed certificate ends the one before") {
  Site site;
  const auto old = site.onboard("LAMP-1", "production");
  const auto renewed = site.renew(old);
  site.quarantine(old);
  const auto accepts = [&](const Onboarded& one) { return site.radius_says(one) == "accept"; };
  CHECK(until([&] { return site.standing(old) == "quarantined" && accepts(old) && accepts(renewed); }));
  const auto in_force = [&] {
    return site.database.query("SELECT string_agg(certificate_serial, ' ') FROM registrar.credential "
                               "WHERE state IN ('active', 'successor')");
  };
  SECTION("held back") {
    site.log_on(renewed, "p1", "00:d0:e5:f2:00:02", "4002");
    CHECK(until([&] { return in_force() == renewed.serial; }));
    CHECK(until([&] { return site.radius_says(old) == "PORT_CERTIFICATE_ENDED"; }));
    CHECK(site.standing(old) == "quarantined");
    CHECK(accepts(renewed));
    site.release(old);
  }
  SECTION("released before it logs on") {
    site.release(old);
    CHECK(until([&] { return site.standing(old) == "admitted"; }));
    CHECK(in_force().contains(' '));
    site.log_on(renewed, "p1", "00:d0:e5:f2:00:02", "42");
    CHECK(until([&] { return in_force() == renewed.serial; }));
    CHECK(until([&] { return site.radius_says(old) == "PORT_CERTIFICATE_ENDED"; }));
  }
  CHECK(until([&] { return site.standing(old) == "admitted"; }));
  CHECK(accepts(renewed));
}

TEST_CASE("network: what happened at the registrar while it was away is known after a kill") {
  Site site;
  const auto lamp = site.onboard("LAMP-1", "production");
  CHECK(until([&] { return site.radius_says(lamp) == "accept"; }));
  site.kill_network();
  site.revoke(lamp);
  const auto later = site.onboard("LAMP-2", "production");
  CHECK(site.radius_says(lamp) == "accept");
  site.start_network();
  CHECK(until([&] { return site.radius_says(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(until([&] { return site.radius_says(later) == "accept"; }));
}

TEST_CASE("network: it goes on when the registrar comes back, and lists anew where its events are no longer kept") {
  Site site;
  const auto lamp = site.onboard("LAMP-1", "production"), other = site.onboard("LAMP-2", "production");
  CHECK(until([&] { return site.radius_says(lamp) == "accept" && site.radius_says(other) == "accept"; }));
  site.kill_registrar();
  CHECK(site.radius_says(lamp) == "accept");
  SECTION("the events are there") {
    site.start();
    site.revoke(lamp);
  }
  SECTION("the events are gone") {
    site.kill_network();
    site.start();
    site.revoke(lamp);
    site.database.execute(
        "DELETE FROM registrar.outbox; UPDATE registrar.outbox_head SET trimmed_through = sequence");
    site.start_network();
  }
  CHECK(until([&] { return site.radius_says(lamp) == "PORT_CERTIFICATE_ENDED"; }));
  CHECK(site.radius_says(other) == "accept");
  const auto third = site.onboard("LAMP-3", "production");
  CHECK(until([&] { return site.radius_says(third) == "accept"; }));
}

TEST_CASE("network: it goes on when the database comes back") {
  support::TestCluster cluster;
  NetworkSite site(cluster);
  site.start_network();
  const auto lamp = site.onboard("LAMP-1", "production");
  const auto live = [&] { return site.database.query("SELECT live FROM network.credential"); };
  CHECK(until([&] { return live() == "t"; }));
  cluster.kill_server();
  cluster.start_server();
  // The registrar's pool finds out, too: asked until it answers.
  const auto& ada = site.as("operators/ada");
  const auto stub = registrar::v1::Credentials::NewStub(ada.channel());
  registrar::v1::RevokeCredentialRequest request;
  request.set_name(lamp.credential);
  request.set_reason("stolen");
  CHECK(until([&] {
    (void)ada.call(*stub, &registrar::v1::Credentials::Stub::RevokeCredential, request);
    return live() == "f";
  }));
}

TEST_CASE("network: a switch's secret is kept sealed, and wrapped anew by command") {
  Site site;
  v1::SetRadiusSecretRequest request;
  request.set_name(site.network_switch);
  request.set_radius_secret("correct-horse-battery");
  CHECK(site.of_network<v1::Switches>(&v1::Switches::Stub::SetRadiusSecret, request).has_radius_secret());
  const auto stored = [&] {
    return site.database.query("SELECT radius_secret || radius_secret_for_server FROM network.switch");
  };
  const auto before = stored();
  CHECK(before.size() > 100);
  CHECK_FALSE(before.contains(hex_encode(as_bytes("correct-horse-battery"))));
  const auto& peer = site.network();
  const auto stub = v1::Switches::NewStub(peer.channel());
  request.set_radius_secret("with a space in it");
  CHECK(peer.call(*stub, &v1::Switches::Stub::SetRadiusSecret, request).error().reason == "FIELD_INVALID");

  std::string heard;
  CHECK(site.run_network({"--rewrap"}, heard) == 0);
  CHECK(heard.contains("wrapped 0 of 1"));
  const auto file = site.keys() / "secrets/radius.keys";
  std::ifstream in(file);
  const std::string old{std::istreambuf_iterator<char>(in), {}};
  const auto line = crypto::MasterKeys::make_line("second", site.random);
  std::ofstream(file) << as_text(line->reveal()) << old;
  CHECK(site.run_network({"--rewrap"}, heard) == 0);
  CHECK(heard.contains("wrapped 1 of 1"));
  CHECK(stored() != before);
  CHECK(site.run_network({"--rewrap"}, heard) == 0);
  CHECK(heard.contains("wrapped 0 of 1"));
}

TEST_CASE("network: settings of a switch that its adapter does not know are refused before anything is written") {
  Site site;
  const auto& peer = site.network();
  const auto stub = v1::Switches::NewStub(peer.channel());
  v1::GetSwitchRequest which;
  which.set_name(site.network_switch);
  v1::UpdateSwitchRequest request;
  *request.mutable_network_switch() = site.of_network<v1::Switches>(&v1::Switches::Stub::GetSwitch, which);
  request.mutable_network_switch()->set_settings(R"({"colour": "red"})");
  request.mutable_update_mask()->add_paths("settings");
  const auto refused = peer.call(*stub, &v1::Switches::Stub::UpdateSwitch, request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "FIELD_INVALID");
  CHECK(refused.error().message.contains("colour"));
  request.mutable_network_switch()->set_settings(R"({"change_by": "disconnect"})");
  CHECK(peer.call(*stub, &v1::Switches::Stub::UpdateSwitch, request));
}

TEST_CASE("network: its configuration is checked without being run, and names what is wrong") {
  NetworkSite site;
  std::string heard;
  CHECK(site.run_network({"--check-config"}, heard) == 0);
  SECTION("an unknown setting") {
    site.write_network_config(1, "colour: red\n");
    CHECK(site.run_network({"--check-config"}, heard) == 1);
    CHECK(heard.contains("colour"));
  }
  SECTION("a time that leaves no room for a call") {
    site.write_network_config(1, "retention: {sessions: 1h}\nsessions: {accept_limit: soon}\n");
    CHECK(site.run_network({"--check-config"}, heard) == 1);
    CHECK(heard.contains("retention.sessions"));
    CHECK(heard.contains("sessions.accept_limit"));
  }
  SECTION("a secret that others may read") {
    std::filesystem::permissions(site.keys() / "secrets/radius.keys", std::filesystem::perms(0644));
    CHECK(site.run_network({"--check-config"}, heard) == 1);
    CHECK(heard.contains("radius.keys"));
  }
}

TEST_CASE("network: the schema is migrated by command, and the program tells what it says") {
  NetworkSite site;
  std::string heard;
  CHECK(site.run_network({"--migrate"}, heard) == 0);
  CHECK(heard.contains("applied 0001_network"));
  CHECK(site.run_network({"--migrate"}, heard) == 0);
  CHECK_FALSE(heard.contains("applied"));
  CHECK(site.run_network({"--print-catalogue"}, heard) == 0);
  CHECK(heard.contains("switch_adapter_failed"));
}
