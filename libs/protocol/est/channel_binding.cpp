#include "libs/protocol/est/channel_binding.h"

#include "libs/base/base64.h"

namespace pratique::est {

std::string_view to_string(BindingKind kind) {
  return kind == BindingKind::tls_unique ? "tls-unique" : "tls-exporter";
}

std::string challenge_password(const ChannelBinding& binding) { return base64_encode(binding.bytes); }

bool matches(std::string_view password, std::span<const ChannelBinding> bindings) {
  const auto bytes = base64_decode_lenient(password);
  if (!bytes || bytes->empty()) return false;
  bool found = false;
  for (const auto& binding : bindings) found = equal_constant_time(*bytes, binding.bytes) || found;
  return found;
}

}  // namespace pratique::est
