#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/network/app/port_overview.h"
#include "services/network/app/switches.h"
#include "services/network/storage/sessions.h"
#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

pg::Facts facts_of(const RegisteredPort& p, const Change& change) {
  return {{"switch", p.on_switch.name()},
          {"name", p.name},
          {"display_name", p.display_name},
          {"role", std::string(to_string(p.role))},
          {"fixed_segment", p.fixed_segment.empty() ? "" : p.fixed_segment.name()},
          {"actor", change.actor}};
}

}  // namespace

Result<PortOverview> Ports::create(const Change& change, const RegisteredPort& wanted) {
  TRY_VOID(check_port(wanted));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<PortOverview> {
    TRY(const auto name, pg::once(tx, change, [&]() -> Result<std::string> {
      RegisteredPort p = wanted;
      p.id = PortId::make(clock_, random_);
      p.create_time = p.update_time = clock_.now();
      p.version = 1;
      TRY(const auto inserted, insert_port(tx, p));
      if (!inserted)
        return Error{ErrorCode::already_exists, "PORT_EXISTS",
                     "the switch has another port of this name or NAS-Port-Id"};
      TRY_VOID(append_event(tx, "port.created", p.id.name(), facts_of(p, change)));
      return p.id.name();
    }));
    TRY(const auto id, PortId::parse_name(name));
    return overview_now(tx, id);
  });
}

Result<PortOverview> Ports::get(const Call& call, const PortId& id) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) { return overview_now(tx, id); });
}

Result<std::vector<PortOverview>> Ports::list(const Call& call, const PortFilter& filter, const PortId& after,
                                              int limit) {
  return pool_.read(call.deadline, [&](pg::Tx& tx) -> Result<std::vector<PortOverview>> {
    TRY(auto ports, list_ports(tx, filter, after, limit));
    TRY_VOID(look_ahead(tx, ports));
    return ports;
  });
}

Result<PortOverview> Ports::update(const Change& change, const PortId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<PortOverview> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto before, lock_port(tx, id));
      TRY(const auto wanted, edit(before));
      RegisteredPort p = wanted;
      p.id = before.id;
      p.on_switch = before.on_switch;
      p.create_time = before.create_time;
      p.version = before.version;
      p.update_time = clock_.now();
      TRY_VOID(check_port(p));
      TRY_VOID(update_port(tx, p));
      TRY_VOID(mark_port(tx, id, {}));
      TRY_VOID(append_event(tx, "port.updated", id.name(), facts_of(p, change)));
      return id.name();
    }));
    return overview_now(tx, id);
  });
}

Result<void> Ports::remove(const Change& change, const PortId& id, const Consent& consent) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto p, lock_port(tx, id));
      TRY_VOID(consent(p));
      TRY(const auto sessions, lock_open_sessions_of_port(tx, id));
      if (!sessions.empty()) return failed_precondition("PORT_IN_USE", "somebody is logged on at this port");
      TRY_VOID(delete_port(tx, id));
      TRY_VOID(append_event(tx, "port.deleted", id.name(), facts_of(p, change)));
      return std::string();
    }));
    return {};
  });
}

}  // namespace pratique::network
