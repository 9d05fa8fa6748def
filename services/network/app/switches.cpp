#include "services/network/app/switches.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/network/domain/field_check.h"
#include "services/network/storage/work.h"

namespace pratique::network {
namespace {

pg::Facts facts_of(const Switch& s, const Change& change) {
  return {{"name", s.name},
          {"display_name", s.display_name},
          {"site", s.site.name()},
          {"kind", std::string(to_string(s.kind))},
          {"nas_address", s.nas_address ? s.nas_address->text() : ""},
          {"enabled", s.enabled ? "true" : "false"},
          {"actor", change.actor}};
}

}  // namespace

Result<Switch> Switches::create(const Change& change, const Switch& wanted) {
  TRY_VOID(check_switch(wanted));
  TRY_VOID(check_(wanted.kind, wanted.settings));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Switch> {
    TRY(const auto name, pg::once(tx, change, [&]() -> Result<std::string> {
      Switch s = wanted;
      s.id = SwitchId::make(clock_, random_);
      s.create_time = s.update_time = clock_.now();
      s.version = 1;
      TRY(const auto inserted, insert_switch(tx, s));
      if (!inserted)
        return Error{ErrorCode::already_exists, "SWITCH_EXISTS", "another switch has this name or this NAS address"};
      TRY_VOID(append_event(tx, "switch.created", s.id.name(), facts_of(s, change)));
      return s.id.name();
    }));
    TRY(const auto id, SwitchId::parse_name(name));
    return get_switch(tx, id);
  });
}

Result<Switch> Switches::get(const Call& call, const SwitchId& id) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return get_switch(tx, id); });
}

Result<std::vector<Switch>> Switches::list(const Call& call, const SwitchFilter& filter, std::string_view after,
                                           int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_switches(tx, filter, after, limit); });
}

Result<Switch> Switches::update(const Change& change, const SwitchId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Switch> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto before, lock_switch(tx, id));
      TRY(const auto wanted, edit(before));
      Switch s = before;
      s.site = wanted.site;
      s.name = wanted.name;
      s.display_name = wanted.display_name;
      s.settings = wanted.settings;
      s.nas_address = wanted.nas_address;
      s.nas_identifier = wanted.nas_identifier;
      s.enabled = wanted.enabled;
      s.update_time = clock_.now();
      TRY_VOID(check_switch(s));
      TRY_VOID(check_(s.kind, s.settings));
      TRY_VOID(update_switch(tx, s));
      if (s.enabled && (!before.enabled || s.settings != before.settings)) TRY_VOID(want_observation(tx, id));
      TRY_VOID(append_event(tx, "switch.updated", id.name(), facts_of(s, change)));
      return id.name();
    }));
    return get_switch(tx, id);
  });
}

Result<void> Switches::remove(const Change& change, const SwitchId& id, const Consent& consent) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto s, lock_switch(tx, id));
      TRY_VOID(consent(s));
      TRY_VOID(delete_switch(tx, id));
      TRY_VOID(append_event(tx, "switch.deleted", id.name(), facts_of(s, change)));
      return std::string();
    }));
    return {};
  });
}

Result<Switch> Switches::set_secret(const Change& change, const SwitchId& id, const Secret& secret) {
  if (secret.size() < kMinRadiusSecret || secret.size() > kMaxRadiusSecret)
    return field_invalid("radius_secret", "must have from " + std::to_string(kMinRadiusSecret) + " to " +
                                       std::to_string(kMaxRadiusSecret) + " bytes");
  TRY(const auto sealed, seal_(id, secret));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Switch> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(auto s, lock_switch(tx, id));
      s.update_time = clock_.now();
      TRY_VOID(set_switch_secret(tx, id, sealed));
      TRY_VOID(update_switch(tx, s));
      TRY_VOID(append_event(tx, "switch.secret_changed", id.name(), {{"name", s.name}, {"actor", change.actor}}));
      return id.name();
    }));
    return get_switch(tx, id);
  });
}

Result<Switch> Switches::observe(const Change& change, const SwitchId& id) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Switch> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY_VOID(get_switch(tx, id));
      TRY_VOID(want_observation(tx, id));
      return id.name();
    }));
    return get_switch(tx, id);
  });
}

}  // namespace pratique::network
