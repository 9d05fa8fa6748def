// The APIs of network as their callers see them: real gRPC over mutual TLS, on a real database.
#include <catch2/catch.hpp>

#include "libs/rpc/mtls_world_test.h"
#include "libs/rpc/timestamp.h"
#include "services/network/api/access.h"
#include "services/network/api/admissions_api.h"
#include "services/network/api/events_api.h"
#include "services/network/api/segments_api.h"
#include "services/network/api/sessions_api.h"
#include "services/network/api/switches_api.h"
#include "services/network/api/wlans_api.h"
#include "services/network/app/network_world_test.h"

using namespace pratique;
using namespace pratique::network;

namespace {

const std::string kViewer = "operator/vera", kOperator = "operator/otto", kAdmin = "operator/ada";
constexpr pg::Statement kAnswered{"test_radius_post_auth", R"(
  SELECT radius_post_auth($1, $2, '', $3, '', $4::inet, 'nas', $5, $6, 'CAM-1', '0a01', 'a1b2'))"};

class FrontDesk {
 public:
  FrontDesk() {
    auto& server = callers.prepare(access());
    server.add<v1::Segments>(std::make_unique<SegmentsApi>(server, tokens, world.segments));
    server.add<v1::Switches>(std::make_unique<SwitchesApi>(
        server, tokens, SwitchesApi::UseCases{world.sites, world.switches, world.ports, diff}));
    server.add<v1::Sessions>(std::make_unique<SessionsApi>(server, tokens, world.sessions, world.attempts));
    server.add<v1::Wlans>(std::make_unique<WlansApi>(server, tokens, world.wlans));
    server.add<v1::Admissions>(std::make_unique<AdmissionsApi>(server, admissions));
    server.add<v1::Events>(std::make_unique<EventsApi>(server, *world.pool));
    callers.open();
  }

  template <typename Request, typename Answer>
  auto segments(const std::string& who,
                grpc::Status (v1::Segments::Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
                const Request& request) {
    return call<v1::Segments>(who, method, request);
  }
  template <typename Request, typename Answer>
  auto switches(const std::string& who,
                grpc::Status (v1::Switches::Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
                const Request& request) {
    return call<v1::Switches>(who, method, request);
  }
  template <typename Request, typename Answer>
  auto sessions(const std::string& who,
                grpc::Status (v1::Sessions::Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
                const Request& request) {
    return call<v1::Sessions>(who, method, request);
  }
  template <typename Request, typename Answer>
  auto wlans(const std::string& who,
             grpc::Status (v1::Wlans::Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
             const Request& request) {
    return call<v1::Wlans>(who, method, request);
  }
  template <typename Request, typename Answer>
  auto admission(const std::string& who,
                 grpc::Status (v1::Admissions::Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
                 const Request& request) {
    return call<v1::Admissions>(who, method, request);
  }

  NetworkWorld world;
  Diff diff{world.surroundings(), world.book};
  Admissions admissions{world.surroundings()};
  rpc::PageTokens tokens{Secret(Bytes(32, 7))};

  rpc::MtlsWorld callers{"network", "pratique.network.v1.Switches"};  // goes first

 private:
  template <typename Service, typename Method, typename Request>
  auto call(const std::string& who, Method method, const Request& request) {
    return callers.call<Service>(who, method, request);
  }
};

using Segments_ = v1::Segments::Stub;
using Switches_ = v1::Switches::Stub;
using Sessions_ = v1::Sessions::Stub;
using Wlans_ = v1::Wlans::Stub;

template <typename T>
std::string reason(const Result<T>& result) {
  return result ? "" : result.error().reason;
}
/// The field that a FIELD_INVALID names.
template <typename T>
std::string field(const Result<T>& result) {
  if (result || result.error().reason != "FIELD_INVALID") return "";
  for (const auto& [name, value] : result.error().evidence)
    if (name == "field") return value;
  return "";
}
template <typename T>
bool denied(const Result<T>& result) {
  return !result && result.error().code == ErrorCode::permission_denied;
}

v1::CreateSegmentRequest segment(const std::string& name, int vlan) {
  v1::CreateSegmentRequest out;
  out.mutable_segment()->set_short_name(name);
  out.mutable_segment()->set_vlan(vlan);
  return out;
}

}  // namespace

TEST_CASE("Segments: an administrator makes them, each once, and a viewer looks", "[network][api]") {
  FrontDesk desk;
  const auto create = [&](const v1::CreateSegmentRequest& request, const std::string& who = kAdmin) {
    return desk.segments(who, &Segments_::CreateSegment, request);
  };
  auto request = segment("doors", 40);
  CHECK(denied(create(request, kViewer)));
  CHECK(denied(create(request, kOperator)));
  CHECK(denied(create(request, "service/registrar")));
  request.set_request_id("0193b0a0-0000-7000-8000-000000000001");
  const auto made = create(request);
  REQUIRE(made);
  CHECK(made->purpose() == v1::SEGMENT_PURPOSE_PRODUCTION);
  CHECK(create(request)->name() == made->name());
  request.mutable_segment()->set_vlan(41);
  CHECK(reason(create(request)) == "REQUEST_ID_REUSED");
  CHECK(reason(create(segment("doors", 42))) == "SEGMENT_EXISTS");
  CHECK(reason(create(segment("gates", 40))) == "SEGMENT_EXISTS");
  CHECK(field(create(segment("gates", 4095))) == "segment.vlan");
  CHECK(field(create(segment("gates", 65'576))) == "segment.vlan");  // 40, had it been cut
  CHECK(field(create(segment("Gates", 43))) == "segment.short_name");
  auto special = segment("gates", 43);
  special.mutable_segment()->set_purpose(v1::SEGMENT_PURPOSE_QUARANTINE);
  CHECK(field(create(special)) == "segment.purpose");
  special.mutable_segment()->set_purpose(static_cast<v1::SegmentPurpose>(9));
  CHECK(field(create(special)) == "segment.purpose");

  v1::GetSegmentRequest get;
  get.set_name(made->name());
  CHECK(desk.segments(kViewer, &Segments_::GetSegment, get)->vlan() == 40);
  get.set_name("segments/" + SegmentId::make(desk.world.clock, desk.world.random).text());
  CHECK(reason(desk.segments(kViewer, &Segments_::GetSegment, get)) == "SEGMENT_UNKNOWN");
  get.set_name("sites/1");
  CHECK(reason(desk.segments(kViewer, &Segments_::GetSegment, get)) == "ID_INVALID");

  v1::ListSegmentsRequest list;
  list.set_page_size(2);
  std::string seen;
  do {
    const auto page = desk.segments(kViewer, &Segments_::ListSegments, list);
    REQUIRE(page);
    for (const auto& one : page->segments()) seen += one.short_name() + " ";
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  CHECK(seen == "cameras doors locks onboarding quarantine ");
  list.set_page_token("AAAA");
  CHECK(reason(desk.segments(kViewer, &Segments_::ListSegments, list)) == "PAGE_TOKEN_INVALID");
}

TEST_CASE("Segments: a change names what it read, and leaves what it does not name", "[network][api]") {
  FrontDesk desk;
  const auto made = desk.segments(kAdmin, &Segments_::CreateSegment, segment("doors", 40));
  REQUIRE(made);
  v1::UpdateSegmentRequest update;
  update.mutable_segment()->set_name(made->name());
  update.mutable_segment()->set_vlan(44);
  update.mutable_segment()->set_etag(made->etag());
  const auto change = [&](const std::string& who = kAdmin) {
    return desk.segments(who, &Segments_::UpdateSegment, update);
  };
  CHECK(denied(change(kOperator)));
  const auto updated = change();
  REQUIRE(updated);
  CHECK(updated->vlan() == 44);
  CHECK(updated->short_name() == "doors");
  CHECK(reason(change()) == "ETAG_MISMATCH");
  update.mutable_segment()->clear_etag();
  update.mutable_segment()->set_vlan(4095);
  CHECK(field(change()) == "segment.vlan");
  update.mutable_update_mask()->add_paths("short_name");
  CHECK(reason(change()) == "UPDATE_MASK_INVALID");

  v1::DeleteSegmentRequest remove;
  remove.set_name(made->name());
  remove.set_etag(made->etag());
  CHECK(denied(desk.segments(kViewer, &Segments_::DeleteSegment, remove)));
  CHECK(reason(desk.segments(kAdmin, &Segments_::DeleteSegment, remove)) == "ETAG_MISMATCH");
  remove.set_etag(updated->etag());
  remove.set_request_id("0193b0a0-0000-7000-8000-000000000002");
  REQUIRE(desk.segments(kAdmin, &Segments_::DeleteSegment, remove));
  REQUIRE(desk.segments(kAdmin, &Segments_::DeleteSegment, remove));  // asked again
  remove.set_request_id("");
  CHECK(reason(desk.segments(kAdmin, &Segments_::DeleteSegment, remove)) == "SEGMENT_UNKNOWN");
}

TEST_CASE("Sites and switches are registered, found and changed; a secret goes in and never out", "[network][api]") {
  FrontDesk desk;
  v1::CreateSiteRequest site;
  site.mutable_site()->set_short_name("aachen");
  CHECK(denied(desk.switches(kOperator, &Switches_::CreateSite, site)));
  const auto there = desk.switches(kAdmin, &Switches_::CreateSite, site);
  REQUIRE(there);
  CHECK(reason(desk.switches(kAdmin, &Switches_::CreateSite, site)) == "SITE_EXISTS");
  site.mutable_site()->set_short_name("");
  CHECK(field(desk.switches(kAdmin, &Switches_::CreateSite, site)) == "site.short_name");
  CHECK(desk.switches(kViewer, &Switches_::ListSites, v1::ListSitesRequest{})->sites_size() == 2);
  v1::UpdateSiteRequest rename;
  rename.mutable_site()->set_name(there->name());
  rename.mutable_site()->set_display_name("Aachen, hall 3");
  rename.mutable_site()->set_etag("old");
  CHECK(reason(desk.switches(kAdmin, &Switches_::UpdateSite, rename)) == "ETAG_MISMATCH");
  rename.mutable_site()->set_etag(there->etag());
  CHECK(desk.switches(kAdmin, &Switches_::UpdateSite, rename)->short_name() == "aachen");
  v1::GetSiteRequest get_site;
  get_site.set_name(there->name());
  CHECK(desk.switches(kViewer, &Switches_::GetSite, get_site)->display_name() == "Aachen, hall 3");

  v1::CreateSwitchRequest request;
  auto& wanted = *request.mutable_network_switch();
  const auto create = [&](const std::string& who = kAdmin) {
    return desk.switches(who, &Switches_::CreateSwitch, request);
  };
  wanted.set_short_name("sw7");
  wanted.set_site(there->name());
  CHECK(field(create()) == "network_switch.kind");
  wanted.set_kind(v1::SWITCH_KIND_RADIUS);
  CHECK(field(create()) == "network_switch.nas_address");
  wanted.set_nas_address("192.0.2.300");
  CHECK(field(create()) == "network_switch.nas_address");
  wanted.set_nas_address("192.0.2.77");
  wanted.set_settings(R"({"color":"red"})");
  CHECK(field(create()) == "network_switch.settings");
  wanted.clear_settings();
  wanted.set_site("aachen");
  CHECK(field(create()) == "network_switch.site");
  wanted.set_site(SiteId::make(desk.world.clock, desk.world.random).name());
  CHECK(reason(create()) == "SITE_UNKNOWN");
  wanted.set_site(there->name());
  CHECK(denied(create(kOperator)));
  const auto made = create();
  REQUIRE(made);
  CHECK(made->settings() == "{}");
  CHECK(made->capabilities_size() == 2);
  CHECK_FALSE(made->has_radius_secret());
  CHECK(reason(create()) == "SWITCH_EXISTS");

  v1::SetRadiusSecretRequest secret;
  secret.set_name(made->name());
  secret.set_radius_secret("short");
  secret.set_request_id("0193b0a0-0000-7000-8000-000000000003");
  const auto set = [&](const std::string& who = kAdmin) {
    return desk.switches(who, &Switches_::SetRadiusSecret, secret);
  };
  CHECK(denied(set(kOperator)));
  CHECK(field(set()) == "radius_secret");
  secret.set_radius_secret("a long enough secret");
  const auto with_secret = set();
  REQUIRE(with_secret);
  CHECK(with_secret->has_radius_secret());
  CHECK(with_secret->DebugString().find("long enough") == std::string::npos);
  CHECK(set()->etag() == with_secret->etag());  // asked again
  secret.set_radius_secret("another long enough secret");
  CHECK(reason(set()) == "REQUEST_ID_REUSED");

  const auto one = desk.world.add_switch("sw1", 0);
  v1::GetSwitchRequest get;
  get.set_name(one.name());
  const auto seen = desk.switches(kViewer, &Switches_::GetSwitch, get);
  REQUIRE(seen);
  CHECK(seen->kind() == v1::SWITCH_KIND_OVS);
  CHECK(std::ranges::find(seen->capabilities(), "set_segment") != seen->capabilities().end());

  v1::ListSwitchesRequest list;
  list.set_page_size(1);
  const auto page = desk.switches(kViewer, &Switches_::ListSwitches, list);
  REQUIRE(page);
  CHECK(page->switches(0).short_name() == "sw1");
  list.set_page_token(page->next_page_token());
  CHECK(desk.switches(kViewer, &Switches_::ListSwitches, list)->switches(0).short_name() == "sw7");
  list.set_kind(v1::SWITCH_KIND_OVS);
  CHECK(reason(desk.switches(kViewer, &Switches_::ListSwitches, list)) == "PAGE_TOKEN_INVALID");
  list.clear_page_token();
  CHECK(desk.switches(kViewer, &Switches_::ListSwitches, list)->next_page_token().empty());
  list.set_site("sites/none");
  CHECK(field(desk.switches(kViewer, &Switches_::ListSwitches, list)) == "site");

  v1::UpdateSwitchRequest update;
  update.mutable_network_switch()->set_name(made->name());
  update.mutable_network_switch()->set_disabled(true);
  update.mutable_network_switch()->set_etag(made->etag());
  CHECK(reason(desk.switches(kAdmin, &Switches_::UpdateSwitch, update)) == "ETAG_MISMATCH");  // of before the secret
  update.mutable_network_switch()->set_etag(with_secret->etag());
  const auto disabled = desk.switches(kAdmin, &Switches_::UpdateSwitch, update);
  REQUIRE(disabled);
  CHECK(disabled->disabled());
  CHECK(disabled->nas_address() == "192.0.2.77");
  update.mutable_network_switch()->clear_etag();
  update.mutable_update_mask()->add_paths("kind");
  CHECK(reason(desk.switches(kAdmin, &Switches_::UpdateSwitch, update)) == "UPDATE_MASK_INVALID");

  v1::DeleteSiteRequest remove_site;
  remove_site.set_name(there->name());
  CHECK(reason(desk.switches(kAdmin, &Switches_::DeleteSite, remove_site)) == "SITE_IN_USE");
  v1::DeleteSwitchRequest remove;
  remove.set_name(made->name());
  CHECK(denied(desk.switches(kOperator, &Switches_::DeleteSwitch, remove)));
  REQUIRE(desk.switches(kAdmin, &Switches_::DeleteSwitch, remove));
  REQUIRE(desk.switches(kAdmin, &Switches_::DeleteSite, remove_site));
  get.set_name(made->name());
  CHECK(reason(desk.switches(kViewer, &Switches_::GetSwitch, get)) == "SWITCH_UNKNOWN");
}

TEST_CASE("Ports are registered, and show what they are to do and what they do", "[network][api]") {
  FrontDesk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 1);
  v1::CreatePortRequest request;
  auto& wanted = *request.mutable_port();
  const auto create = [&](const std::string& who = kAdmin) {
    return desk.switches(who, &Switches_::CreatePort, request);
  };
  wanted.set_network_switch(id.name());
  wanted.set_port_name("p2");
  CHECK(field(create()) == "port.role");
  wanted.set_role(v1::PORT_ROLE_SERVICE);
  CHECK(field(create()) == "port.fixed_segment");
  wanted.set_fixed_segment("cameras");
  CHECK(field(create()) == "port.fixed_segment");
  wanted.set_fixed_segment(world.cameras.name());
  wanted.set_port_name("p 2");
  CHECK(field(create()) == "port.port_name");
  wanted.set_port_name("p2");
  CHECK(denied(create(kOperator)));
  request.set_request_id("0193b0a0-0000-7000-8000-000000000004");
  const auto made = create();
  REQUIRE(made);
  CHECK(create()->name() == made->name());
  CHECK(made->pending());
  CHECK(made->desired().segment() == "cameras");  // though nobody has told the port yet
  request.clear_request_id();
  CHECK(reason(create()) == "PORT_EXISTS");
  wanted.set_network_switch(SwitchId::make(world.clock, world.random).name());
  CHECK(reason(create()) == "PORT_REFERENCE_UNKNOWN");
  wanted.clear_network_switch();
  CHECK(field(create()) == "port.network_switch");

  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  v1::ListPortsRequest list;
  list.set_network_switch(id.name());
  list.set_role(v1::PORT_ROLE_ACCESS);
  const auto listed = desk.switches(kViewer, &Switches_::ListPorts, list);
  REQUIRE(listed);
  REQUIRE(listed->ports_size() == 1);
  const auto& port = listed->ports(0);
  CHECK_FALSE(port.pending());
  CHECK(port.link_up());
  CHECK(port.desired().vlan() == NetworkWorld::kCameras);
  CHECK(port.desired().segment() == "cameras");
  CHECK(port.desired().stations(0).device() == device.name());
  CHECK(port.observed().segment() == "cameras");
  REQUIRE(port.observed().stations_size() == 1);
  CHECK(port.observed().stations(0).mac_address() == NetworkWorld::mac(1).text());
  CHECK(port.observed().stations(0).session() == world.stays().front().id.name());
  CHECK_FALSE(port.observed().onboarding_only());

  list.clear_role();
  list.set_page_size(1);
  const auto first = desk.switches(kViewer, &Switches_::ListPorts, list);
  REQUIRE(first);
  list.set_page_token(first->next_page_token());
  const auto second = desk.switches(kViewer, &Switches_::ListPorts, list);
  REQUIRE(second);
  CHECK(first->ports(0).name() != second->ports(0).name());
  CHECK(second->next_page_token().empty());
  list.set_troubled(true);
  CHECK(reason(desk.switches(kViewer, &Switches_::ListPorts, list)) == "PAGE_TOKEN_INVALID");
  list.clear_page_token();
  REQUIRE(desk.switches(kViewer, &Switches_::ListPorts, list));
  // The switch has no p2.
  CHECK(desk.switches(kViewer, &Switches_::ListPorts, list)->ports(0).problem().code() == "SWITCH_REFUSED");

  v1::UpdatePortRequest update;
  update.mutable_port()->set_name(made->name());
  update.mutable_port()->set_display_name("the join proxy");
  update.mutable_port()->set_etag(made->etag());
  const auto change = [&] { return desk.switches(kAdmin, &Switches_::UpdatePort, update); };
  const auto updated = change();
  REQUIRE(updated);
  CHECK(updated->display_name() == "the join proxy");
  CHECK(updated->fixed_segment() == world.cameras.name());
  CHECK(reason(change()) == "ETAG_MISMATCH");
  update.mutable_port()->clear_etag();
  update.mutable_update_mask()->add_paths("network_switch");
  CHECK(reason(change()) == "UPDATE_MASK_INVALID");

  v1::DeletePortRequest remove;
  remove.set_name(world.port(id, "p1").name());
  CHECK(reason(desk.switches(kAdmin, &Switches_::DeletePort, remove)) == "PORT_IN_USE");
  remove.set_name(made->name());
  remove.set_etag(made->etag());
  CHECK(reason(desk.switches(kAdmin, &Switches_::DeletePort, remove)) == "ETAG_MISMATCH");
  remove.clear_etag();
  REQUIRE(desk.switches(kAdmin, &Switches_::DeletePort, remove));
  v1::GetPortRequest get;
  get.set_name(made->name());
  CHECK(reason(desk.switches(kViewer, &Switches_::GetPort, get)) == "PORT_UNKNOWN");
}

TEST_CASE("A viewer sees in what a switch differs; an operator has it read anew", "[network][api]") {
  FrontDesk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 1);
  world.settle();
  world.at(id).ports["p1"].vlan = 7;
  world.at(id).ports["p9"] = {.port = "p9"};
  world.at(id).ports["br0"] = {.port = "br0", .foreign = {"a rule for all"}, .own = true};
  v1::DiffSwitchRequest request;
  request.set_name(id.name());
  const auto diff = [&] { return desk.switches(kViewer, &Switches_::DiffSwitch, request); };
  const auto seen = diff();
  REQUIRE(seen);
  REQUIRE(seen->ports_size() == 1);
  CHECK(seen->ports(0).port().port_name() == "p1");
  CHECK(seen->ports(0).port().desired().segment() == "onboarding");
  CHECK(seen->ports(0).differences(0).what() == "vlan");
  CHECK(seen->ports(0).differences(0).desired() == "4001");
  CHECK(seen->ports(0).differences(0).observed() == "7");
  REQUIRE(seen->undeclared_ports_size() == 1);
  CHECK(seen->undeclared_ports(0) == "p9");
  CHECK(seen->foreign(0) == "a rule for all");
  CHECK(seen->ports_observed());

  v1::ObserveSwitchRequest observe;
  observe.set_name(id.name());
  observe.set_request_id("0193b0a0-0000-7000-8000-000000000005");
  CHECK(denied(desk.switches(kViewer, &Switches_::ObserveSwitch, observe)));
  REQUIRE(desk.switches(kOperator, &Switches_::ObserveSwitch, observe));
  CHECK(world.settle() == 1);
  CHECK(diff()->ports_size() == 0);
  REQUIRE(desk.switches(kOperator, &Switches_::ObserveSwitch, observe));  // asked again
  CHECK(world.settle() == 0);

  world.at(id).away = true;
  CHECK(reason(diff()) == "SWITCH_UNREACHABLE");
  request.set_name(SwitchId::make(world.clock, world.random).name());
  CHECK(reason(diff()) == "SWITCH_UNKNOWN");
  observe.set_name(request.name());
  observe.clear_request_id();
  CHECK(reason(desk.switches(kOperator, &Switches_::ObserveSwitch, observe)) == "SWITCH_UNKNOWN");
}

TEST_CASE("Who was where when; an operator logs a device off", "[network][api]") {
  FrontDesk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 2);
  const auto device = world.admit("0a01");
  const auto other = world.admit("0a02");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.clock.advance(1h);
  const auto between = world.clock.now();
  world.clock.advance(1h);
  world.log_on(id, "p2", NetworkWorld::mac(2), "0a02");
  world.settle();

  const auto list = [&](const v1::ListSessionsRequest& request) {
    return desk.sessions(kViewer, &Sessions_::ListSessions, request);
  };
  const auto listed = [&](const v1::ListSessionsRequest& request) {
    std::string out;
    const auto found = list(request);
    REQUIRE(found);
    for (const auto& one : found->sessions()) out += one.port_name() + " ";
    return out;
  };
  CHECK(listed({}) == "p2 p1 ");
  v1::ListSessionsRequest request;
  request.set_device(device.name());
  CHECK(listed(request) == "p1 ");
  request.Clear();
  request.set_mac_address("02-00-00-00-00-02");
  CHECK(listed(request) == "p2 ");
  request.Clear();
  request.set_port(world.port(id, "p1").name());
  CHECK(listed(request) == "p1 ");
  request.Clear();
  request.set_network_switch(id.name());
  *request.mutable_at_time() = rpc::write_time(between);
  CHECK(listed(request) == "p1 ");
  request.Clear();
  request.set_mac_address("no such");
  CHECK(field(list(request)) == "mac_address");
  request.Clear();
  request.set_port("p1");
  CHECK(field(list(request)) == "port");
  request.Clear();
  request.set_page_size(1);
  const auto page = list(request);
  REQUIRE(page);
  request.set_page_token(page->next_page_token());
  CHECK(listed(request) == "p1 ");
  request.set_open(true);
  CHECK(reason(list(request)) == "PAGE_TOKEN_INVALID");

  v1::EndSessionRequest end;
  end.set_name(world.stays({.device = device}).front().id.name());
  end.set_reason("it is to be cleaned");
  end.set_request_id("0193b0a0-0000-7000-8000-000000000006");
  CHECK(denied(desk.sessions(kViewer, &Sessions_::EndSession, end)));
  const auto ending = desk.sessions(kOperator, &Sessions_::EndSession, end);
  REQUIRE(ending);
  CHECK(ending->state() == v1::SESSION_STATE_LIVE);
  CHECK(ending->end_reason().code() == "PORT_ENDED_BY_OPERATOR");
  CHECK(ending->end_reason().message() == "ended by operator/otto: it is to be cleaned");
  CHECK_FALSE(ending->end_reason().remedy().empty());
  REQUIRE(desk.sessions(kOperator, &Sessions_::EndSession, end));  // asked again
  world.settle();
  CHECK(world.at(id).count("end p1") == 1);
  v1::GetSessionRequest get;
  get.set_name(end.name());
  const auto over = desk.sessions(kViewer, &Sessions_::GetSession, get);
  REQUIRE(over);
  CHECK(over->state() == v1::SESSION_STATE_ENDED);
  CHECK(over->has_end_time());
  request.Clear();
  request.set_open(true);
  CHECK(listed(request) == "p2 ");

  end.set_reason("another");
  CHECK(reason(desk.sessions(kOperator, &Sessions_::EndSession, end)) == "REQUEST_ID_REUSED");
  end.clear_request_id();
  end.set_name(SessionId::make(world.clock, world.random).name());
  CHECK(reason(desk.sessions(kOperator, &Sessions_::EndSession, end)) == "SESSION_UNKNOWN");
  get.set_name(other.name());
  CHECK(reason(desk.sessions(kViewer, &Sessions_::GetSession, get)) == "ID_INVALID");
}

TEST_CASE("Who knocked at a port, and why he was refused", "[network][api]") {
  FrontDesk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 1);
  const auto device = world.admit("0a01");
  const auto answer = [&](const std::string& verdict, const std::string& code, std::uint8_t mac) {
    REQUIRE(world.with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(tx.run(kAnswered, verdict, code, device.text(), "192.0.2.1", "p1", NetworkWorld::mac(mac).text()));
      return {};
    }));
  };
  answer("accept", "", 1);
  answer("reject", "PORT_CERTIFICATE_ENDED", 1);
  answer("reject", "PORT_CERTIFICATE_ENDED", 1);
  const auto list = [&](const v1::ListAttemptsRequest& request) {
    return desk.sessions(kViewer, &Sessions_::ListAttempts, request);
  };
  v1::ListAttemptsRequest request;
  request.set_device(device.name());
  request.set_page_size(1);
  const auto page = list(request);
  REQUIRE(page);
  REQUIRE(page->attempts_size() == 1);
  const auto& refused = page->attempts(0);
  CHECK(refused.verdict() == v1::ATTEMPT_VERDICT_REFUSED);
  CHECK(refused.reason().code() == "PORT_CERTIFICATE_ENDED");
  CHECK_FALSE(refused.reason().cause().empty());
  CHECK_FALSE(refused.reason().remedy().empty());
  CHECK(refused.times() == 2);
  CHECK(refused.port() == world.port(id, "p1").name());
  CHECK(refused.network_switch() == id.name());
  CHECK(refused.mac_address() == NetworkWorld::mac(1).text());
  request.set_page_token(page->next_page_token());
  const auto rest = list(request);
  REQUIRE(rest);
  REQUIRE(rest->attempts_size() == 1);
  CHECK(rest->attempts(0).verdict() == v1::ATTEMPT_VERDICT_ACCEPTED);
  CHECK_FALSE(rest->attempts(0).has_reason());
  CHECK(rest->next_page_token().empty());
  request.set_verdict(v1::ATTEMPT_VERDICT_REFUSED);
  CHECK(reason(list(request)) == "PAGE_TOKEN_INVALID");
  request.clear_page_token();
  CHECK(list(request)->attempts_size() == 1);
  request.set_verdict(static_cast<v1::AttemptVerdict>(7));
  CHECK(field(list(request)) == "verdict");
  request.Clear();
  request.mutable_start_time()->set_nanos(-1);
  CHECK(reason(list(request)) == "TIMESTAMP_INVALID");
  request.Clear();
  request.set_network_switch("sw1");
  CHECK(field(list(request)) == "network_switch");
}

TEST_CASE("WLANs: an administrator makes and changes them, with any SSID; a viewer looks", "[network][api]") {
  FrontDesk desk;
  auto& world = desk.world;
  v1::CreateWlanRequest request;
  auto& wanted = *request.mutable_wlan();
  const auto create = [&](const std::string& who = kAdmin) { return desk.wlans(who, &Wlans_::CreateWlan, request); };
  wanted.set_short_name("hall");
  wanted.set_site("berlin");
  CHECK(field(create()) == "wlan.site");
  wanted.clear_site();
  wanted.set_security(v1::WLAN_SECURITY_WPA3_ENTERPRISE);
  CHECK(field(create()) == "wlan.site");
  wanted.set_site(world.site.name());
  CHECK(field(create()) == "wlan.ssid");
  wanted.set_ssid(std::string(33, 'a'));
  CHECK(field(create()) == "wlan.ssid");
  const std::string octets("Hall\0\xff", 6);
  wanted.set_ssid(octets);
  wanted.set_security(v1::WLAN_SECURITY_UNSPECIFIED);
  CHECK(field(create()) == "wlan.security");
  wanted.set_security(static_cast<v1::WlanSecurity>(9));
  CHECK(field(create()) == "wlan.security");
  wanted.set_security(v1::WLAN_SECURITY_DPP);
  CHECK(field(create()) == "wlan.segment");
  wanted.set_segment("cameras");
  CHECK(field(create()) == "wlan.segment");
  wanted.set_segment(world.segment("onboarding").name());
  CHECK(reason(create()) == "WLAN_SEGMENT_UNFIT");
  wanted.set_segment(world.cameras.name());
  CHECK(denied(create(kViewer)));
  CHECK(denied(create(kOperator)));
  CHECK(denied(create("service/registrar")));
  request.set_request_id("0193b0a0-0000-7000-8000-000000000007");
  const auto made = create();
  REQUIRE(made);
  CHECK(made->ssid() == octets);
  CHECK(made->ssid_text() == "Hall\\x00\\xff");
  CHECK_FALSE(made->disabled());
  CHECK(create()->name() == made->name());
  wanted.set_display_name("another");
  CHECK(reason(create()) == "REQUEST_ID_REUSED");
  request.clear_request_id();
  CHECK(reason(create()) == "WLAN_EXISTS");
  wanted.set_short_name("yard");
  wanted.set_ssid("Yard");
  REQUIRE(create());

  v1::ListWlansRequest list;
  list.set_page_size(1);
  const auto page = desk.wlans(kViewer, &Wlans_::ListWlans, list);
  REQUIRE(page);
  CHECK(page->wlans(0).short_name() == "hall");
  list.set_page_token(page->next_page_token());
  const auto rest = desk.wlans(kViewer, &Wlans_::ListWlans, list);
  REQUIRE(rest);
  CHECK(rest->wlans(0).short_name() == "yard");
  CHECK(rest->next_page_token().empty());
  list.set_segment(world.cameras.name());
  CHECK(reason(desk.wlans(kViewer, &Wlans_::ListWlans, list)) == "PAGE_TOKEN_INVALID");
  list.set_site("sites/none");
  CHECK(field(desk.wlans(kViewer, &Wlans_::ListWlans, list)) == "site");

  v1::UpdateWlanRequest update;
  auto& edited = *update.mutable_wlan();
  const auto change = [&](const std::string& who = kAdmin) { return desk.wlans(who, &Wlans_::UpdateWlan, update); };
  edited.set_name(made->name());
  edited.set_security(v1::WLAN_SECURITY_WPA3_ENTERPRISE_192);
  edited.set_disabled(true);
  edited.set_etag(made->etag());
  for (const auto* path : {"security", "disabled", "segment"}) update.mutable_update_mask()->add_paths(path);
  CHECK(denied(change(kOperator)));
  const auto changed = change();
  REQUIRE(changed);
  CHECK(changed->ssid() == octets);
  CHECK(changed->disabled());
  CHECK(changed->segment().empty());  // named and unset: each device goes where RADIUS says
  CHECK(reason(change()) == "ETAG_MISMATCH");
  edited.clear_etag();
  update.mutable_update_mask()->add_paths("ssid_text");
  CHECK(reason(change()) == "UPDATE_MASK_INVALID");

  v1::DeleteWlanRequest remove;
  remove.set_name(made->name());
  remove.set_etag(made->etag());
  CHECK(denied(desk.wlans(kOperator, &Wlans_::DeleteWlan, remove)));
  CHECK(reason(desk.wlans(kAdmin, &Wlans_::DeleteWlan, remove)) == "ETAG_MISMATCH");
  remove.set_etag(changed->etag());
  REQUIRE(desk.wlans(kAdmin, &Wlans_::DeleteWlan, remove));
  v1::GetWlanRequest get;
  get.set_name(made->name());
  CHECK(reason(desk.wlans(kViewer, &Wlans_::GetWlan, get)) == "WLAN_UNKNOWN");
}

TEST_CASE("One call says what a device may do, what it does, and why", "[network][api]") {
  FrontDesk desk;
  auto& world = desk.world;
  const auto id = world.add_switch("sw1", 1);
  const auto device = world.admit("0a01");
  world.log_on(id, "p1", NetworkWorld::mac(1), "0a01");
  world.settle();
  v1::GetDeviceAdmissionRequest request;
  const auto get = [&](const std::string& who = kViewer) {
    return desk.admission(who, &v1::Admissions::Stub::GetDeviceAdmission, request);
  };
  request.set_device("CAM-1");
  CHECK(reason(get()) == "ID_INVALID");
  request.set_device(DeviceId::make(world.clock, world.random).name());
  CHECK(reason(get()) == "DEVICE_UNKNOWN");
  request.set_device(device.name());
  CHECK(denied(get("service/registrar")));
  const auto on = get();
  REQUIRE(on);
  CHECK(on->device() == device.name());
  CHECK(on->serial_number() == "CAM-1");
  CHECK(on->desired().standing() == v1::DEVICE_STANDING_ADMITTED);
  CHECK(on->desired().segment() == "cameras");
  CHECK(on->desired().vlan() == NetworkWorld::kCameras);
  CHECK_FALSE(on->desired().has_reason());
  REQUIRE(on->desired().certificates_size() == 1);
  CHECK(on->desired().certificates(0).certificate_serial() == "0a01");
  REQUIRE(on->places_size() == 1);
  CHECK(on->places(0).state() == v1::PLACE_STATE_IN_PLACE);
  CHECK(on->places(0).session().state() == v1::SESSION_STATE_LIVE);
  CHECK(on->places(0).port().observed().stations(0).device() == device.name());
  CHECK_FALSE(on->places(0).has_reason());

  world.say(world.device_event(device, "retired", ""));
  const auto ending = get();
  REQUIRE(ending);
  CHECK(ending->desired().standing() == v1::DEVICE_STANDING_EXCLUDED);
  CHECK(ending->desired().vlan() == 0);
  CHECK(ending->desired().reason().code() == "PORT_DEVICE_EXCLUDED");
  CHECK_FALSE(ending->desired().reason().remedy().empty());
  CHECK(ending->desired().reason().evidence().at("device") == device.name());
  CHECK(ending->places(0).state() == v1::PLACE_STATE_CHANGING);
  CHECK(ending->places(0).reason().code() == "PORT_DEVICE_EXCLUDED");
  world.settle();
  const auto over = get();
  REQUIRE(over);
  CHECK(over->places_size() == 0);
  CHECK(over->last_session().end_reason().code() == "PORT_DEVICE_EXCLUDED");
}

TEST_CASE("Events are followed by services and people", "[network][api]") {
  FrontDesk desk;
  REQUIRE(desk.segments(kAdmin, &Segments_::CreateSegment, segment("doors", 40)));
  const auto follow = [&](const std::string& who) {
    auto& peer = desk.callers.as(who);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    v1::WatchEventsRequest request;
    request.add_types("segment.created");
    const auto stub = v1::Events::NewStub(peer.channel());
    const auto reader = stub->WatchEvents(&context, request);
    pratique::common::v1::Event event;
    std::string last;
    while (last != "doors" && reader->Read(&event)) last = event.facts().at("name");
    context.TryCancel();
    (void)reader->Finish();
    return last;
  };
  CHECK(follow("service/registrar") == "doors");
  CHECK(follow(kViewer) == "doors");
}
