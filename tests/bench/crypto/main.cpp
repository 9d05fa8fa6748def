// Measures libs/crypto and what BRSKI makes of it, beside a bare P-256 signature check and a bare signature of OpenSSL
// in the same run.
//
// usage: bench_crypto [SECONDS]          of each figure; 0.5 where not given
// Lines on standard output: "FIGURE RATIO MICROSECONDS": the ratio is to the bare check, for what signs to the bare
// signature.
#include <openssl/evp.h>

#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "libs/base/hex.h"
#include "libs/crypto/cms/signed_data.h"
#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/revocation/crl_build.h"
#include "libs/crypto/revocation/crl_verdict.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/crypto/revocation/ocsp_verdict.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/csr.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/registrar.h"
#include "tests/bench/crypto/stopwatch.h"
#include "tests/support/brski_world.h"

using namespace pratique;
using namespace pratique::bench;
using test::must;

namespace {

constexpr int kRounds = 5;

struct Bench {
  double seconds = 0.5;
  double verify = 0, sign = 0;

  double time(const std::function<void()>& call) const { return time_each(seconds / kRounds, kRounds, call); }
  void checks(std::string_view figure, const std::function<void()>& call) const { say(figure, time(call), verify); }
  void signs(std::string_view figure, const std::function<void()>& call) const { say(figure, time(call), sign); }
  static void say(std::string_view figure, double value, double unit) {
    std::cout << fmt::format("{} {:.3f} {:.1f}\n", figure, value / unit, value * 1e6) << std::flush;
  }
};

void require(bool good) {
  if (!good) throw std::runtime_error("an operation that is measured did not succeed");
}

void measure_bare(Bench& bench, const crypto::SoftwareKey& key, ByteView message) {
  const Bytes digest = crypto::sha256(message);
  const crypto::EvpPkeyCtxPtr signing(EVP_PKEY_CTX_new(key.handle().get(), nullptr));
  const crypto::EvpPkeyCtxPtr verifying(EVP_PKEY_CTX_new(key.public_key().handle().get(), nullptr));
  require(EVP_PKEY_sign_init(signing.get()) == 1 && EVP_PKEY_verify_init(verifying.get()) == 1);
  Bytes signature(128);
  std::size_t size = 0;
  bench.sign = bench.time([&] {
    size = signature.size();
    require(EVP_PKEY_sign(signing.get(), signature.data(), &size, digest.data(), digest.size()) == 1);
  });
  bench.verify = bench.time([&] {
    require(EVP_PKEY_verify(verifying.get(), signature.data(), size, digest.data(), digest.size()) == 1);
  });
  Bench::say("bare_verify", bench.verify, bench.verify);
  Bench::say("bare_sign", bench.sign, bench.sign);
}

void measure_certificates(const Bench& bench, test::BrskiWorld& world, Random& random) {
  // More than the process remembers, so that each is read anew.
  constexpr std::size_t kFresh = 1500;
  const auto profile =
      crypto::CertificateProfile::idevid({.serial_number = "00-D0-E5-F2-00-02"}, world.from, "masa.example.com");
  std::vector<Bytes> fresh;
  while (fresh.size() < kFresh)
    fresh.push_back(must(crypto::issue_certificate(profile, world.device.key.public_key(), world.maker_ca.certificate,
                                                   world.maker_ca.key, random))
                        .der());
  std::size_t next = 0;
  bench.checks("certificate_fresh",
               [&] { require(crypto::Certificate::parse_der(fresh[next++ % kFresh]).has_value()); });
  bench.checks("certificate_known",
               [&] { require(crypto::Certificate::parse_der(world.device.certificate.der()).has_value()); });
  const auto anchors = world.maker_anchors();
  bench.checks("chain", [&] {
    require(crypto::verify_chain(world.device.certificate, {}, anchors, crypto::ChainOptions(world.now)).accepted());
  });
  bench.signs("issue", [&] {
    require(crypto::issue_certificate(profile, world.device.key.public_key(), world.maker_ca.certificate,
                                      world.maker_ca.key, random)
                .has_value());
  });
}

void measure_requests(const Bench& bench, test::BrskiWorld& world) {
  const auto csr = must(crypto::make_csr({.subject = {.common_name = "device"}}, world.device.key));
  bench.checks("csr_parse", [&] { require(crypto::Csr::parse_der(csr.der()).has_value()); });
  bench.checks("csr_verify", [&] { require(csr.verify().has_value()); });
  bench.signs("csr_make",
              [&] { require(crypto::make_csr({.subject = {.common_name = "device"}}, world.device.key).has_value()); });
}

void measure_brski(const Bench& bench, test::BrskiWorld& world, Random& random) {
  using namespace brski;
  constexpr auto kStrict = voucher::WireProfile::strict;
  const std::vector<crypto::Certificate> client{world.device.certificate};
  const std::vector<crypto::Certificate> ours{world.registrar.certificate, world.replica.certificate};
  const std::vector<crypto::Certificate> extra{world.owner_ca.certificate};
  const auto anchors = world.maker_anchors();
  const auto make = [&] {
    return build_pledge_request({world.device.certificate, world.device.key}, world.registrar.certificate, random,
                                world.now);
  };
  const auto request = must(make());
  const auto cms = must(crypto::cms::SignedData::parse(request.body));
  const auto judged = judge_pledge_request(request.body, client, ours, kStrict, world.now);
  require(judged.verdict.accepted());
  bench.checks("cms_parse", [&] { require(crypto::cms::SignedData::parse(request.body).has_value()); });
  bench.checks("cms_verify", [&] { require(cms.verify_signature().accepted()); });
  bench.checks("pledge_request_judge", [&] {
    require(judge_pledge_request(request.body, client, ours, kStrict, world.now).verdict.accepted());
  });
  bench.signs("pledge_request_build", [&] { require(make().has_value()); });
  bench.signs("registrar_request_build", [&] {
    require(build_registrar_request(*judged.facts, {world.registrar.certificate, world.registrar.key}, extra, anchors,
                                    kStrict, world.now)
                .has_value());
  });
}

void measure_crls(const Bench& bench, test::BrskiWorld& world, Random& random) {
  const auto& ca = world.owner_ca;
  std::vector<crypto::CrlEntry> entries;
  for (int i = 0; i < 50'000; ++i)
    entries.push_back({hex_encode(crypto::make_serial(random)), {world.now, crypto::RevocationReason::superseded}});
  const crypto::CrlProfile profile{.this_update = world.now, .next_update = world.until};
  const auto build = [&] { return crypto::build_crl(profile, entries, ca.certificate, ca.key); };
  const auto der = must(build());
  const auto crl = must(crypto::Crl::parse_der(der));
  bench.signs("crl_50000_build", [&] { require(build().has_value()); });
  bench.checks("crl_50000_parse", [&] { require(crypto::Crl::parse_der(der).has_value()); });
  bench.checks("crl_50000_verify", [&] { require(crypto::verify_crl(crl, ca.certificate, world.now).accepted()); });
  std::size_t next = 0;
  bench.checks("crl_50000_find", [&] { require(crl.find(entries[next++ % entries.size()].serial_hex).has_value()); });
}

void measure_ocsp(const Bench& bench, test::BrskiWorld& world) {
  namespace ocsp = crypto::ocsp;
  const auto& ca = world.owner_ca;
  const auto appointed = world.issue(
      crypto::CertificateProfile::ocsp_responder({.common_name = "OCSP"}, world.from, world.until), ca);
  const ocsp::Responder responder{ca.certificate, appointed.certificate, &appointed.key};
  const auto id = ocsp::CertId::of(world.registrar.certificate, ca.certificate);
  const ocsp::SingleResponse single{id, ocsp::CertificateState::good, {}, world.now, world.until};
  const auto request = must(ocsp::encode_request(std::span(&id, 1)));
  const auto answer = [&] { return ocsp::build_response(responder, std::span(&single, 1), world.now); };
  const auto response = must(ocsp::parse_response(must(answer())));
  bench.checks("ocsp_request_parse", [&] { require(ocsp::parse_request(request).has_value()); });
  bench.signs("ocsp_answer", [&] { require(answer().has_value()); });
  bench.checks("ocsp_verify", [&] {
    require(ocsp::verify_response(response, {.id = id, .issuer = ca.certificate, .now = world.now}).accepted());
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    auto& world = test::brski_world();
    crypto::SystemRandom random;
    Bench bench;
    if (argc > 1) bench.seconds = std::max(0.05, std::atof(argv[1]));
    measure_bare(bench, world.device.key, world.device.certificate.der());
    bench.signs("key_generate",
                [] { require(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256).has_value()); });
    measure_certificates(bench, world, random);
    measure_requests(bench, world);
    measure_brski(bench, world, random);
    measure_crls(bench, world, random);
    measure_ocsp(bench, world);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_crypto: " << error.what() << "\n";
    return 1;
  }
}
