#include "tools/pratique/status.h"

#include <fmt/format.h>
#include <pratique/network/v1/session.pb.h>
#include <pratique/network/v1/switch.pb.h>
#include <pratique/onboarding/v1/session.pb.h>
#include <pratique/registrar/v1/approval.pb.h>
#include <pratique/registrar/v1/audit.pb.h>
#include <pratique/registrar/v1/device.pb.h>

#include <algorithm>
#include <map>
#include <optional>

#include "libs/codec/json/value.h"
#include "libs/runtime/build_version.h"
#include "tools/pratique/link/failure.h"
#include "tools/pratique/view.h"

namespace pratique::cli {
namespace {

namespace v1 = pratique::registrar::v1;
namespace network_v1 = pratique::network::v1;
namespace onboarding_v1 = pratique::onboarding::v1;

constexpr std::int64_t kMostCounted = 20'000;  // 20 calls
constexpr std::chrono::days kSoon{30};

struct ReplicaStatus {
  std::string service, address, health, version = {};
  std::optional<Error> error = {};
};

void ask(Context& context, Service service, std::vector<ReplicaStatus>& out) {
  const auto name = std::string(to_string(service));
  const auto& replicas = context.api.addresses(service);
  if (replicas.empty()) out.push_back({name, "", "not configured"});
  for (const auto& replica : replicas) {
    const auto seen = context.api.look_at(service, replica);
    if (seen) out.push_back({name, replica.text(), seen->serves ? "serving" : "not serving", seen->version});
    else out.push_back({name, replica.text(), "unreachable", "", seen.error()});
  }
}

bool any_serves(const std::vector<ReplicaStatus>& replicas, Service service) {
  return std::ranges::any_of(
      replicas, [&](const auto& one) { return one.service == to_string(service) && one.health == "serving"; });
}

// "12", or "20000+" where there are more than we count.
struct Count {
  std::string what;
  std::int64_t number = 0;
  bool more = false;
};
using Counts = std::vector<Count>;

Result<void> count_registrar(Context& context, Counts& out) {
  TRY(const auto devices, list<v1::ListDevicesResponse>(context.api, v1::ListDevicesRequest(), kMostCounted));
  out.push_back({"devices", devices.devices_size(), !devices.next_page_token().empty()});
  std::map<int, std::int64_t> by_state;
  for (const auto& device : devices.devices()) ++by_state[device.state()];
  for (const auto& [state, number] : by_state)
    out.push_back(
        {"devices " + word_of(static_cast<v1::DeviceState>(state)), number, !devices.next_page_token().empty()});
  v1::ListApprovalsRequest waiting;
  waiting.set_state(v1::APPROVAL_STATE_PENDING);
  TRY(const auto approvals, list<v1::ListApprovalsResponse>(context.api, waiting, kMostCounted));
  out.push_back({"approvals pending", approvals.approvals_size(), !approvals.next_page_token().empty()});
  TRY(const auto newest, list<v1::ListAuditEntriesResponse>(context.api, v1::ListAuditEntriesRequest(), 1));
  out.push_back({"audit entries", newest.entries().empty() ? 0 : newest.entries(0).sequence()});
  return {};
}

Result<void> count_onboarding(Context& context, Counts& out) {
  for (const auto state : {onboarding_v1::SESSION_STATE_AWAITING_APPROVAL, onboarding_v1::SESSION_STATE_AWAITING_MASA,
                           onboarding_v1::SESSION_STATE_VOUCHER_ISSUED, onboarding_v1::SESSION_STATE_VOUCHER_ACCEPTED,
                           onboarding_v1::SESSION_STATE_ENROLLED}) {
    onboarding_v1::ListSessionsRequest request;
    request.set_state(state);
    TRY(const auto sessions, list<onboarding_v1::ListSessionsResponse>(context.api, request, kMostCounted));
    if (sessions.sessions_size() > 0)
      out.push_back({"onboarding " + word_of(state), sessions.sessions_size(), !sessions.next_page_token().empty()});
  }
  return {};
}

constexpr std::string_view kTroubled = "switches troubled";

Result<void> count_network(Context& context, Counts& out) {
  TRY(const auto switches,
      list<network_v1::ListSwitchesResponse>(context.api, network_v1::ListSwitchesRequest(), kMostCounted));
  out.push_back({"switches", switches.switches_size(), !switches.next_page_token().empty()});
  const auto troubled = std::ranges::count_if(
      switches.switches(), [](const auto& one) { return !one.disabled() && !one.problem().code().empty(); });
  if (troubled > 0) out.push_back({std::string(kTroubled), troubled, !switches.next_page_token().empty()});
  network_v1::ListPortsRequest with_problem;
  with_problem.set_troubled(true);
  TRY(const auto ports, list<network_v1::ListPortsResponse>(context.api, with_problem, kMostCounted));
  if (!ports.ports().empty())
    out.push_back({"ports troubled", ports.ports_size(), !ports.next_page_token().empty()});
  network_v1::ListSessionsRequest open;
  open.set_open(true);
  TRY(const auto sessions, list<network_v1::ListSessionsResponse>(context.api, open, kMostCounted));
  out.push_back({"sessions open", sessions.sessions_size(), !sessions.next_page_token().empty()});
  return {};
}

json::Value to_json(const std::vector<ReplicaStatus>& replicas, const Counts& counts, const Api::Operator& self) {
  auto all = json::Value::object();
  all.set("clientVersion", runtime::build_version())
      .set("operator", self.text)
      .set("certificateNotAfter", format_rfc3339(self.not_after));
  auto list_of_replicas = json::Value::array();
  for (const auto& replica : replicas) {
    auto one = json::Value::object();
    one.set("service", replica.service).set("address", replica.address).set("health", replica.health);
    one.set("version", replica.version).set("error", replica.error ? replica.error->message : std::string());
    list_of_replicas.push_back(std::move(one));
  }
  auto numbers = json::Value::object();
  for (const auto& count : counts) numbers.set(count.what, count.number);
  all.set("replicas", std::move(list_of_replicas)).set("counts", std::move(numbers));
  return all;
}

void print(Context& context, const std::vector<ReplicaStatus>& replicas, const Counts& counts,
           const Api::Operator& self) {
  auto& console = context.console;
  Table table({{"SERVICE"}, {"ADDRESS"}, {"HEALTH"}, {"VERSION"}});
  for (const auto& replica : replicas)
    table.row({replica.service, replica.address, state_cell(replica.health), replica.version});
  table.print(console);
  for (const auto& replica : replicas)
    if (replica.error) console.line(fmt::format("  {}: {}", replica.service, remedy_of(*replica.error)));
  console.line("");
  const bool soon = self.not_after - context.clock.now() < kSoon;
  Details details;
  details.add("you are", self.text);
  details.add("certificate until", {time_text(self.not_after, context.clock.now()), soon ? Tone::bad : Tone::plain});
  details.add("pratique", std::string(runtime::build_version()));
  std::int64_t pending = 0, troubled = 0;
  for (const auto& count : counts) {
    details.add(count.what, fmt::format("{}{}", count.number, count.more ? "+" : ""));
    if (count.what == "approvals pending") pending = count.number;
    if (count.what == kTroubled) troubled = count.number;
  }
  details.print(console);
  const bool all_well = std::ranges::none_of(
      replicas, [](const auto& one) { return one.health == "unreachable" || one.health == "not serving"; });
  if (!all_well) console.next("look at the logs of what is not serving, then: pratique status");
  else if (troubled > 0) console.next("pratique switches list --troubled");
  else if (pending > 0) console.next("pratique approvals list");
  else
    console.next(soon ? fmt::format("renew your certificate: pratique-pki operator --dir KEYS --name {}",
                                    self.text.substr(self.text.find('/') + 1))
                      : std::string("pratique devices list"));
}

Result<void> status(Context& context, const Arguments&) {
  TRY(const auto self, context.api.self());
  std::vector<ReplicaStatus> replicas;
  for (const auto service : kServices) ask(context, service, replicas);
  Counts counts;
  // Who may ask for the health may lack the role to list: then there is nothing to count.
  if (any_serves(replicas, Service::registrar)) (void)count_registrar(context, counts);
  if (any_serves(replicas, Service::onboarding)) (void)count_onboarding(context, counts);
  if (any_serves(replicas, Service::network)) (void)count_network(context, counts);
  if (context.console.json()) context.console.data(to_json(replicas, counts, self));
  else print(context, replicas, counts, self);
  for (const auto& replica : replicas) {
    if (replica.error) return *replica.error;
    if (replica.health == "not serving")
      return unavailable("SERVICE_NOT_SERVING", fmt::format("{} at {} is up and says that it does not serve",
                                                            replica.service, replica.address))
          .with(kRemedy, "its log and its /readyz tell what it waits for");
  }
  return {};
}

}  // namespace

std::vector<Command> status_commands() {
  return {{.words = "status",
           .help = "how the services are, what waits for people, and who you are to them",
           .run = status}};
}

}  // namespace pratique::cli
