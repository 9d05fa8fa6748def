// CMS SignedData, and the certs-only form.
#include <array>

#include "libs/crypto/cms/certs_only.h"
#include "libs/crypto/cms/signed_data.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {
namespace cms = crypto::cms;

void fuzz_cms(ByteView input) {
  if (const auto certificates = cms::parse_certs_only(input)) {
    require(!certificates->empty(), "certs-only holds a certificate");
    const auto encoded = cms::encode_certs_only(*certificates);
    require(encoded.has_value(), "certificates that were read can be written");
    const auto again = cms::parse_certs_only(*encoded);
    require(again && *again == *certificates, "certs-only keeps certificates and their order");
  }
  const auto data = cms::SignedData::parse(input);
  if (!data) return;
  require(data->der() == to_bytes(input), "the whole input is the envelope");
  require(data->certificates().size() <= cms::kMaxCertificates, "the limit of certificates");
  (void)data->signer().text();
  (void)data->signing_time();
  (void)data->digest_algorithm();
  const auto verdict = data->verify_signature();
  if (verdict.accepted()) {
    require(verdict.signer.has_value(), "an accepted signature has a signer");
    require(data->find_signer().has_value() && *data->find_signer() == *verdict.signer, "the signer that is named");
    require(data->digest_algorithm().has_value(), "an accepted signature has a digest that we know");
  }
  const auto& world = test::brski_world();
  const std::array ours = {world.device.certificate, world.registrar.certificate, world.masa.certificate};
  const auto with_ours = data->verify_signature(ours);
  if (with_ours.accepted())
    for (const auto& one : ours) require(!(*with_ours.signer == one), "nobody signs with keys of this process");
}

}  // namespace pratique::fuzz
