// EST bodies: base64 with all that peers do to it.
#include "libs/crypto/cms/certs_only.h"
#include "libs/protocol/est/body.h"
#include "libs/protocol/est/cacerts.h"
#include "libs/protocol/est/channel_binding.h"
#include "libs/protocol/est/enroll.h"
#include "libs/protocol/est/enroll_client.h"
#include "libs/protocol/est/status.h"
#include "tests/fuzz/targets.h"
#include "tests/support/brski_world.h"

namespace pratique::fuzz {

void fuzz_est_body(ByteView input) {
  const auto text = as_text(input);
  if (const auto der = est::decode_body(text, est::kMaxResponseDer)) {
    require(!der->empty() && der->size() <= est::kMaxResponseDer, "the limits of a body");
    // What we send is DER whose first byte is 30; another text may begin like it without being it.
    const auto again = est::decode_body(est::encode_body(*der), est::kMaxResponseDer);
    if (der->front() == 0x30) require(again && *again == *der, "body round trip");
  }
  const auto narrow = est::decode_body(text, 16);
  require(!narrow || narrow->size() <= 16, "a narrow limit holds");

  if (const auto certificates = est::parse_certs(text)) {
    const auto body = est::encode_certs(*certificates);
    require(body.has_value() && est::parse_certs(*body).has_value(), "certificates that were read can be written");
  }
  if (const auto request = est::read_request(text); !request) {
    const auto answer = est::answer_error(request.error());
    require(answer.status >= 400 && answer.status < 500 && !answer.body.empty(), "a bad request is the client's fault");
  }
  require(!est::read_enrolled(text, test::brski_world().device.key.public_key()), "nobody has our key");

  const std::vector<est::ChannelBinding> bindings = {{est::BindingKind::tls_exporter, Bytes(32, 0xa5)},
                                                     {est::BindingKind::tls_unique, Bytes(12, 0x5a)}};
  require(est::matches(est::challenge_password(bindings[0]), bindings), "a binding matches itself");
  require(!est::matches(text, {}), "nothing matches no binding");
  if (est::matches(text, bindings)) require(text.size() >= 16, "a match has the size of a binding");
}

}  // namespace pratique::fuzz
