// The shared secret of a switch, as it stands in the registry for the RADIUS server (docs/adr/0017): an envelope
// (libs/crypto/primitives/envelope.h) under keys that the service and the RADIUS server have, and the database never
// sees. It is bound to its switch: another switch's secret in its place does not open.
#pragma once

#include <string_view>

#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/secret.h"
#include "libs/crypto/primitives/envelope.h"

namespace pratique::radius {

/// FreeRADIUS takes a secret as text.
inline constexpr std::size_t kMinServerSecret = 16, kMaxServerSecret = 128;

/// What the envelope of one switch is bound to; `switch_id` is a UUID in lower case.
Bytes server_secret_context(std::string_view switch_id);

/// INVALID_ARGUMENT RADIUS_SECRET_UNUSABLE: shorter or longer than the bounds, or not printable ASCII without spaces.
Result<Bytes> seal_server_secret(const crypto::MasterKeys& keys, std::string_view switch_id, const Secret& secret,
                                 Random& random);
/// Errors as of Envelope::open.
Result<Secret> open_server_secret(const crypto::MasterKeys& keys, std::string_view switch_id, ByteView sealed,
                                  Random& random);

}  // namespace pratique::radius
