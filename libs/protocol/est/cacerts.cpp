#include "libs/protocol/est/cacerts.h"

#include "libs/crypto/cms/certs_only.h"
#include "libs/protocol/est/body.h"

namespace pratique::est {

Result<std::string> encode_certs(std::span<const crypto::Certificate> certificates) {
  return crypto::cms::encode_certs_only(certificates).transform([](const Bytes& der) { return encode_body(der); });
}

Result<std::vector<crypto::Certificate>> parse_certs(std::string_view body) {
  TRY(const auto der, decode_body(body, kMaxResponseDer));
  return crypto::cms::parse_certs_only(der);
}

}  // namespace pratique::est
