// What TLS knows: who we are on a connection, and who the other side says it is.
//
// The TLS layer of this room *records* the peer's chain; it does not judge it (the app layer does, with
// reasons), except for a client that is told to verify its server. What it does prove is that the peer
// holds the private key of the leaf it showed.
//
// Always: TLS 1.2 or 1.3, no session tickets, no session cache, no renegotiation, no compression. So every
// connection shows its certificates, and tls-unique is never that of a resumed session (RFC 5929 section 3).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/crypto/keys/signer.h"
#include "libs/crypto/x509/certificate.h"

namespace pratique::net {

/// A certificate chain, leaf first, and the leaf's private key. Cheap to copy: parts are shared.
class TlsIdentity {
 public:
  /// INVALID_ARGUMENT TLS_IDENTITY_INVALID where the chain is empty, the key is not the leaf's, or TLS cannot use
  /// it. The root may be left out of the chain. Takes what it needs of the key: `key` may go afterwards.
  static Result<TlsIdentity> make(std::vector<crypto::Certificate> chain, const crypto::Signer& key);

  const std::vector<crypto::Certificate>& chain() const;
  const crypto::Certificate& leaf() const { return chain().front(); }

  /// This room's own: what the OpenSSL context is filled from.
  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  explicit TlsIdentity(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const Parts> parts_;
};

/// One end's view of an established connection.
struct PeerInfo {
  std::vector<crypto::Certificate> chain;  // as the peer sent it, leaf first; empty: it showed none. Not judged.
  std::string tls_version;                 // "TLSv1.2", "TLSv1.3"; "" on plain HTTP
  std::string cipher;                      // OpenSSL's name
  std::string server_name;                 // SNI, as the client sent it; may be ""
  Bytes channel_binding;                   // see channel_binding_type; equal at both ends of the same connection
  std::string remote;                      // "192.0.2.7:49152"
  std::string remote_address;              // the same without the port, to key limits by
  bool encrypted() const { return !tls_version.empty(); }
  /// "tls-unique" (RFC 5929, TLS 1.2) or "tls-exporter" (RFC 9266, TLS 1.3); "" on plain HTTP.
  std::string_view channel_binding_type() const;
  /// The certificate whose key the peer has proven to hold, or nullptr.
  const crypto::Certificate* leaf() const { return chain.empty() ? nullptr : &chain.front(); }
};

enum class TlsVersions { tls12_and_tls13, tls12_only, tls13_only };

}  // namespace pratique::net
