// Enrolment: a client whose server may ask and answer anything, a server whose client may send anything.
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/enroll.h"
#include "libs/protocol/est/enroll_client.h"
#include "libs/protocol/est/status.h"
#include "tests/fuzz/good_session.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

const crypto::SoftwareKey& device_key() {
  static const auto key = test::must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
  return key;
}

est::CsrAttrs what_is_asked(Steering& in) {
  const est::CsrAttrs good{.challenge_password = true,
                           .keys = {est::key_request(crypto::KeyType::ec_p256)},
                           .signature_algorithms = {"1.2.840.10045.4.3.2"},
                           .extensions = {{"2.5.29.17", false, {0x30, 0x07, 0x82, 0x05, 'd', '.', 'a', '.', 'b'}}}};
  static const auto der = test::must(est::encode_csrattrs(good));
  const auto asked = in.flag() ? to_bytes(in.block()) : tamper(der, in);
  return est::parse_csrattrs(asked).value_or({});
}

const crypto::Certificate& issued(const test::BrskiWorld& world) {
  static const auto certificate = [&] {
    test::BrskiWorld::Profile profile{.subject = {.serial_number = "00-D0-E5-F2-00-02"}, .not_before = world.from,
                                      .not_after = world.until};
    PredictableRandom random(11);
    return test::must(crypto::issue_certificate(profile, device_key().public_key(), world.owner_ca.certificate,
                                                world.owner_ca.key, random));
  }();
  return certificate;
}

void server(const crypto::Csr& csr, const est::EnrollFacts& facts) {
  const auto verdict = est::judge_enroll(csr, facts);
  if (!verdict.accepted()) {
    const auto answer = est::answer_refusal(verdict);
    require(answer.status >= 400 && answer.status < 500 && !answer.body.empty(), "every refusal has an answer");
    return;
  }
  require(csr.verify().has_value(), "no enrolment without proof of possession");
  require(est::satisfies(csr.public_key(), facts.asked.keys), "the key is of a kind that was asked for");
  require(!(csr.public_key() == facts.presented->public_key()) || (facts.renewal && facts.renewal_may_keep_key),
          "an LDevID has a key of its own");
  if (facts.binding_required)
    require(est::matches(csr.challenge_password().value_or(""), facts.bindings), "bound to this connection");
  if (facts.renewal) require(csr.subject_der() == facts.presented->subject_der(), "renewal keeps the subject");
}

void client(const GoodSession& session, Steering& in) {
  const auto& world = session.world;
  static const auto body = test::must(est::encode_certs(std::vector{issued(world), world.owner_ca.certificate}));
  const auto answer = tamper(as_bytes(body), in);
  const auto enrolled = est::read_enrolled(as_text(answer), device_key().public_key());
  if (!enrolled) return;
  require(enrolled->certificate.public_key() == device_key().public_key(), "the certificate is for our key");
  crypto::ChainOptions options(world.now);
  const auto verdict = est::judge_enrolled(*enrolled, std::vector{world.owner_ca.certificate}, options);
  if (verdict.accepted())
    require(enrolled->certificate.subject_der() == issued(world).subject_der(), "what the CA signed, and no other");
}

}  // namespace

void fuzz_est_session(ByteView input) {
  Steering in(input);
  const auto& session = good_session(voucher::WireProfile::strict);
  const auto& world = session.world;
  est::EnrollFacts facts{.presented = world.device.certificate,
                         .renewal = in.flag(),
                         .bindings = {{est::BindingKind::tls_exporter, Bytes(32, 0x5a)}},
                         .binding_required = in.flag()};
  facts.asked = what_is_asked(in);
  auto wish = facts.renewal ? est::renew_wish(world.device.certificate)
                            : est::RequestWish{.subject = {.serial_number = "00-D0-E5-F2-00-02"}};
  if (in.flag()) wish.subject.common_name = in.text();
  const auto& key = in.pick(4) == 3 ? world.device.key : device_key();
  const auto binding = in.pick(4) == 3 ? std::nullopt : std::optional(facts.bindings.front());

  const auto made = est::build_request(wish, facts.asked, binding, key);
  if (made) {
    require(made->verify().has_value(), "a request that we make proves possession");
    if (facts.asked.challenge_password && binding)
      require(est::matches(made->challenge_password().value_or(""), facts.bindings), "a request is bound as asked");
    const auto sent = est::read_request(est::encode_body(made->der()));
    require(sent && sent->der() == made->der(), "a server can read what we send");
    server(*sent, facts);
    if (const auto damaged = est::read_request(est::encode_body(tamper(made->der(), in)))) server(*damaged, facts);
  }
  client(session, in);
}

}  // namespace pratique::fuzz
