#include "services/network/adapters/radius/exchanges.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libs/net/datagram.h"
#include "services/network/domain/reasons.h"

namespace pratique::network {
namespace {

using Time = std::chrono::steady_clock::time_point;
constexpr std::chrono::seconds kBreath{1};  // where waiting itself fails

/// One question and what came of it.
struct Question {
  std::optional<radius::Answer> answer;
  bool given_up = false;
  std::set<std::string> disbelieved;  // codes of verdicts
  bool is_over() const { return given_up || answer; }
};

Error timed_out(const radius::Peer& nas, const Question& question) {
  Error error{ErrorCode::deadline_exceeded, "SWITCH_TIMEOUT",
              question.disbelieved.empty()
                  ? "the switch did not answer in time: it may be off, serve no dynamic authorization on that port, "
                    "answer from another address, or know another shared secret than we do"
                  : "the switch answered, and could not be believed: compare the shared secret, and whether it sends a "
                    "Message-Authenticator"};
  error = std::move(error).with("nas", net::UdpAddress{nas.address, nas.port}.text());
  for (const auto& code : question.disbelieved) error = std::move(error).with("disbelieved", code);
  return error;
}

}  // namespace

struct Exchanges::Line::Nas {
  net::DatagramSocket socket;
  radius::Client client;
  std::map<radius::ExchangeId, Question> questions = {};
  std::string unreachable = {};  // what the network said last
};

struct Exchanges::Inside {
  using Nas = Line::Nas;

  Inside(const Clock& the_clock, Random& the_random, net::Waker the_waker)
      : clock(the_clock), random(the_random), waker(std::move(the_waker)) {}

  radius::Moment now() const { return {clock.now(), std::chrono::steady_clock::now()}; }

  void hear(Nas& nas) {
    while (true) {
      const auto datagram = nas.socket.receive();
      if (!datagram) {
        nas.unreachable = datagram.error().message;
        return;
      }
      if (!*datagram) return;
      const auto& [bytes, from] = **datagram;
      auto received = nas.client.receive({from.address, from.port}, bytes, now());
      if (!received.exchange) continue;
      const auto question = nas.questions.find(*received.exchange);
      if (question == nas.questions.end()) continue;
      if (received.answer)
        question->second.answer = *std::move(received.answer);
      else
        question->second.disbelieved.insert(received.verdict.first().code);
    }
  }

  void turn(Nas& nas) {
    hear(nas);
    auto due = nas.client.take_due(now(), random);
    for (const auto& again : due.again)
      if (const auto sent = nas.socket.send(again.datagram); !sent) nas.unreachable = sent.error().message;
    for (const auto exchange : due.given_up)
      if (const auto question = nas.questions.find(exchange); question != nas.questions.end())
        question->second.given_up = true;
  }

  void run() {
    while (true) {
      std::vector<std::shared_ptr<Nas>> held;  // so that no socket is closed while it is waited for
      std::vector<const net::DatagramSocket*> sockets;
      auto due = Time::max();
      {
        const std::lock_guard lock(mutex);
        if (ending) return;
        held = all;
        for (const auto& nas : held) {
          turn(*nas);
          sockets.push_back(&nas->socket);
          due = std::min(due, nas->client.next_due().value_or(Time::max()));
        }
      }
      changed.notify_all();
      if (!net::wait_for_datagrams(sockets, waker, due)) std::this_thread::sleep_for(kBreath);
    }
  }

  const Clock& clock;
  Random& random;
  const net::Waker waker;
  std::mutex mutex;  // of everything below, and of each Nas
  std::condition_variable changed;
  std::vector<std::shared_ptr<Nas>> all;
  bool ending = false;
  std::thread thread;
};

Result<std::shared_ptr<Exchanges>> Exchanges::start(const Clock& clock, Random& random) {
  TRY(auto waker, net::Waker::make());
  auto inside = std::make_unique<Inside>(clock, random, std::move(waker));
  inside->thread = std::thread([in = inside.get()] { in->run(); });
  return std::shared_ptr<Exchanges>(new Exchanges(std::move(inside)));
}

Exchanges::Exchanges(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

// No Line is left: each keeps this alive.
Exchanges::~Exchanges() {
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->ending = true;
  }
  inside_->waker.wake();
  inside_->thread.join();
}

Result<std::unique_ptr<Exchanges::Line>> Exchanges::open(const radius::Peer& nas, const radius::SharedSecret& secret,
                                                         const radius::ClientRules& rules) {
  auto socket = net::DatagramSocket::open_udp({.address = nas.address.unmapped(), .port = nas.port});
  if (!socket) return unavailable(kSwitchUnreachable.code, socket.error().message);
  auto shared = std::make_shared<Line::Nas>(
      Line::Nas{.socket = *std::move(socket), .client = radius::Client(nas, secret, rules, inside_->random)});
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->all.push_back(shared);
  }
  inside_->waker.wake();
  return std::unique_ptr<Line>(new Line(shared_from_this(), std::move(shared)));
}

Exchanges::Line::Line(std::shared_ptr<Exchanges> all, std::shared_ptr<Nas> nas)
    : all_(std::move(all)), nas_(std::move(nas)) {}

Exchanges::Line::~Line() {
  auto& in = *all_->inside_;
  {
    const std::lock_guard lock(in.mutex);
    std::erase(in.all, nas_);
  }
  in.waker.wake();
}

Result<radius::Answer> Exchanges::Line::ask(const radius::DynamicRequest& request, Time deadline,
                                            NobodyListens where_nobody) {
  auto& in = *all_->inside_;
  std::unique_lock lock(in.mutex);
  TRY(const auto sent, nas_->client.start(request, in.now(), in.random));
  auto& question = nas_->questions[sent.exchange];  // a map's element stays where it is
  nas_->unreachable.clear();
  if (const auto gone = nas_->socket.send(sent.datagram); !gone) nas_->unreachable = gone.error().message;
  in.waker.wake();  // it has a new time to wake up by
  in.changed.wait_until(lock, deadline, [&] {
    return question.is_over() || (where_nobody == NobodyListens::give_up && !nas_->unreachable.empty());
  });
  if (!question.is_over()) nas_->client.cancel(sent.exchange);
  auto done = std::move(nas_->questions.extract(sent.exchange).mapped());
  if (done.answer) return *std::move(done.answer);
  if (!nas_->unreachable.empty() && done.disbelieved.empty())
    return unavailable(kSwitchUnreachable.code, kSwitchUnreachable.meaning)
        .with("nas", net::UdpAddress{nas_->client.nas().address, nas_->client.nas().port}.text())
        .with("because", nas_->unreachable);
  return timed_out(nas_->client.nas(), done);
}

}  // namespace pratique::network
