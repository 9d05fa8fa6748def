#include "tests/bench/onboarding/floor.h"

#include <openssl/ssl.h>

#include <ctime>
#include <functional>
#include <memory>

#include "libs/base/clock.h"
#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/certificate_handle.h"
#include "libs/crypto/x509/issue.h"

namespace pratique::bench {

namespace {

double thread_cpu() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Party {
  crypto::Certificate certificate;
  crypto::SoftwareKey key;
};

Result<Party> make_party(std::string name, const Party* issuer, Random& random) {
  const Timestamp from = SystemClock().now() - std::chrono::hours(1), until = from + std::chrono::hours(24);
  TRY(auto key, crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  if (!issuer) {
    const auto profile = crypto::CertificateProfile::root_ca({.common_name = std::move(name)}, from, until);
    TRY(auto certificate, crypto::issue_self_signed(profile, key, random));
    return Party{std::move(certificate), std::move(key)};
  }
  const auto profile = crypto::CertificateProfile::tls({.common_name = name}, {.dns = {name}}, from, until);
  TRY(auto certificate,
      crypto::issue_certificate(profile, key.public_key(), issuer->certificate, issuer->key, random));
  return Party{std::move(certificate), std::move(key)};
}

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

Context make_context(const SSL_METHOD* method, const Party& us) {
  Context context(SSL_CTX_new(method), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_use_certificate(context.get(), us.certificate.handle().get());
  SSL_CTX_use_PrivateKey(context.get(), us.key.handle().get());
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // As in libs/net: the chain is recorded; judging it is counted under "verify".
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
  return context;
}

/// One handshake in memory; adds each side's CPU time.
bool shake(SSL_CTX* server_context, SSL_CTX* client_context, double& server_time, double& client_time) {
  const std::unique_ptr<SSL, decltype(&SSL_free)> server(SSL_new(server_context), SSL_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(client_context), SSL_free);
  BIO *server_bio = nullptr, *client_bio = nullptr;
  if (BIO_new_bio_pair(&server_bio, 1 << 16, &client_bio, 1 << 16) != 1) return false;
  SSL_set_bio(server.get(), server_bio, server_bio);
  SSL_set_bio(client.get(), client_bio, client_bio);
  for (int turn = 0; turn < 8 && !(SSL_is_init_finished(server.get()) && SSL_is_init_finished(client.get())); ++turn) {
    const double begin = thread_cpu();
    SSL_connect(client.get());
    const double between = thread_cpu();
    SSL_accept(server.get());
    client_time += between - begin;
    server_time += thread_cpu() - between;
  }
  return SSL_is_init_finished(server.get()) != 0 && SSL_is_init_finished(client.get()) != 0;
}

/// CPU seconds of one call, over about `seconds`.
double time_each(double seconds, const std::function<bool()>& call) {
  const double begin = thread_cpu();
  int calls = 0;
  do {
    if (!call()) return 0;
    ++calls;
  } while (thread_cpu() - begin < seconds);
  return (thread_cpu() - begin) / calls;
}

}  // namespace

Result<Floor> measure_floor(double seconds) {
  crypto::SystemRandom random;
  TRY(const auto root, make_party("floor root", nullptr, random));
  TRY(const auto server, make_party("server.example.com", &root, random));
  TRY(const auto client, make_party("client.example.com", &root, random));
  const auto server_context = make_context(TLS_server_method(), server);
  const auto client_context = make_context(TLS_client_method(), client);

  Floor out;
  int handshakes = 0;
  const double begin = thread_cpu();
  while (thread_cpu() - begin < seconds / 2) {
    if (!shake(server_context.get(), client_context.get(), out.server_handshake, out.client_handshake))
      return internal("BENCH_FLOOR_FAILED", "a TLS handshake in memory did not finish");
    ++handshakes;
  }
  out.server_handshake /= handshakes;
  out.client_handshake /= handshakes;

  const Bytes message(1500, 7);
  TRY(const auto signature, server.key.sign(message));
  out.sign = time_each(seconds / 4, [&] { return server.key.sign(message).has_value(); });
  out.verify = time_each(seconds / 4, [&] { return server.certificate.public_key().verify(message, signature).has_value(); });
  if (out.sign <= 0 || out.verify <= 0) return internal("BENCH_FLOOR_FAILED", "a signature was not made or did not verify");
  return out;
}

}  // namespace pratique::bench
