#include "services/network/app/sites.h"

#include "libs/pg/events.h"
#include "libs/pg/once.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

pg::Facts facts_of(const Site& s, const Change& change) {
  return {{"name", s.name}, {"display_name", s.display_name}, {"actor", change.actor}};
}

Error exists(const Site& s) {
  return {ErrorCode::already_exists, "SITE_EXISTS", "there is a site '" + s.name + "'"};
}

}  // namespace

Result<Site> Sites::create(const Change& change, const Site& wanted) {
  TRY_VOID(check_site(wanted));
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Site> {
    TRY(const auto name, pg::once(tx, change, [&]() -> Result<std::string> {
      const Timestamp now = clock_.now();
      const Site s{SiteId::make(clock_, random_), wanted.name, wanted.display_name, now, now, 1};
      TRY(const auto inserted, insert_site(tx, s));
      if (!inserted) return exists(s);
      TRY_VOID(append_event(tx, "site.created", s.id.name(), facts_of(s, change)));
      return s.id.name();
    }));
    TRY(const auto id, SiteId::parse_name(name));
    return get_site(tx, id);
  });
}

Result<Site> Sites::get(const Call& call, const SiteId& id) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return get_site(tx, id); });
}

Result<std::vector<Site>> Sites::list(const Call& call, std::string_view after, int limit) {
  return pool_.look(call.deadline, [&](pg::Tx& tx) { return list_sites(tx, after, limit); });
}

Result<Site> Sites::update(const Change& change, const SiteId& id, const Edit& edit) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<Site> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(auto s, lock_site(tx, id));
      TRY(const auto wanted, edit(s));
      s.name = wanted.name;
      s.display_name = wanted.display_name;
      s.update_time = clock_.now();
      TRY_VOID(check_site(s));
      TRY_VOID(update_site(tx, s));
      TRY_VOID(append_event(tx, "site.updated", id.name(), facts_of(s, change)));
      return id.name();
    }));
    return get_site(tx, id);
  });
}

Result<void> Sites::remove(const Change& change, const SiteId& id, const Consent& consent) {
  return pool_.with(change.deadline, [&](pg::Tx& tx) -> Result<void> {
    TRY_VOID(pg::once(tx, change, [&]() -> Result<std::string> {
      TRY(const auto s, lock_site(tx, id));
      TRY_VOID(consent(s));
      TRY_VOID(delete_site(tx, id));
      TRY_VOID(append_event(tx, "site.deleted", id.name(), facts_of(s, change)));
      return std::string();
    }));
    return {};
  });
}

}  // namespace pratique::network
