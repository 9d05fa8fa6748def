// The registrar between a device and a MASA that both may say anything.
#include "libs/protocol/brski/status.h"
#include "tests/fuzz/good_session.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

void answered(const Verdict& verdict) {
  if (verdict.accepted()) return;
  require(brski::has_status(verdict.first().code), "every refusal has a status of its own");
  const auto status = brski::registrar_status(verdict.first().code);
  require(status >= 400 && status < 600 && !brski::refusal_text(verdict).empty(), "every refusal has an answer");
}

void masa_answers(const GoodSession& session, const brski::PledgeRequestFacts& facts, Steering& in) {
  const auto& world = session.world;
  auto expected = brski::expectation_of(facts, session.owner_chain, session.profile, world.now);
  expected.accept_nonceless = in.flag();
  const auto body = spoil({.envelope = session.made.body, .content = voucher::encode_voucher(session.made.content),
                           .signer = world.masa, .profile = session.profile}, in);
  const auto judged = brski::judge_masa_voucher(body, session.maker_anchors, expected);
  answered(judged.verdict);
  if (!judged.verdict.accepted()) return;
  require(judged.voucher && judged.signer, "an accepted voucher was read");
  require(judged.signer->issuer_der() == world.maker_ca.certificate.subject_der() ||
              *judged.signer == world.maker_ca.certificate,
          "the manufacturer signs vouchers");
  require(judged.voucher->serial_number == facts.serial_number, "a voucher for this device");
  require(judged.voucher->nonce ? facts.nonce && judged.voucher->nonce->matches(*facts.nonce)
                                : expected.accept_nonceless && judged.voucher->expires_on.has_value(),
          "a voucher for this request");
  require(judged.pin == voucher::PinMatch::server_key || judged.pin == voucher::PinMatch::issuing_ca, "and for us");
}

}  // namespace

void fuzz_registrar_session(ByteView input) {
  Steering in(input);
  const auto& session = pick_session(in);
  const auto& world = session.world;

  voucher::VoucherRequest content{.created_on = world.now, .assertion = voucher::Assertion::proximity,
                                  .serial_number = session.device.serial_number, .nonce = session.pvr.nonce,
                                  .proximity_registrar_cert = world.registrar.certificate.der()};
  const auto body = spoil({.envelope = session.pvr.body, .content = voucher::encode_voucher_request(content),
                           .signer = world.device, .profile = session.profile}, in);
  const auto client = pick_chain(in, session.client_chain);
  const auto judged =
      brski::judge_pledge_request(body, client, session.registrar_certificates, session.profile, world.now);
  answered(judged.verdict);
  const auto genuine = brski::judge_idevid(client, session.maker_anchors, world.now);
  answered(genuine);
  if (!judged.verdict.accepted()) return masa_answers(session, session.facts, in);

  require(judged.facts && !client.empty(), "an accepted request was read, from a client with a certificate");
  require(judged.facts->idevid == client.front(), "the device is who opened the connection");
  require(client.front().subject_serial_number() == judged.facts->serial_number, "the serial number of its IDevID");
  require(judged.facts->nonce.has_value(), "an accepted request has a nonce");
  if (genuine.accepted() && client.front() == world.device.certificate)
    require(judged.facts->serial_number == session.device.serial_number, "the device's own serial number");

  const voucher::SigningKey ra{world.registrar.certificate, world.registrar.key};
  const auto rvr = brski::build_registrar_request(*judged.facts, ra, session.owner_chain, session.maker_anchors,
                                                  session.profile, world.now);
  if (rvr) {
    const auto opened = brski::open_registrar_request(*rvr, session.profile);
    require(opened.facts.has_value(), "a MASA can open what we send");
    const auto& sent = opened.facts->request;
    require(sent.prior_signed_voucher_request == judged.facts->bytes, "the device's request, unchanged");
    require(sent.nonce && sent.nonce->text() == judged.facts->nonce->text(), "its nonce");
  } else {
    require(rvr.error().reason == "RVR_IDEVID_ISSUER_MISSING", "an accepted request can be passed on");
  }
  masa_answers(session, *judged.facts, in);
}

}  // namespace pratique::fuzz
