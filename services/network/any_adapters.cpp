#include "services/network/any_adapters.h"

#include "services/network/storage/switches.h"

namespace pratique::network {

Result<std::shared_ptr<SwitchAdapter>> AnyAdapters::find(const SwitchId& on_switch) {
  if (auto kept = kept_.find(on_switch)) return kept;
  SwitchRecord record;  // without authenticators: who is on is the keeper's to know
  TRY_VOID(pool_.read(pg::within(std::chrono::seconds(5)), [&](pg::Tx& tx) -> Result<void> {
    TRY(record.on_switch, get_switch(tx, on_switch));
    TRY(record.secret, load_switch_secret(tx, on_switch));
    return {};
  }));
  TRY(auto made, make_(record));
  return std::shared_ptr<SwitchAdapter>(std::move(made));
}

}  // namespace pratique::network
