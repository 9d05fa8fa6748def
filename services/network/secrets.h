// What the service opens before it does anything, and switches' RADIUS secrets: sealed in two forms (docs/adr/0017),
// and opened for the adapter that needs one.
#pragma once

#include <optional>

#include "libs/base/random.h"
#include "libs/crypto/primitives/envelope.h"
#include "services/network/config.h"
#include "services/network/domain/switch.h"

namespace pratique::network {

/// MASTER_KEYS_INVALID and the errors of secret files, naming the file.
Result<crypto::MasterKeys> load_keys(const runtime::SecretFile& file);

class SwitchSecrets {
 public:
  /// `master`: ours alone; `server`: the RADIUS servers' too. `random` outlives it. Thread-safe if its Random is.
  SwitchSecrets(crypto::MasterKeys master, crypto::MasterKeys server, Random& random)
      : own_(std::move(master), random), server_(server, random), server_keys_(std::move(server)), random_(random) {}

  /// INVALID_ARGUMENT FIELD_INVALID: no secret that switches and FreeRADIUS take.
  Result<SwitchSecret> seal(const SwitchId& on_switch, const Secret& secret) const;
  /// The errors of Envelope::open.
  Result<Secret> open(const SwitchId& on_switch, const SwitchSecret& sealed) const;
  /// Both forms under the current keys; none where they are already.
  Result<std::optional<SwitchSecret>> rewrap(const SwitchSecret& sealed) const;

 private:
  crypto::Envelope own_, server_;
  crypto::MasterKeys server_keys_;
  Random& random_;
};

}  // namespace pratique::network
