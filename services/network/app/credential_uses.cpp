#include "services/network/app/credential_uses.h"

#include <utility>

#include "services/network/app/catalogue.h"

namespace pratique::network {
namespace {

constexpr int kUsesAtOnce = 100;
constexpr std::chrono::seconds kTellLimit{10};

}  // namespace

void CredentialUses::tell() {
  const auto told = tell_all(pg::within(kTellLimit));
  if (!told && !std::exchange(failing_, true)) log_.write(kUseUntold, told.error());
  if (told) failing_ = false;
}

Result<void> CredentialUses::tell_all(pg::Deadline deadline) {
  TRY(const auto uses, pool_.look(deadline, [](pg::Tx& tx) { return list_uses(tx, kUsesAtOnce); }));
  for (const auto& use : uses) {
    TRY_VOID(registrar_.used(use));
    TRY_VOID(pool_.with(deadline, [&](pg::Tx& tx) { return forget_use(tx, use); }));
  }
  return {};
}

}  // namespace pratique::network
