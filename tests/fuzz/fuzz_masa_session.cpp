// A MASA and a registrar that may say anything.
#include "libs/protocol/brski/status.h"
#include "libs/protocol/voucher/idevid_issuer.h"
#include "tests/fuzz/good_session.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

/// What the registrar sends: its own request spoilt, around a pledge's request that may be spoilt too.
Bytes request(const GoodSession& session, Steering& in) {
  const auto& world = session.world;
  voucher::VoucherRequest inner{.created_on = world.now, .assertion = voucher::Assertion::proximity,
                                .serial_number = session.device.serial_number, .nonce = session.pvr.nonce,
                                .proximity_registrar_cert = world.registrar.certificate.der()};
  const auto pvr = spoil({.envelope = session.pvr.body, .content = voucher::encode_voucher_request(inner),
                          .signer = world.device, .profile = session.profile}, in);
  const bool same = pvr == session.pvr.body;

  auto outer = inner;
  outer.proximity_registrar_cert.reset();
  outer.idevid_issuer = voucher::make_idevid_issuer(world.device.certificate);
  if (!in.flag()) outer.prior_signed_voucher_request = pvr;
  const voucher::SigningKey ra{world.registrar.certificate, world.registrar.key};
  const auto envelope =
      same ? session.rvr
           : test::must(voucher::sign_request(outer, ra, session.owner_chain, session.profile, world.now));
  return spoil({.envelope = envelope, .content = voucher::encode_voucher_request(outer), .signer = world.registrar,
                .extra = pick_chain(in, session.owner_chain), .profile = session.profile}, in);
}

}  // namespace

void fuzz_masa_session(ByteView input) {
  Steering in(input);
  const auto& session = pick_session(in);
  const auto& world = session.world;
  const brski::MasaPolicy policy{.profile = session.profile, .owner_authenticated = in.flag()};
  auto device = session.device;
  if (in.flag()) device.idevid_key.reset();
  device.blocked = in.pick(8) == 7;
  const auto body = request(session, in);

  const auto opened = brski::open_registrar_request(body, policy.profile);
  require(opened.facts.has_value() == opened.verdict.accepted(), "facts exactly when opened");
  if (!opened.facts) {
    require(brski::has_status(opened.verdict.first().code), "every refusal has a status of its own");
    return;
  }
  require(!brski::judge_registrar_request(*opened.facts, nullptr, policy, world.now).verdict.accepted(),
          "no voucher for a device that nobody knows");
  const auto judged = brski::judge_registrar_request(*opened.facts, &device, policy, world.now);
  if (!judged.verdict.accepted()) {
    require(brski::has_status(judged.verdict.first().code), "every refusal has a status of its own");
    return;
  }
  require(!device.blocked, "no voucher for a blocked device");
  require(!judged.registrar_chain.empty(), "an accepted request has a chain");
  if (judged.assertion == voucher::Assertion::proximity)
    require(judged.idevid && judged.idevid->public_key() == world.device.key.public_key(),
            "proximity is asserted for the registered device alone");
  if (!policy.owner_authenticated)
    require(opened.facts->request.nonce.has_value(), "a voucher without a nonce is for known owners alone");

  const auto made = brski::build_voucher(*opened.facts, judged, {world.masa.certificate, world.masa.key}, {}, policy,
                                         world.now);
  require(made.has_value(), "an accepted request gets its voucher");
  require(made->content.serial_number == device.serial_number, "a voucher for the device that was judged");
  require(made->content.nonce.has_value() || made->content.expires_on.has_value(), "without a nonce it expires");
  const voucher::VoucherExpectation expected{.serial_number = device.serial_number,
                                             .nonce = opened.facts->request.nonce,
                                             .server_chain = judged.registrar_chain,
                                             .idevid = world.device.certificate,
                                             .now = world.now,
                                             .profile = session.profile};
  require(voucher::judge_voucher(made->body, session.maker_anchors, expected).verdict.accepted(),
          "the device believes the voucher that we made");
}

}  // namespace pratique::fuzz
