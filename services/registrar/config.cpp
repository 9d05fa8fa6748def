#include "services/registrar/config.h"

#include "libs/runtime/config_reader.h"

namespace pratique::registrar {

void read(runtime::ConfigReader& in, AuthorityConfig& out) {
  in.required("certificates", out.certificates);
  in.required("key", out.key);
  in.required("key_passphrase", out.key_passphrase);
}

void read(runtime::ConfigReader& in, CredentialProfile& out) {
  in.optional("validity", out.validity);
  std::vector<std::string> kinds;
  in.optional("key_types", kinds);
  if (in.has("key_types")) out.key_types.clear();
  for (const auto& text : kinds) {
    if (const auto kind = parse_credential_key(text)) out.key_types.push_back(*kind);
    else in.refuse("key_types", "knows no '" + text + "': P-256, P-384, P-521, RSA-2048, RSA-3072, RSA-4096, Ed25519");
  }
  in.optional("organization", out.organization);
  in.optional("common_name", out.common_name);
  in.optional("san_dns", out.san_dns);
  in.optional("san_uri", out.san_uri);
  if (const auto checked = check_profile(out); !checked) in.refuse("", checked.error().message);
}

void read(runtime::ConfigReader& in, RetentionConfig& out) {
  in.optional("events", out.events);
  in.optional("request_ids", out.request_ids);
  const auto history = [&in](std::string_view key, std::chrono::hours& keep) {
    in.optional(key, keep);
    if (keep != std::chrono::hours::zero() && keep < kLeastRetention)
      in.refuse(key, "is shorter than a day; 0h keeps for ever");
  };
  history("strangers", out.strangers);
  history("onboardings", out.onboardings);
  history("credentials", out.credentials);
  history("retired_devices", out.retired_devices);
}

void read(runtime::ConfigReader& in, Config& out) {
  in.section("process", out.process);
  in.required_section("database", out.database);
  in.required("master_keys", out.master_keys);
  in.required("page_token_key", out.page_token_key);
  in.required_section("rpc", out.rpc);
  in.required_section("authority", out.authority);
  in.table("credential_profiles", out.credential_profiles);
  in.section("retention", out.retention);
  in.section("revocation", out.revocation);
}

}  // namespace pratique::registrar
