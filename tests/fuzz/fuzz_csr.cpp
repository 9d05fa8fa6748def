// Certification requests: read, verified, judged.
#include "libs/base/base64.h"
#include "libs/crypto/x509/csr.h"
#include "libs/crypto/x509/oids.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/enroll.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {

void fuzz_csr(ByteView input) {
  if (const auto from_pem = crypto::Csr::parse_pem(as_text(input))) (void)from_pem->verify();
  const auto csr = crypto::Csr::parse_der(input);
  const auto from_body = est::read_request(est::encode_body(input));
  if (!csr) return;
  require(from_body.has_value() && from_body->der() == csr->der(), "the request in an EST body is the same request");
  (void)csr->subject();
  (void)csr->common_name();
  (void)csr->subject_serial_number();
  (void)csr->find_attribute(crypto::oid::kExtensionRequest);
  (void)csr->challenge_password();
  (void)csr->requested_extensions();
  (void)csr->requested_alt_names();
  const auto again = crypto::Csr::parse_pem(csr->pem());
  require(again && again->der() == csr->der(), "PEM round trip");

  const auto& key = csr->public_key();
  const auto rewritten = crypto::PublicKey::parse_pem(key.pem());
  require(rewritten && *rewritten == key, "a request's key is in its usual spelling");
  if (const auto point = key.ec_point(); point && key.algorithm() != crypto::KeyAlgorithm::other) {
    const auto of_point = crypto::PublicKey::from_ec_point(key.algorithm(), *point);
    require(of_point && *of_point == key, "a request's point is not compressed");
  }

  est::EnrollFacts facts{.presented = test::brski_world().device.certificate};
  const bool signed_by_itself = csr->verify().has_value();
  const auto verdict = est::judge_enroll(*csr, facts);
  require(signed_by_itself || !verdict.accepted(), "no enrolment without proof of possession");
  facts.binding_required = true;
  facts.bindings = {{est::BindingKind::tls_exporter, Bytes(32, 0x5a)}};
  if (est::judge_enroll(*csr, facts).accepted())
    require(est::matches(csr->challenge_password().value_or(""), facts.bindings), "the binding that was asked for");
  facts.renewal = true;
  if (est::judge_enroll(*csr, facts).accepted())
    require(csr->subject_der() == facts.presented->subject_der(), "renewal keeps the subject");
}

}  // namespace pratique::fuzz
