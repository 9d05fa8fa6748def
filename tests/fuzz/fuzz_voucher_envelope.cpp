// The signed envelope: every artefact under both wire profiles.
#include "libs/protocol/voucher/signed_voucher.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {

void fuzz_voucher_envelope(ByteView input) {
  using voucher::Artifact, voucher::WireProfile;
  for (const auto kind : {Artifact::pledge_request, Artifact::registrar_request, Artifact::voucher}) {
    const auto strict = voucher::open_signed(input, kind, WireProfile::strict);
    const auto lenient = voucher::open_signed(input, kind, WireProfile::lenient);
    require(strict.artifact.has_value() == strict.verdict.accepted(), "strict: an artefact exactly when accepted");
    require(lenient.artifact.has_value() == lenient.verdict.accepted(), "lenient: an artefact exactly when accepted");
    if (!strict.artifact) continue;
    require(lenient.artifact.has_value(), "what is strict is also lenient");
    require(strict.artifact->bytes == to_bytes(input), "a strict artefact is kept byte for byte");
    require(strict.artifact->content == lenient.artifact->content, "both read the same content");
    require(strict.artifact->signed_attributes && strict.artifact->version == 3, "what strict demands");
  }
}

}  // namespace pratique::fuzz
