// A dynamic authorization client (RFC 5176): the requests that are under way from one source port to one NAS. No socket
// and no clock: the caller sends datagrams, hands in those that come and wakes it when something is due.
//
//   Client client(Peer{nas_address, kDynamicAuthorizationPort}, secret, {}, random);
//   TRY(const auto sent, client.start(request, now, random));     sendto(sent.datagram)
//   client.next_due()                                             set a timer
//   for (const auto& again : client.take_due(now, random).again)  sendto(again.datagram)
//   const auto received = client.receive(from, datagram, now);    received.verdict, received.answer
//
// A repeated request is the same bytes: same identifier, same Event-Timestamp, same signature, so that a NAS that has
// done it answers again instead of doing it again. An answer that is refused changes nothing: whoever forges one cannot
// end an exchange. Identifiers are taken in turn, so an old one comes back after 256 requests. One thread at a time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "libs/base/ip_address.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/base/verdict.h"
#include "libs/protocol/radius/answer.h"
#include "libs/protocol/radius/dynamic_request.h"
#include "libs/protocol/radius/retransmission.h"

namespace pratique::radius {

inline constexpr std::uint16_t kDynamicAuthorizationPort = 3799;
inline constexpr std::size_t kMaxUnderWay = 256;  // identifiers

struct Peer {
  IpAddress address;
  std::uint16_t port = kDynamicAuthorizationPort;
  bool operator==(const Peer&) const = default;
};

/// `wall` goes into Event-Timestamp and judges the peer's; waits are counted by `steady`, which nobody sets.
struct Moment {
  Timestamp wall;
  std::chrono::steady_clock::time_point steady;
};

struct ClientRules {
  AnswerRules answers = {};
  RetransmissionPolicy retransmission = {};
};

/// Never used twice by one client.
enum class ExchangeId : std::uint64_t {};

class Client {
 public:
  /// The first identifier is chosen by chance, so that a restarted client does not meet its own past.
  Client(Peer nas, SharedSecret secret, ClientRules rules, Random& random);

  struct Sent {
    ExchangeId exchange;
    Bytes datagram;
  };
  /// RESOURCE_EXHAUSTED RADIUS_IDENTIFIERS_EXHAUSTED while 256 are under way; the errors of sign_dynamic_request().
  Result<Sent> start(const DynamicRequest& request, Moment now, Random& random);

  struct Received {
    Verdict verdict;
    std::optional<ExchangeId> exchange;  // whose answer it is or would be
    std::optional<Answer> answer;        // when accepted; the exchange is over
  };
  /// Codes: RADIUS_ANSWER_SOURCE_WRONG, RADIUS_ANSWER_UNREADABLE, RADIUS_ANSWER_UNASKED, RADIUS_ANSWER_REPEATED (it was
  /// answered before), RADIUS_ANSWER_LATE (given up or cancelled), and those of judge_answer().
  Received receive(const Peer& from, ByteView datagram, Moment now);

  struct Due {
    std::vector<Sent> again;
    std::vector<ExchangeId> given_up;  // over; no answer came
  };
  Due take_due(Moment now, Random& random);
  std::optional<std::chrono::steady_clock::time_point> next_due() const;

  /// Nobody waits for it any more. False where it was over already.
  bool cancel(ExchangeId exchange);
  std::size_t under_way() const;
  const Peer& nas() const { return nas_; }

 private:
  enum class State { waiting, answered, given_up };
  struct Slot {
    ExchangeId exchange;
    State state;
    Asked asked;
    Bytes datagram;  // while waiting
    unsigned transmissions;
    Milliseconds wait;
    std::chrono::steady_clock::time_point started, due;
  };
  void end(Slot& slot, State state);
  std::chrono::steady_clock::time_point due_after(const Slot& slot, std::chrono::steady_clock::time_point sent) const;
  bool may_send_again(const Slot& slot, std::chrono::steady_clock::time_point now) const;

  Peer nas_;
  SharedSecret secret_;
  ClientRules rules_;
  std::array<std::optional<Slot>, kMaxUnderWay> slots_;  // by identifier
  std::uint8_t next_identifier_;
  std::uint64_t exchanges_ = 0;
};

}  // namespace pratique::radius
