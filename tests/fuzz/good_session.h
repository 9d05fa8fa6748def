// One good BRSKI session per wire profile, made once per process with fresh keys, and the means to spoil one part of
// it. Inputs say what is changed and not what is sent, so that a found input means the same in the next process.
#pragma once

#include <string>
#include <vector>

#include "libs/protocol/brski/masa.h"
#include "libs/protocol/brski/pledge.h"
#include "libs/protocol/brski/registrar.h"
#include "tests/fuzz/steering.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {

struct GoodSession {
  explicit GoodSession(voucher::WireProfile wire);

  voucher::WireProfile profile;
  const test::BrskiWorld& world;
  std::vector<crypto::Certificate> client_chain;            // the device's, as TLS shows it
  std::vector<crypto::Certificate> registrar_certificates;  // of both replicas
  std::vector<crypto::Certificate> maker_anchors;
  std::vector<crypto::Certificate> owner_chain;
  brski::RegisteredDevice device;
  brski::PledgeRequest pvr;
  brski::PledgeRequestFacts facts;
  Bytes rvr;
  brski::MadeVoucher made;
};

const GoodSession& good_session(voucher::WireProfile profile);
/// The first choice is strict.
const GoodSession& pick_session(Steering& in);
/// The first choice is `right`.
const test::Identity& pick_identity(Steering& in, const test::Identity& right);
/// `right` with its last members gone, somebody else's in front, or a damaged certificate where that can still be read.
std::vector<crypto::Certificate> pick_chain(Steering& in, const std::vector<crypto::Certificate>& right);

/// What a signed artefact consists of.
struct Parts {
  Bytes envelope;  // as it was made
  std::string content;
  const test::Identity& signer;
  std::vector<crypto::Certificate> extra = {};
  voucher::WireProfile profile;
};
/// As it was; its bytes tampered with; its content tampered with or replaced and signed anew; or signed by another.
Bytes spoil(const Parts& good, Steering& in);

}  // namespace pratique::fuzz
