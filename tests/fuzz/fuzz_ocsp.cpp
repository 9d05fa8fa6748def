// OCSP: requests by POST and GET, responses as they come, and responses whose content is spoilt and properly signed.
#include <algorithm>

#include "libs/codec/tlv/der.h"
#include "libs/crypto/revocation/ocsp_build.h"
#include "libs/crypto/revocation/ocsp_request.h"
#include "libs/crypto/revocation/ocsp_verdict.h"
#include "libs/crypto/revocation/signed_form.h"
#include "tests/fuzz/steering.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {
namespace ocsp = crypto::ocsp;
namespace {

/// Longer inputs are protocol bytes, shorter ones choices as well.
constexpr std::size_t kMaxChoices = 64;

struct Good {
  const test::BrskiWorld& world = test::brski_world();
  test::Identity responder = test::BrskiWorld().issue(
      crypto::CertificateProfile::ocsp_responder({.common_name = "OCSP"}, world.from, world.until), world.owner_ca);
  Bytes nonce = Bytes(16, 0x5a);
  ocsp::CertId id = ocsp::CertId::of(world.registrar.certificate, world.owner_ca.certificate);
  ocsp::SingleResponse single = {id, ocsp::CertificateState::good, {}, world.now, world.now + std::chrono::hours(1)};
  ocsp::Question question = {.id = id, .issuer = world.owner_ca.certificate, .now = world.now, .nonce = nonce,
                             .require_nonce = true};
  ocsp::Response response = test::must(ocsp::parse_response(test::must(ocsp::build_response(
      {world.owner_ca.certificate, responder.certificate, &responder.key}, {&single, 1}, world.now, nonce))));
};
const Good& good() {
  static const Good one;
  return one;
}

void request_is_kept(ByteView input) {
  const auto request = ocsp::parse_request(input);
  if (!request) {
    require(ocsp::error_response_for(request.error()) != ocsp::ResponseStatus::internal_error,
            "a bad request is the sender's fault");
    return;
  }
  require(!request->certificates.empty() && request->certificates.size() <= ocsp::kMaxRequestCertificates,
          "the limit of certificates");
  require(!request->nonce || (!request->nonce->empty() && request->nonce->size() <= ocsp::kMaxNonceSize),
          "the limits of a nonce");
  std::optional<ByteView> nonce;
  if (request->nonce) nonce = *request->nonce;
  const auto encoded = ocsp::encode_request(request->certificates, nonce);
  require(encoded.has_value(), "a request that was read can be written");
  const auto again = ocsp::parse_request(*encoded);
  require(again && again->certificates == request->certificates && again->nonce == request->nonce,
          "a request keeps its meaning");
  const auto path = ocsp::encode_get_path(*encoded);
  const auto from_path = ocsp::parse_get_path(path);
  require(from_path && *from_path == *encoded, "a request in a path");
}

void response_is_not_believed(ByteView input) {
  const auto response = ocsp::parse_response(input);
  if (!response) return;
  require(response->basic.has_value() == (response->status == ocsp::ResponseStatus::successful), "an answer, or none");
  require(!ocsp::verify_response(*response, good().question).accepted(),
          "no input is signed by keys that live in this process alone");
  if (!response->basic) return;
  require(response->basic->singles.size() <= ocsp::kMaxSingleResponses, "the limit of single responses");
  for (const auto& single : response->basic->singles)
    require(response->basic->find(single.id) != nullptr, "what is there is found");
}

/// The content changed, then signed by the right responder.
void spoilt_content(ByteView input) {
  Steering in(input);
  const auto& basic = *good().response.basic;
  const auto content = tamper(basic.signed_part, in);
  const auto certificate = der::element(der::kSequence, good().responder.certificate.der());
  const auto inner = test::must(crypto::encode_signed_form(content, good().responder.key,
                                                           {der::element(der::context(0), certificate)}));
  const auto body = der::element_of(der::kSequence, {test::must(der::oid("1.3.6.1.5.5.7.48.1.1")),
                                                     der::element(der::kOctetString, inner)});
  const auto response = ocsp::parse_response(
      der::element_of(der::kSequence, {Bytes{0x0a, 0x01, 0x00}, der::element(der::context(0), body)}));
  if (!response) return;
  const auto& question = good().question;
  const auto verdict = ocsp::verify_response(*response, question);
  require(content != basic.signed_part || verdict.accepted(), "the good answer is accepted");
  if (!verdict.accepted()) return;
  require(verdict.single && verdict.single->id == question.id, "an answer about what was asked");
  require(verdict.single->this_update <= question.now + question.leeway, "not of the future");
  require(!verdict.single->next_update || *verdict.single->next_update + question.leeway >= question.now, "not stale");
  require(response->basic->nonce == question.nonce, "to this very question");
}

}  // namespace

void fuzz_ocsp(ByteView input) {
  if (const auto der = ocsp::parse_get_path(as_text(input))) request_is_kept(*der);
  request_is_kept(input);
  response_is_not_believed(input);
  if (input.size() <= kMaxChoices) spoilt_content(input);
}

}  // namespace pratique::fuzz
