// Internal to this room: OpenSSL contexts for our identity and mode, and what to read off a connection.
//
// The peer's chain is recorded: the verification callback of recording contexts says yes to everybody, so
// SSL_get_verify_result is meaningless there. Only make_client_context with verification judges.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/net/https_client.h"
#include "libs/net/https_server.h"
#include "libs/net/tls.h"

namespace pratique::net {

inline constexpr long kMaxPeerChainBytes = 32 << 10;  // of a peer's Certificate message

struct SslCtxFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslCtxPtr = std::unique_ptr<SSL_CTX, SslCtxFree>;

Result<SslCtxPtr> make_server_context(const TlsIdentity& identity, ClientCertificate mode, TlsVersions versions);
Result<SslCtxPtr> make_client_context(const HttpsClientOptions& options);

/// What happened on one connection, noted by callbacks; must outlive the SSL.
struct TlsNotes {
  std::string alert_received;               // "unknown CA"; a close_notify is none
  std::string untrusted;                    // why the server's chain was refused, OpenSSL's words
  int untrusted_depth = 0;
  std::string untrusted_subject;
  std::vector<crypto::Certificate> refused;  // the chain that was refused
};
/// Hangs the notes on the connection.
void attach_notes(SSL* ssl, TlsNotes& notes);
/// Sets SNI and, in mode verify_with_anchors, the name and time to verify. Before the handshake.
Result<void> prepare_client(SSL* ssl, const HttpsClientOptions& options);

/// After the handshake; everything but the remote address. UNAUTHENTICATED TLS_CERTIFICATE_UNREADABLE.
enum class TlsSide { server, client };
Result<PeerInfo> read_peer(SSL* ssl, TlsSide side);

}  // namespace pratique::net
