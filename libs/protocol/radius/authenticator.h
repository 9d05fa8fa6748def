// Who signed a packet: Request Authenticator, Response Authenticator and Message-Authenticator.
//
//   request of its own signature (Accounting RFC 2866 section 3, CoA and Disconnect RFC 5176 section 2.3)
//     Message-Authenticator  HMAC-MD5 over the packet with a zero authenticator and a zero Message-Authenticator
//     Request Authenticator  MD5 over the packet with a zero authenticator, then the secret
//   answer (RFC 2865 section 3)
//     Message-Authenticator  as above, with the request's authenticator (RFC 3579 section 3.2, RFC 5176 section 3.4)
//     Response Authenticator MD5 over the packet with the request's authenticator, then the secret
//
// The MD5 ones alone can be forged by who can change packets on their way and choose parts of a request (the attack
// "Blast-RADIUS", 2024); HMAC-MD5 cannot. So demand a Message-Authenticator wherever the peer can send one.
// All comparisons take the same time whatever differs.
#pragma once

#include "libs/base/bytes.h"
#include "libs/base/result.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/shared_secret.h"

namespace pratique::radius {

/// Puts an unsigned Message-Authenticator first, unless the packet has one. sign_… fill it in.
void ask_for_message_authenticator(Packet& packet);

/// Fills in the Message-Authenticator, if there is a place for it, and the Request Authenticator; gives the datagram.
/// The errors of encode_packet().
Result<Bytes> sign_request(Packet& packet, const SharedSecret& secret);
Result<Bytes> sign_answer(Packet& answer, const Authenticator& of_request, const SharedSecret& secret);

bool request_authenticator_fits(const Packet& request, const SharedSecret& secret);
bool response_authenticator_fits(const Packet& answer, const Authenticator& of_request, const SharedSecret& secret);

enum class MessageAuthenticator {
  absent,
  right,
  wrong,  // another value, not 16 bytes, or there twice
};
MessageAuthenticator request_message_authenticator(const Packet& request, const SharedSecret& secret);
MessageAuthenticator answer_message_authenticator(const Packet& answer, const Authenticator& of_request,
                                                  const SharedSecret& secret);

}  // namespace pratique::radius
