// CSR attributes: what was read, once written, says the same.
#include "libs/protocol/est/csrattrs.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {

void fuzz_csrattrs(ByteView input) {
  auto attrs = est::parse_csrattrs(input);
  if (!attrs) return;
  (void)attrs->empty();
  (void)est::choose_key_type(*attrs);
  const bool named = !attrs->named_extensions.empty();
  const auto refused = est::encode_csrattrs(*attrs);
  require(!named || !refused.has_value(), "extensions by name are read and never written");
  attrs->named_extensions.clear();
  const auto text = est::encode_csrattrs(*attrs);
  if (!text) {
    require(text.error().reason == "EST_CSRATTRS_TOO_LARGE", "what was read can be written, but for its size");
    return;
  }
  const auto again = est::parse_csrattrs(*text);
  require(again.has_value(), "what was written can be read");
  require(again->challenge_password == attrs->challenge_password && again->keys == attrs->keys &&
              again->signature_algorithms == attrs->signature_algorithms && again->extensions == attrs->extensions,
          "what was written says the same");
  require(est::encode_csrattrs(*again).value_or({}) == *text, "the same wishes are written as the same bytes");
}

}  // namespace pratique::fuzz
