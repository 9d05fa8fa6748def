#include "libs/protocol/est/reasons.h"

#include <algorithm>
#include <array>

namespace pratique::est {
namespace {

constexpr std::array kReasons = {
    Reason{reason::kBodyEmpty, Found::reading, 400, "the request has no body",
           "send the PKCS #10 request, base64 encoded"},
    Reason{reason::kBodyNotBase64, Found::reading, 400, "the body is not base64",
           "send base64 of the DER request, see RFC 8951 section 3"},
    Reason{reason::kBodyTooLarge, Found::reading, 413, "the body is too large", "a request is at most 32 KiB of DER"},
    Reason{reason::kCsrUndecodable, Found::reading, 400, "the body is no PKCS #10 request",
           "look at the request with: openssl req -inform DER -text"},
    Reason{reason::kSignatureInvalid, Found::judging, 400, "the request is not signed by its own key",
           "sign the request with the private key of the public key that it carries"},
    Reason{reason::kSignatureWeak, Found::judging, 400, "the signature algorithm of the request is refused",
           "sign with SHA-256 or better"},
    Reason{reason::kKeyWeak, Found::judging, 400, "the key of the request is refused",
           "use EC P-256, P-384 or P-521, RSA of 2048 to 8192 bits, or Ed25519"},
    Reason{reason::kKeyTypeNotAsked, Found::judging, 400, "the key is not of the kind that csrattrs asks for",
           "read csrattrs before the key is made"},
    Reason{reason::kKeyReused, Found::judging, 403, "the key has a certificate already; a fresh key is needed",
           "make a new key: an LDevID never shares the key of the IDevID"},
    Reason{reason::kExtensionMissing, Found::judging, 400, "an extension that csrattrs asks for is missing",
           "copy every extension of csrattrs into the request, see RFC 9908"},
    Reason{reason::kExtensionDiffers, Found::judging, 400, "an extension is not as csrattrs asks for",
           "copy the value of the extension byte for byte, see RFC 9908"},
    Reason{reason::kAsksForCa, Found::judging, 403, "a device gets no CA certificate",
           "leave basicConstraints CA, keyCertSign and cRLSign out of the request"},
    Reason{reason::kBindingMissing, Found::judging, 403, "the request is not bound to this TLS connection",
           "put base64 of the channel binding into challengePassword (RFC 7030 section 3.5, RFC 9266), or let the "
           "operator stop requiring it"},
    Reason{reason::kBindingMismatch, Found::judging, 403, "the request is bound to another TLS connection",
           "make the request on the connection that sends it; a proxy that ends TLS, or a replay, looks like this"},
    Reason{reason::kCertificateNotPresented, Found::judging, 401, "renewal needs the certificate that is renewed",
           "present the current certificate as TLS client certificate"},
    Reason{reason::kSubjectDiffers, Found::judging, 403, "the subject is not that of the certificate that is renewed",
           "repeat the subject byte for byte, or enrol anew"},
    Reason{reason::kAltNameDiffers, Found::judging, 403,
           "the subjectAltName is not that of the certificate that is renewed",
           "repeat the extension byte for byte, or enrol anew"},
    Reason{reason::kBindingUnchecked, Found::remark, 0, "the channel binding could not be checked",
           "require it if every client knows it"},
    Reason{reason::kSignatureNotAsked, Found::remark, 0, "the signature algorithm is another than csrattrs asks for",
           "none needed"},
    Reason{reason::kNamedExtensionMissing, Found::remark, 0, "an extension that csrattrs names is missing",
           "ask for it with a value (RFC 9908) if it is needed"},
    Reason{reason::kExtensionCriticality, Found::remark, 0, "an extension is as asked but for its criticality",
           "none needed: the CA decides"},
};

}  // namespace

std::span<const Reason> reasons() { return kReasons; }

const Reason* find_reason(std::string_view code) {
  const auto* const found = std::ranges::find(kReasons, code, &Reason::code);
  return found == kReasons.end() ? nullptr : found;
}

}  // namespace pratique::est
