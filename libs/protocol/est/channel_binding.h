// Proof of possession tied to the TLS connection (RFC 7030 section 3.5): the challenge password of the request is the
// base64 of a channel binding, so that a request cannot be replayed over somebody else's connection.
// TLS 1.2 without resumption: tls-unique (RFC 5929). TLS 1.3: tls-exporter (RFC 9266); tls-unique does not exist there.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "libs/base/bytes.h"

namespace pratique::est {

enum class BindingKind { tls_unique, tls_exporter };
std::string_view to_string(BindingKind kind);  // "tls-unique", "tls-exporter"

struct ChannelBinding {
  BindingKind kind;
  Bytes bytes;
};

/// Base64, no line breaks.
std::string challenge_password(const ChannelBinding& binding);
/// True if the password is the base64 (line breaks and missing padding tolerated) of one of the bindings.
bool matches(std::string_view password, std::span<const ChannelBinding> bindings);

}  // namespace pratique::est
