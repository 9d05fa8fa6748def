#include "libs/net/tcp_proxy.h"

#include "libs/net/asio.h"

#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include "libs/net/deadline.h"
#include "libs/net/listener.h"
#include "libs/net/resolve.h"
#include "libs/net/tally.h"

namespace pratique::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunk = 16 << 10;

// The I/O context as a look-up thread may still see it after the proxy is gone.
struct Gate {
  std::mutex mutex;
  asio::io_context* io = nullptr;
};

struct Lookup {
  explicit Lookup(asio::io_context& io) : arrived(io) {}
  asio::steady_timer arrived;
  std::optional<Result<Addresses>> result;
};

// One direction of a pipe.
struct Flow {
  explicit Flow(asio::io_context& io) : pace(io) {}
  asio::steady_timer pace;
  Clock::time_point paid_until = {};  // when the bytes so far are within max_bytes_per_second
};

// One connection on both sides. Lives as long as one of its coroutines.
struct Pipe {
  Pipe(asio::io_context& io, tcp::socket accepted)
      : device(std::move(accepted)), upstream(io), watch(io), to_upstream(io), to_device(io) {}

  void close() {
    error_code ignored;
    closed = true;
    device.close(ignored);
    upstream.close(ignored);
    watch.cancel();
    to_upstream.pace.cancel();
    to_device.pace.cancel();
  }

  tcp::socket device;
  tcp::socket upstream;
  asio::steady_timer watch;
  Flow to_upstream;
  Flow to_device;
  Clock::time_point begun = Clock::now();
  Clock::time_point last_byte = begun;
  std::uint64_t bytes = 0;
  int flows = 2;  // that have not ended
  bool closed = false;
};

}  // namespace

struct TcpProxy::Impl {
  using Place = ConnectionBook<TcpProxyStats>::Place;

  explicit Impl(TcpProxyConfig config_in)
      : config(std::move(config_in)),
        book({config.limits.max_connections, config.limits.max_connections_per_source}, tally, &TcpProxyStats::open),
        acceptor(io) {
    gate->io = &io;
  }

  Result<void> start() {
    TRY_VOID(check(config.upstreams));
    const auto& limits = config.limits;
    if (limits.max_connections == 0 || limits.max_connections_per_source == 0 || limits.max_bytes == 0)
      return invalid("PROXY_CONFIG_INVALID", "limits must not be zero");
    TRY_VOID(listen_on(acceptor, config.listen, "PROXY_CONFIG_INVALID"));
    bound_port = acceptor.local_endpoint().port();
    const auto admit = [this](tcp::socket socket, const tcp::endpoint&, Place place) {
      serve(std::move(socket), std::move(place));
    };
    asio::co_spawn(io, accept_loop(acceptor, book, admit), asio::detached);
    thread = std::thread([this] { io.run(); });
    return {};
  }

  static Result<void> check(const std::vector<Endpoint>& upstreams) {
    if (upstreams.empty()) return invalid("PROXY_CONFIG_INVALID", "there is no upstream");
    for (const auto& upstream : upstreams)
      if (upstream.host.empty() || upstream.port == 0)
        return invalid("PROXY_CONFIG_INVALID", "the upstream '" + upstream.text() + "' lacks host or port");
    return {};
  }

  // --- on the I/O thread ---------------------------------------------------------------------------------------

  void serve(tcp::socket socket, Place place) {
    auto pipe = std::make_shared<Pipe>(io, std::move(socket));
    pipes.push_back(pipe);
    asio::co_spawn(io, carry(std::move(pipe), std::move(place)), asio::detached);
  }

  asio::awaitable<void> carry(std::shared_ptr<Pipe> pipe, Place) {
    const bool reached = co_await reach_upstream(*pipe);
    if (reached) {
      pipe->last_byte = Clock::now();
      asio::co_spawn(io, copy(pipe, false), asio::detached);
      asio::co_spawn(io, copy(pipe, true), asio::detached);
      co_await watch(*pipe);
    } else {
      tally.count([](auto& stats) { ++stats.no_upstream; });
    }
    pipe->close();
    std::erase(pipes, pipe);
  }

  // Tries every upstream once, beginning with the next in turn.
  asio::awaitable<bool> reach_upstream(Pipe& pipe) {
    const auto upstreams = current_upstreams();
    const auto first = turn++;
    for (std::size_t i = 0; i < upstreams.size() && !pipe.closed; ++i) {
      const auto& upstream = upstreams[(first + i) % upstreams.size()];
      const bool connected = co_await connect_to(pipe, upstream);
      if (connected && !pipe.closed) co_return true;
      tally.count([](auto& stats) { ++stats.upstream_connect_failed; });
    }
    co_return false;
  }

  asio::awaitable<bool> connect_to(Pipe& pipe, const Endpoint& upstream) {
    const auto end = Clock::now() + config.limits.connect_timeout;
    const auto addresses = co_await look_up(upstream.host);
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    for (const auto& text : addresses) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
      if (left.count() <= 0 || pipe.closed) break;
      const tcp::endpoint endpoint(asio::ip::make_address(text, failed), upstream.port);
      if (failed) continue;
      pipe.upstream.close(failed);
      Deadline deadline(pipe.upstream);
      deadline.arm(left, Deadline::Act::close);
      co_await pipe.upstream.async_connect(endpoint, token);
      if (failed || deadline.expired()) continue;
      pipe.upstream.set_option(tcp::no_delay(true), failed);
      co_return true;
    }
    co_return false;
  }

  // Empty where the name has no address, or none in time.
  asio::awaitable<Addresses> look_up(std::string host) {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    const auto lookup = std::make_shared<Lookup>(io);
    lookup->arrived.expires_after(config.limits.connect_timeout);
    resolve_async(host, [gate = gate, waiting = std::weak_ptr(lookup)](Result<Addresses> result) {
      const std::lock_guard lock(gate->mutex);
      if (gate->io == nullptr) return;
      asio::post(*gate->io, [waiting, result = std::move(result)]() mutable {
        const auto still = waiting.lock();
        if (still == nullptr) return;
        still->result = std::move(result);
        still->arrived.cancel();
      });
    });
    co_await lookup->arrived.async_wait(token);
    if (!lookup->result || !*lookup->result) co_return Addresses();
    co_return **std::move(lookup->result);
  }

  asio::awaitable<void> copy(std::shared_ptr<Pipe> pipe, bool towards_upstream) {
    auto& from = towards_upstream ? pipe->device : pipe->upstream;
    auto& to = towards_upstream ? pipe->upstream : pipe->device;
    auto& flow = towards_upstream ? pipe->to_upstream : pipe->to_device;
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    std::array<std::uint8_t, kChunk> chunk;
    while (!pipe->closed) {
      auto space = asio::buffer(chunk);
      const std::size_t size = co_await from.async_read_some(space, token);
      if (failed || pipe->closed) break;
      if (pipe->bytes + size > config.limits.max_bytes) {
        tally.count([](auto& stats) { ++stats.ended_byte_limit; });
        pipe->close();
        break;
      }
      pipe->bytes += size;
      auto bytes = asio::buffer(chunk.data(), size);
      co_await asio::async_write(to, bytes, token);
      if (failed) break;
      pipe->last_byte = Clock::now();
      tally.count([&](auto& stats) {
        (towards_upstream ? stats.bytes_to_upstream : stats.bytes_to_downstream) += size;
      });
      if (const auto rate = config.limits.max_bytes_per_second; rate > 0) {
        flow.paid_until = std::max(flow.paid_until, Clock::now()) + std::chrono::microseconds(size * 1'000'000 / rate);
        flow.pace.expires_at(flow.paid_until);
        co_await flow.pace.async_wait(token);
      }
    }
    // The end of one direction is passed on; the other goes on until its own. Any other failure ends both.
    if (failed == asio::error::eof && !pipe->closed) to.shutdown(tcp::socket::shutdown_send, failed);
    else pipe->close();
    if (--pipe->flows == 0) pipe->close();
  }

  // Returns when the pipe is closed, having closed it where a limit of time was over.
  asio::awaitable<void> watch(Pipe& pipe) {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    const auto end = pipe.begun + config.limits.lifetime;
    while (!pipe.closed) {
      const auto idle_end = pipe.last_byte + config.limits.idle_timeout;
      const auto now = Clock::now();
      if (now >= end || now >= idle_end) {
        tally.count([&](auto& stats) { ++(now >= end ? stats.ended_lifetime : stats.ended_idle); });
        pipe.close();
        break;
      }
      pipe.watch.expires_at(std::min(end, idle_end));
      co_await pipe.watch.async_wait(token);
    }
  }

  std::vector<Endpoint> current_upstreams() const {
    const std::lock_guard lock(upstreams_mutex);
    return config.upstreams;
  }

  // --- on any thread -------------------------------------------------------------------------------------------

  bool stop(std::chrono::milliseconds grace) {
    const std::lock_guard once(stop_mutex);
    if (!thread.joinable()) return stop_result.value_or(true);
    asio::post(io, [this] {
      error_code ignored;
      acceptor.close(ignored);
      tally.count([this](auto&) { stopped_accepting = true; });
    });
    const auto ended = [this](const TcpProxyStats& stats) { return stopped_accepting && stats.open == 0; };
    stop_result = tally.wait_until(grace, ended);
    if (!*stop_result)
      asio::post(io, [this] {
        for (const auto& pipe : pipes) pipe->close();
      });
    thread.join();
    return *stop_result;
  }

  ~Impl() {
    stop(std::chrono::milliseconds(0));
    const std::lock_guard lock(gate->mutex);
    gate->io = nullptr;
  }

  TcpProxyConfig config;
  std::uint16_t bound_port = 0;
  Tally<TcpProxyStats> tally;
  mutable std::mutex upstreams_mutex;
  std::mutex stop_mutex;
  std::optional<bool> stop_result;
  bool stopped_accepting = false;  // under the tally's lock
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  // The I/O thread's own:
  ConnectionBook<TcpProxyStats> book;
  std::list<std::shared_ptr<Pipe>> pipes;
  std::size_t turn = 0;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
};

TcpProxy::TcpProxy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TcpProxy::~TcpProxy() = default;

Result<std::unique_ptr<TcpProxy>> TcpProxy::start(TcpProxyConfig config) {
  auto impl = std::make_unique<Impl>(std::move(config));
  TRY_VOID(impl->start());
  return std::unique_ptr<TcpProxy>(new TcpProxy(std::move(impl)));
}

std::uint16_t TcpProxy::port() const { return impl_->bound_port; }
TcpProxyStats TcpProxy::stats() const { return impl_->tally.stats(); }

Result<void> TcpProxy::set_upstreams(std::vector<Endpoint> upstreams) {
  TRY_VOID(Impl::check(upstreams));
  const std::lock_guard lock(impl_->upstreams_mutex);
  impl_->config.upstreams = std::move(upstreams);
  return {};
}

bool TcpProxy::stop(std::chrono::milliseconds grace) { return impl_->stop(grace); }

}  // namespace pratique::net
