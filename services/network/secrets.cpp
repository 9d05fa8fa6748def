#include "services/network/secrets.h"

#include "libs/protocol/radius/server_secret/server_secret.h"
#include "services/network/domain/field_check.h"

namespace pratique::network {
namespace {

Bytes own_context(const SwitchId& id) {
  return crypto::envelope_context({"network.switch", "radius_secret", id.text()});
}

/// True if it was wrapped anew.
Result<bool> rewrap_one(const crypto::Envelope& envelope, Bytes& sealed) {
  if (sealed.empty()) return false;
  TRY(const auto key, crypto::Envelope::key_id_of(sealed));
  if (key == envelope.current_key_id()) return false;
  TRY(sealed, envelope.rewrap(sealed));
  return true;
}

}  // namespace

Result<crypto::MasterKeys> load_keys(const runtime::SecretFile& file) {
  TRY(const auto text, file.load());
  return crypto::MasterKeys::parse(text).with_context(file.path.string());
}

Result<SwitchSecret> SwitchSecrets::seal(const SwitchId& on_switch, const Secret& secret) const {
  SwitchSecret out;
  auto for_server = radius::seal_server_secret(server_keys_, on_switch.text(), secret, random_);
  if (!for_server && for_server.error().reason == "RADIUS_SECRET_UNUSABLE")
    return field_invalid("radius_secret", for_server.error().message);
  TRY(out.for_server, std::move(for_server));
  TRY(out.sealed, own_.seal(secret, own_context(on_switch)));
  return out;
}

Result<Secret> SwitchSecrets::open(const SwitchId& on_switch, const SwitchSecret& sealed) const {
  return own_.open(sealed.sealed, own_context(on_switch));
}

Result<std::optional<SwitchSecret>> SwitchSecrets::rewrap(const SwitchSecret& sealed) const {
  SwitchSecret out = sealed;
  TRY(const bool own, rewrap_one(own_, out.sealed));
  TRY(const bool server, rewrap_one(server_, out.for_server));
  return own || server ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace pratique::network
