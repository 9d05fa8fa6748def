#include "libs/protocol/radius/client.h"

#include <algorithm>
#include <string>

#include "libs/protocol/radius/reasons.h"

namespace pratique::radius {

Client::Client(Peer nas, SharedSecret secret, ClientRules rules, Random& random)
    : nas_(nas), secret_(std::move(secret)), rules_(rules) {
  random.fill({&next_identifier_, 1});
}

Result<Client::Sent> Client::start(const DynamicRequest& request, Moment now, Random& random) {
  const auto is_free = [this](std::uint8_t identifier) {
    return !slots_[identifier] || slots_[identifier]->state != State::waiting;
  };
  std::size_t tried = 0;
  while (tried < kMaxUnderWay && !is_free(next_identifier_)) {
    ++next_identifier_;
    ++tried;
  }
  if (tried == kMaxUnderWay)
    return Error{ErrorCode::resource_exhausted, "RADIUS_IDENTIFIERS_EXHAUSTED",
                 "256 requests to this NAS are under way; wait, or open another source port"};
  TRY(auto made, sign_dynamic_request(request, next_identifier_, now.wall, secret_));
  Slot slot{.exchange = ExchangeId{++exchanges_},
            .state = State::waiting,
            .asked = {request.code, next_identifier_, made.packet.authenticator},
            .datagram = made.datagram,
            .transmissions = 1,
            .wait = first_wait(rules_.retransmission, draw_jitter(random)),
            .started = now.steady,
            .due = {}};
  slot.due = due_after(slot, now.steady);
  const auto exchange = slot.exchange;
  slots_[next_identifier_++] = std::move(slot);
  return Sent{exchange, std::move(made.datagram)};
}

Client::Received Client::receive(const Peer& from, ByteView datagram, Moment now) {
  Received out;
  if (from.port != nas_.port || from.address.unmapped() != nas_.address.unmapped()) {
    out.verdict.refuse(reason::kAnswerSourceWrong, reason::kAnswerSourceWrong.meaning,
                       {{"from", from.address.text()},
                        {"port", std::to_string(from.port)},
                        {"expected", nas_.address.text()},
                        {"expected_port", std::to_string(nas_.port)}});
    return out;
  }
  auto packet = parse_packet(datagram);
  if (!packet) {
    out.verdict.refuse(reason::kAnswerUnreadable, packet.error().message, {{"because", packet.error().reason}});
    return out;
  }
  auto& slot = slots_[packet->identifier];
  if (!slot) {
    out.verdict.refuse(reason::kAnswerUnasked, reason::kAnswerUnasked.meaning,
                       {{"identifier", std::to_string(packet->identifier)}, {"code", to_string(packet->code)}});
    return out;
  }
  out.exchange = slot->exchange;
  out.verdict = judge_answer(*packet, slot->asked, secret_, rules_.answers, now.wall);
  if (slot->state == State::answered) out.verdict.refuse(reason::kAnswerRepeated, reason::kAnswerRepeated.meaning);
  if (slot->state == State::given_up) out.verdict.refuse(reason::kAnswerLate, reason::kAnswerLate.meaning);
  if (!out.verdict.accepted()) return out;
  end(*slot, State::answered);
  out.answer = read_answer(*std::move(packet));
  return out;
}

Client::Due Client::take_due(Moment now, Random& random) {
  Due out;
  for (auto& slot : slots_) {
    if (!slot || slot->state != State::waiting || slot->due > now.steady) continue;
    if (!may_send_again(*slot, now.steady)) {
      end(*slot, State::given_up);
      out.given_up.push_back(slot->exchange);
      continue;
    }
    ++slot->transmissions;
    slot->wait = next_wait(rules_.retransmission, slot->wait, draw_jitter(random));
    slot->due = due_after(*slot, now.steady);
    out.again.push_back({slot->exchange, slot->datagram});
  }
  return out;
}

std::optional<std::chrono::steady_clock::time_point> Client::next_due() const {
  std::optional<std::chrono::steady_clock::time_point> earliest;
  for (const auto& slot : slots_)
    if (slot && slot->state == State::waiting && (!earliest || slot->due < *earliest)) earliest = slot->due;
  return earliest;
}

bool Client::cancel(ExchangeId exchange) {
  const auto at = std::ranges::find_if(slots_, [exchange](const std::optional<Slot>& slot) {
    return slot && slot->exchange == exchange && slot->state == State::waiting;
  });
  if (at == slots_.end()) return false;
  end(**at, State::given_up);
  return true;
}

std::size_t Client::under_way() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      slots_, [](const std::optional<Slot>& slot) { return slot && slot->state == State::waiting; }));
}

void Client::end(Slot& slot, State state) {
  slot.state = state;
  slot.datagram = {};
}

// The last wait ends where the whole time does.
std::chrono::steady_clock::time_point Client::due_after(const Slot& slot,
                                                        std::chrono::steady_clock::time_point sent) const {
  return std::min(sent + slot.wait, slot.started + rules_.retransmission.duration);
}

bool Client::may_send_again(const Slot& slot, std::chrono::steady_clock::time_point now) const {
  const auto& policy = rules_.retransmission;
  return now < slot.started + policy.duration &&
         (policy.transmissions == 0 || slot.transmissions < policy.transmissions);
}

}  // namespace pratique::radius
