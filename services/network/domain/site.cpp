#include "services/network/domain/site.h"

#include "services/network/domain/field_check.h"

namespace pratique::network {

Result<void> check_site(const Site& site) {
  TRY_VOID(check_name("site.short_name", site.name, kMaxSiteName));
  return check_display("site.display_name", site.display_name);
}

}  // namespace pratique::network
