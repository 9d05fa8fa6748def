#include "libs/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/x509/certificate_handle.h"

namespace pratique::net {

struct TlsIdentity::Parts {
  std::vector<crypto::Certificate> chain;
  crypto::EvpPkeyPtr key;
};

namespace {

// Forward secrecy and authenticated encryption only (RFC 9325 section 4.2); names for TLS 1.2.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AESCCM:!aNULL";
constexpr std::string_view kExporterLabel = "EXPORTER-Channel-Binding";  // RFC 9266 section 2
constexpr std::size_t kExporterBytes = 32;

Error identity_error(std::string_view what) {
  return crypto::openssl_error(ErrorCode::invalid_argument, "TLS_IDENTITY_INVALID", what);
}

int accept_any_chain(X509_STORE_CTX*, void*) { return 1; }

int notes_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}
TlsNotes* notes_of(const SSL* ssl) { return static_cast<TlsNotes*>(SSL_get_ex_data(ssl, notes_index())); }

// OpenSSL 3.0 has no words for these.
std::string alert_name(int value) {
  switch (value & 0xff) {
    case TLS13_AD_CERTIFICATE_REQUIRED: return "certificate required";
    case TLS13_AD_MISSING_EXTENSION: return "missing extension";
    case SSL_AD_NO_APPLICATION_PROTOCOL: return "no application protocol";
    default: return SSL_alert_desc_string_long(value);
  }
}

void note_alert(const SSL* ssl, int where, int value) {
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  const bool close_notify = (value & 0xff) == SSL_AD_CLOSE_NOTIFY;
  if (auto* notes = notes_of(ssl); notes != nullptr && !close_notify)
    notes->alert_received = alert_name(value);
}

// Called for each finding of OpenSSL's verification; keeps the first one and the chain that was judged.
int note_verdict(int ok, X509_STORE_CTX* store) {
  if (ok == 1) return 1;
  const auto* ssl =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* notes = notes_of(ssl);
  if (notes == nullptr || !notes->untrusted.empty()) return 0;
  notes->untrusted = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
  notes->untrusted_depth = X509_STORE_CTX_get_error_depth(store);
  if (auto chain = crypto::certificates_of(X509_STORE_CTX_get0_untrusted(store))) notes->refused = *std::move(chain);
  if (X509* current = X509_STORE_CTX_get_current_cert(store); current != nullptr) {
    X509_up_ref(current);
    if (auto certificate = crypto::Certificate::from_handle({crypto::X509Ptr(current)}))
      notes->untrusted_subject = certificate->subject();
  }
  return 0;
}

Result<void> use_identity(SSL_CTX* context, const TlsIdentity& identity) {
  const auto& parts = identity.parts();
  if (SSL_CTX_use_certificate(context, parts.chain.front().handle().get()) != 1)
    return identity_error("TLS cannot use the certificate");
  for (std::size_t i = 1; i < parts.chain.size(); ++i)
    if (SSL_CTX_add1_chain_cert(context, parts.chain[i].handle().get()) != 1)
      return identity_error("TLS cannot use a certificate of the chain");
  if (SSL_CTX_use_PrivateKey(context, parts.key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return identity_error("TLS cannot use the private key with this certificate");
  return {};
}

Result<SslCtxPtr> make_context(const SSL_METHOD* method, TlsVersions versions) {
  SslCtxPtr owner(SSL_CTX_new(method));
  SSL_CTX* context = owner.get();
  if (context == nullptr) return crypto::openssl_failed("cannot make a TLS context");
  const int lowest = versions == TlsVersions::tls13_only ? TLS1_3_VERSION : TLS1_2_VERSION;
  const int highest = versions == TlsVersions::tls12_only ? TLS1_2_VERSION : TLS1_3_VERSION;
  if (SSL_CTX_set_min_proto_version(context, lowest) != 1 || SSL_CTX_set_max_proto_version(context, highest) != 1 ||
      SSL_CTX_set_cipher_list(context, kTls12Ciphers) != 1)
    return crypto::openssl_failed("cannot set TLS versions and ciphers");
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // Send the chain that we were given, never one that OpenSSL puts together from the anchors.
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_cert_list(context, kMaxPeerChainBytes);
  SSL_CTX_set_info_callback(context, note_alert);
  return owner;
}

Result<void> use_anchors(SSL_CTX* context, const HttpsClientOptions& options) {
  if (options.anchors.empty() && !options.system_anchors)
    return invalid("CLIENT_CONFIG_INVALID", "verification of the server needs anchors");
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const auto& anchor : options.anchors)
    if (X509_STORE_add_cert(store, anchor.handle().get()) != 1) return crypto::openssl_failed("cannot use an anchor");
  if (options.system_anchors && SSL_CTX_set_default_verify_paths(context) != 1)
    return crypto::openssl_failed("cannot load the machine's trust store");
  // An intermediate or end-entity certificate may be an anchor too (RFC 5280 section 6.1.1 (d)).
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return {};
}

bool is_ip_literal(const std::string& host) {
  const crypto::OpensslPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> address(a2i_IPADDRESS(host.c_str()));
  ERR_clear_error();
  return address != nullptr;
}

Bytes tls_unique(const SSL* ssl, TlsSide side) {
  // The first Finished message of a full handshake is the client's (RFC 5929 section 3.1).
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> finished{};
  const auto size = side == TlsSide::server ? SSL_get_peer_finished(ssl, finished.data(), finished.size())
                                            : SSL_get_finished(ssl, finished.data(), finished.size());
  return Bytes(finished.begin(), finished.begin() + static_cast<std::ptrdiff_t>(std::min(size, finished.size())));
}

Result<Bytes> tls_exporter(SSL* ssl) {
  Bytes out(kExporterBytes);
  if (SSL_export_keying_material(ssl, out.data(), out.size(), kExporterLabel.data(), kExporterLabel.size(), nullptr, 0,
                                 1) != 1)
    return crypto::openssl_failed("cannot export the channel binding");
  return out;
}

}  // namespace

Result<TlsIdentity> TlsIdentity::make(std::vector<crypto::Certificate> chain, const crypto::Signer& key) {
  if (chain.empty()) return invalid("TLS_IDENTITY_INVALID", "the certificate chain is empty");
  if (!(chain.front().public_key() == key.public_key()))
    return invalid("TLS_IDENTITY_INVALID", "the private key is not that of the certificate " + chain.front().subject());
  EVP_PKEY* handle = key.handle().get();
  EVP_PKEY_up_ref(handle);
  auto parts = std::make_shared<Parts>(Parts{.chain = std::move(chain), .key = crypto::EvpPkeyPtr(handle)});
  TlsIdentity identity(std::move(parts));
  TRY(const auto trial, make_context(TLS_method(), TlsVersions::tls12_and_tls13));
  TRY_VOID(use_identity(trial.get(), identity));
  return identity;
}

const std::vector<crypto::Certificate>& TlsIdentity::chain() const { return parts_->chain; }

std::string_view PeerInfo::channel_binding_type() const {
  if (!encrypted()) return "";
  return tls_version == "TLSv1.2" ? "tls-unique" : "tls-exporter";
}

Result<SslCtxPtr> make_server_context(const TlsIdentity& identity, ClientCertificate mode, TlsVersions versions) {
  TRY(auto owner, make_context(TLS_server_method(), versions));
  SSL_CTX* context = owner.get();
  TRY_VOID(use_identity(context, identity));
  int flags = SSL_VERIFY_NONE;
  if (mode != ClientCertificate::none) flags = SSL_VERIFY_PEER;
  if (mode == ClientCertificate::required) flags |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(context, flags, nullptr);
  SSL_CTX_set_cert_verify_callback(context, accept_any_chain, nullptr);
  return owner;
}

Result<SslCtxPtr> make_client_context(const HttpsClientOptions& options) {
  TRY(auto owner, make_context(TLS_client_method(), options.versions));
  SSL_CTX* context = owner.get();
  if (options.identity) TRY_VOID(use_identity(context, *options.identity));
  if (options.verification == ServerVerification::record_only) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, accept_any_chain, nullptr);
  } else {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, note_verdict);
    TRY_VOID(use_anchors(context, options));
  }
  return owner;
}

void attach_notes(SSL* ssl, TlsNotes& notes) { SSL_set_ex_data(ssl, notes_index(), &notes); }

Result<void> prepare_client(SSL* ssl, const HttpsClientOptions& options) {
  const bool verify = options.verification == ServerVerification::verify_with_anchors;
  if (!verify && !options.verify_name) return {};
  auto name = options.verify_name.value_or(options.server.host);
  name = name.substr(0, name.find('%'));
  const bool literal = is_ip_literal(name);
  if (!literal && SSL_set_tlsext_host_name(ssl, name.c_str()) != 1)
    return crypto::openssl_failed("cannot send the server's name");
  if (!verify) return {};
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const int set = literal ? X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str())
                          : X509_VERIFY_PARAM_set1_host(param, name.data(), name.size());
  if (set != 1) return crypto::openssl_failed("cannot verify the server's name");
  if (options.verification_time)
    X509_VERIFY_PARAM_set_time(
        param, std::chrono::floor<std::chrono::seconds>(*options.verification_time).time_since_epoch().count());
  return {};
}

Result<PeerInfo> read_peer(SSL* ssl, TlsSide side) {
  PeerInfo peer;
  if (X509* leaf = SSL_get1_peer_certificate(ssl); leaf != nullptr) {
    TRY(auto certificate, crypto::Certificate::from_handle({crypto::X509Ptr(leaf)})
                              .with_context("the peer's certificate"));
    peer.chain.push_back(std::move(certificate));
    // The server's list lacks the leaf, the client's begins with it.
    TRY(auto rest, crypto::certificates_of(SSL_get_peer_cert_chain(ssl)).with_context("the peer's chain"));
    const std::size_t skip = side == TlsSide::client ? 1 : 0;
    for (std::size_t i = skip; i < rest.size(); ++i) peer.chain.push_back(std::move(rest[i]));
  }
  peer.tls_version = SSL_get_version(ssl);
  peer.cipher = SSL_get_cipher_name(ssl);
  if (const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name); name != nullptr) peer.server_name = name;
  if (SSL_version(ssl) == TLS1_2_VERSION) {
    peer.channel_binding = tls_unique(ssl, side);
  } else {
    TRY(peer.channel_binding, tls_exporter(ssl));
  }
  return peer;
}

}  // namespace pratique::net
