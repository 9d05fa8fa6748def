#include "tests/fuzz/good_session.h"

#include <algorithm>

#include "libs/crypto/cms/signed_data.h"
#include "libs/protocol/voucher/voucher.h"

namespace pratique::fuzz {
namespace {

using test::must;
using voucher::WireProfile;

brski::PledgeRequest ask(const test::BrskiWorld& world, WireProfile profile) {
  PredictableRandom random(7);
  return must(brski::build_pledge_request({world.device.certificate, world.device.key}, world.registrar.certificate,
                                          random, world.now, profile));
}

brski::MadeVoucher answer(const GoodSession& session) {
  const auto& masa = session.world.masa;
  const brski::MasaPolicy policy{.profile = session.profile};
  const auto opened = brski::open_registrar_request(session.rvr, session.profile);
  if (!opened.facts) throw std::runtime_error("the good session is not good at its MASA");
  const auto judged = brski::judge_registrar_request(*opened.facts, &session.device, policy, session.world.now);
  return must(brski::build_voucher(*opened.facts, judged, {masa.certificate, masa.key}, {}, policy, session.world.now));
}

Bytes sign_anew(const Parts& good, ByteView content, const test::Identity& signer, bool by_key_id) {
  const auto type =
      good.profile == WireProfile::strict ? crypto::cms::kIdAnimaJsonVoucher : crypto::cms::kIdData;
  return must(crypto::cms::sign(content, type, signer.certificate, signer.key, good.extra,
                                {.signing_time = test::brski_world().now, .by_subject_key_id = by_key_id}));
}

}  // namespace

GoodSession::GoodSession(WireProfile wire)
    : profile(wire),
      world(test::brski_world()),
      client_chain{world.device.certificate},
      registrar_certificates{world.registrar.certificate, world.replica.certificate},
      maker_anchors(world.maker_anchors()),
      owner_chain(world.owner_chain()),
      device{.serial_number = "00-D0-E5-F2-00-02", .issuers = maker_anchors,
             .idevid_key = world.device.key.public_key()},
      pvr(ask(world, wire)),
      facts(*brski::judge_pledge_request(pvr.body, client_chain, registrar_certificates, wire, world.now).facts),
      rvr(must(brski::build_registrar_request(facts, {world.registrar.certificate, world.registrar.key},
                                              std::vector{world.owner_ca.certificate}, {}, wire, world.now))),
      made(answer(*this)) {}

const GoodSession& good_session(WireProfile profile) {
  static const GoodSession strict(WireProfile::strict), lenient(WireProfile::lenient);
  return profile == WireProfile::strict ? strict : lenient;
}

const GoodSession& pick_session(Steering& in) {
  return good_session(in.flag() ? WireProfile::lenient : WireProfile::strict);
}

const test::Identity& pick_identity(Steering& in, const test::Identity& right) {
  const auto& world = test::brski_world();
  const test::Identity* const all[] = {&right,          &world.device,    &world.other_device, &world.impostor,
                                       &world.masa,     &world.registrar, &world.replica,      &world.web_server,
                                       &world.stranger, &world.owner_ca,  &world.maker_ca,     &world.stranger_ca};
  return *all[in.pick(std::size(all))];
}

std::vector<crypto::Certificate> pick_chain(Steering& in, const std::vector<crypto::Certificate>& right) {
  auto chain = right;
  switch (in.pick(4)) {
    case 0: break;
    case 1: chain.resize(in.pick(static_cast<unsigned>(chain.size()) + 1), right.front()); break;
    case 2: chain.insert(chain.begin(), pick_identity(in, test::brski_world().stranger).certificate); break;
    default:
      if (const auto damaged = crypto::Certificate::parse_der(tamper(right.front().der(), in)))
        chain.front() = *damaged;
  }
  return chain;
}

Bytes spoil(const Parts& good, Steering& in) {
  switch (in.pick(6)) {
    case 0: return good.envelope;
    case 1: return tamper(good.envelope, in);
    case 2: {
      const auto content = tamper(as_bytes(good.content), in);
      return content.empty() ? Bytes{} : sign_anew(good, content, good.signer, false);
    }
    case 3: {
      const auto content = in.block();
      return content.empty() ? Bytes{} : sign_anew(good, content, good.signer, in.flag());
    }
    case 4: return sign_anew(good, as_bytes(good.content), pick_identity(in, good.signer), in.flag());
    default: return to_bytes(in.block());
  }
}

}  // namespace pratique::fuzz
