#include "libs/pg/listener.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libs/pg/connection_string.h"
#include "libs/pg/driver.h"

namespace pratique::pg {

struct Listener::State {
  explicit State(ListenerConfig given)
      : config(std::move(given)), stop_signal(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    for (const auto& channel : config.channels) counts[channel] = 0;
  }
  ~State() { ::close(stop_signal); }

  struct Callback {
    std::string channel;
    std::function<void()> call;
  };

  const ListenerConfig config;
  const int stop_signal;
  std::atomic<bool> stopping{false}, connected{false};
  std::atomic<std::uint64_t> connections{0};

  mutable std::mutex mutex;
  std::condition_variable woken;
  std::map<std::string, std::uint64_t, std::less<>> counts;

  std::mutex callbacks_mutex;  // held while they run, so that ending a subscription waits for them
  std::list<Callback> callbacks;

  std::mutex thread_mutex;
  std::thread thread;

  void wake(const std::string& channel) {
    {
      const std::lock_guard lock(mutex);
      ++counts[channel];
    }
    woken.notify_all();
    const std::lock_guard lock(callbacks_mutex);
    for (const auto& callback : callbacks)
      if (callback.channel == channel) callback.call();
  }

  // False when stop() was called meanwhile.
  bool await(int socket, std::optional<std::chrono::milliseconds> limit) const {
    pollfd sources[2] = {{stop_signal, POLLIN, 0}, {socket, POLLIN, 0}};
    ::poll(sources, socket < 0 ? 1 : 2, limit ? static_cast<int>(limit->count()) : -1);
    return !stopping;
  }

  // Until the connection is lost, or was not to be had, or stop() is called.
  void listen(const std::string& conninfo) {
    const auto connection = connect(conninfo);
    if (!connection) return;
    PGconn* const driver = connection->get();
    for (const auto& channel : config.channels) {
      const DriverText name(PQescapeIdentifier(driver, channel.c_str(), channel.size()));
      if (!name) return;
      const DriverAnswer answer(PQexec(driver, (std::string("LISTEN ") + name.get()).c_str()));
      if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return;
    }
    connected = true;
    ++connections;
    for (const auto& channel : config.channels) wake(channel);
    while (await(PQsocket(driver), std::nullopt)) {
      if (PQconsumeInput(driver) != 1) return;
      while (const DriverNotification notification{PQnotifies(driver)}) wake(notification->relname);
    }
  }

  void run() {
    auto pause = config.backoff_first;
    const auto conninfo = connection_string(config.database);
    while (!stopping) {
      const auto before = connections.load();
      if (conninfo) listen(*conninfo);
      connected = false;  // lost, or not there yet: the next turn tries again
      if (connections != before) pause = config.backoff_first;
      if (!await(-1, pause)) return;
      pause = std::min(pause * 2, config.backoff_limit);
    }
  }
};

struct Listener::Subscription::Ticket {
  std::shared_ptr<State> state;
  std::list<State::Callback>::iterator place;
};

Listener::Subscription::Subscription(std::unique_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}
Listener::Subscription::Subscription(Subscription&&) noexcept = default;
Listener::Subscription::~Subscription() {
  if (!ticket_) return;
  const std::lock_guard lock(ticket_->state->callbacks_mutex);
  ticket_->state->callbacks.erase(ticket_->place);
}

Listener::Listener(ListenerConfig config) : state_(std::make_shared<State>(std::move(config))) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}
Listener::~Listener() { stop(); }

void Listener::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->woken.notify_all();
  const std::uint64_t one = 1;
  (void)!::write(state_->stop_signal, &one, sizeof one);
  const std::lock_guard lock(state_->thread_mutex);
  if (state_->thread.joinable()) state_->thread.join();
}

std::uint64_t Listener::count(std::string_view channel) const {
  const std::lock_guard lock(state_->mutex);
  const auto at = state_->counts.find(channel);
  return at == state_->counts.end() ? 0 : at->second;
}

std::uint64_t Listener::wait(std::string_view channel, std::uint64_t seen, Deadline deadline) {
  std::unique_lock lock(state_->mutex);
  const auto now = [&] {
    const auto at = state_->counts.find(channel);
    return at == state_->counts.end() ? std::uint64_t{0} : at->second;
  };
  state_->woken.wait_until(lock, deadline, [&] { return state_->stopping || now() != seen; });
  return now();
}

Listener::Subscription Listener::subscribe(std::string_view channel, std::function<void()> on_wake_up) {
  const std::lock_guard lock(state_->callbacks_mutex);
  state_->callbacks.push_back({std::string(channel), std::move(on_wake_up)});
  return Subscription(std::unique_ptr<Subscription::Ticket>(
      new Subscription::Ticket{state_, std::prev(state_->callbacks.end())}));
}

bool Listener::connected() const { return state_->connected; }
std::uint64_t Listener::connections() const { return state_->connections; }

}  // namespace pratique::pg
