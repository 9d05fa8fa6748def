// Any certificate can be read out, chained and compared.
#include <array>

#include "libs/crypto/keys/key_policy.h"
#include "libs/crypto/x509/certificate.h"
#include "libs/crypto/x509/chain.h"
#include "libs/crypto/x509/oids.h"
#include "libs/protocol/est/enroll_client.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {
namespace {

void read_out(const crypto::Certificate& certificate) {
  (void)certificate.subject();
  (void)certificate.issuer();
  (void)certificate.subject_serial_number();
  (void)certificate.common_name();
  (void)certificate.not_before();
  (void)certificate.not_after();
  (void)certificate.subject_alt_names();
  (void)certificate.has_eku(crypto::oid::kCmcRa);
  (void)certificate.key_usage();
  (void)certificate.path_len();
  (void)certificate.masa_url();
  (void)certificate.mud_url();
  (void)certificate.crl_urls();
  (void)certificate.ocsp_urls();
  (void)certificate.authority_key_id_extension(&certificate);
  (void)crypto::judge_key(certificate.public_key());
  (void)voucher::make_idevid_issuer(certificate);
  require(certificate.serial_hex().size() % 2 == 0, "a serial number is of whole bytes");
  require(!certificate.is_self_issued() || certificate.subject_der() == certificate.issuer_der(), "self-issued by DER");
  const auto from_pem = crypto::Certificate::parse_pem(certificate.pem());
  require(from_pem && *from_pem == certificate, "PEM round trip");
  const auto wish = est::renew_wish(certificate);
  require(wish.subject_der == certificate.subject_der(), "renewal repeats the subject");
}

}  // namespace

void fuzz_certificate(ByteView input) {
  if (const auto bundle = crypto::Certificate::parse_pem_bundle(as_text(input))) {
    require(!bundle->empty() && bundle->size() <= crypto::kMaxCertificatesInBundle, "a bundle's limits");
    for (const auto& one : *bundle) read_out(one);
  }
  const auto certificate = crypto::Certificate::parse_der(input);
  if (!certificate) return;
  require(certificate->der() == to_bytes(input), "the whole input is the certificate");
  read_out(*certificate);

  const auto& world = test::brski_world();
  crypto::ChainOptions options(world.now);
  options.purpose = crypto::Purpose::tls_client;
  const std::array self = {*certificate};
  const std::array anchors = {world.maker_ca.certificate, world.owner_ca.certificate};
  (void)crypto::verify_chain(*certificate, self, self, options);
  require(!crypto::verify_chain(*certificate, self, anchors, crypto::ChainOptions::ignoring_time()).accepted(),
          "no input is signed by keys that live in this process alone");
}

}  // namespace pratique::fuzz
