#include "libs/protocol/radius/authenticator.h"

#include <algorithm>

#include "libs/crypto/primitives/md5_for_radius.h"

namespace pratique::radius {
namespace {

constexpr std::size_t kMessageAuthenticatorSize = 16;
constexpr Authenticator kZero{};

/// HMAC-MD5 over the packet as it would be with this authenticator and a zero Message-Authenticator.
Result<Bytes> message_authenticator(Packet packet, const Authenticator& authenticator, const SharedSecret& secret) {
  packet.authenticator = authenticator;
  for (auto& attribute : packet.attributes)
    if (attribute.type == AttributeType::message_authenticator) attribute.value.assign(kMessageAuthenticatorSize, 0);
  TRY(const auto bytes, encode_packet(packet));
  return crypto::hmac_md5_for_radius(secret.secret(), bytes);
}

/// MD5 over the packet as it would be with this authenticator, and the secret.
Result<Bytes> md5_authenticator(Packet packet, const Authenticator& authenticator, const SharedSecret& secret) {
  packet.authenticator = authenticator;
  TRY(const auto bytes, encode_packet(packet));
  return crypto::md5_for_radius({bytes, secret.secret().reveal()});
}

Result<Bytes> sign(Packet& packet, const Authenticator& authenticator, const SharedSecret& secret) {
  const auto place = std::ranges::find(packet.attributes, AttributeType::message_authenticator, &Attribute::type);
  if (place != packet.attributes.end()) {
    TRY(place->value, message_authenticator(packet, authenticator, secret));
  }
  TRY(const auto signature, md5_authenticator(packet, authenticator, secret));
  std::ranges::copy(signature, packet.authenticator.begin());
  return encode_packet(packet);
}

bool md5_fits(const Packet& packet, const Authenticator& authenticator, const SharedSecret& secret) {
  const auto expected = md5_authenticator(packet, authenticator, secret);
  return expected && equal_constant_time(*expected, packet.authenticator);
}

MessageAuthenticator check(const Packet& packet, const Authenticator& authenticator, const SharedSecret& secret) {
  const auto* attribute = find_first(packet, AttributeType::message_authenticator);
  if (attribute == nullptr) return MessageAuthenticator::absent;
  if (attribute->value.size() != kMessageAuthenticatorSize || count(packet, AttributeType::message_authenticator) != 1)
    return MessageAuthenticator::wrong;
  const auto expected = message_authenticator(packet, authenticator, secret);
  return expected && equal_constant_time(*expected, attribute->value) ? MessageAuthenticator::right
                                                                      : MessageAuthenticator::wrong;
}

}  // namespace

void ask_for_message_authenticator(Packet& packet) {
  if (find_first(packet, AttributeType::message_authenticator) != nullptr) return;
  packet.attributes.insert(packet.attributes.begin(),
                           {AttributeType::message_authenticator, Bytes(kMessageAuthenticatorSize)});
}

Result<Bytes> sign_request(Packet& packet, const SharedSecret& secret) { return sign(packet, kZero, secret); }
Result<Bytes> sign_answer(Packet& answer, const Authenticator& of_request, const SharedSecret& secret) {
  return sign(answer, of_request, secret);
}

bool request_authenticator_fits(const Packet& request, const SharedSecret& secret) {
  return md5_fits(request, kZero, secret);
}
bool response_authenticator_fits(const Packet& answer, const Authenticator& of_request, const SharedSecret& secret) {
  return md5_fits(answer, of_request, secret);
}

MessageAuthenticator request_message_authenticator(const Packet& request, const SharedSecret& secret) {
  return check(request, kZero, secret);
}
MessageAuthenticator answer_message_authenticator(const Packet& answer, const Authenticator& of_request,
                                                  const SharedSecret& secret) {
  return check(answer, of_request, secret);
}

}  // namespace pratique::radius
