// Wakes up whoever waits for NOTIFY: one connection and one thread of its own for all channels of a process.
//
//   pg::Listener listener({.database = config, .channels = {pg::outbox_channel("registrar")}});
//   auto seen = listener.count("registrar_outbox");
//   while (running) {
//     … read the outbox to its end …
//     seen = listener.wait("registrar_outbox", seen, pg::within(30s));   // returns early on a wake-up
//   }
//
// Notifications sent while the connection was down are lost, so every (re)connection counts as a wake-up of each
// channel. Take the count BEFORE reading: a notification in between is then not missed. Lost servers are tried again
// with backoff, for ever, silently; `connected()` is for readiness and metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/pg/database_config.h"
#include "libs/pg/pool.h"

namespace pratique::pg {

struct ListenerConfig {
  DatabaseConfig database = {};
  std::vector<std::string> channels = {};
  std::chrono::milliseconds backoff_first{50};
  std::chrono::milliseconds backoff_limit{5'000};
};

class Listener {
 public:
  /// Starts the thread and returns at once; the database need not be there yet.
  explicit Listener(ListenerConfig config);
  /// stop().
  ~Listener();

  /// Wake-ups of the channel so far.
  std::uint64_t count(std::string_view channel) const;
  /// Waits until count(channel) differs from `seen`, the deadline passes or stop() is called; the count then.
  std::uint64_t wait(std::string_view channel, std::uint64_t seen, Deadline deadline);

  /// Called on the listener's thread at each wake-up of the channel: be brief, do not throw, do not (un)subscribe
  /// inside.
  /// The call ends with the subscription; its destructor waits for a callback that is running.
  class Subscription {
   public:
    Subscription(Subscription&&) noexcept;
    Subscription& operator=(Subscription&&) = delete;
    ~Subscription();

   private:
    friend class Listener;
    struct Ticket;
    explicit Subscription(std::unique_ptr<Ticket> ticket);
    std::unique_ptr<Ticket> ticket_;
  };
  [[nodiscard]] Subscription subscribe(std::string_view channel, std::function<void()> on_wake_up);

  bool connected() const;
  std::uint64_t connections() const;  // made, ever
  /// Ends every wait and the thread. Idempotent.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pratique::pg
