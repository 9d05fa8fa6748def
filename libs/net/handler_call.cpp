#include "libs/net/handler_call.h"

namespace pratique::net {
namespace {

// Belongs to the I/O thread but for `response`, which is the worker's until `finished`.
struct Pending {
  explicit Pending(asio::io_context& io) : done(io, asio::steady_timer::time_point::max()) {}
  asio::steady_timer done;
  std::optional<http::Response> response;  // none: the executor dropped the work
  bool finished = false;
};

// Wakes the connection when the work ends or is dropped. The counters are told last: once they say that no handler
// runs, the server may go.
class Ticket {
 public:
  Ticket(asio::io_context& io, Tally<HttpsServerStats>& tally, std::shared_ptr<Pending> pending)
      : io_(&io), tally_(&tally), pending_(std::move(pending)) {
    tally.count([](auto& stats) { ++stats.running_handlers; });
  }
  Ticket(Ticket&& other) noexcept : io_(other.io_), tally_(other.tally_), pending_(std::move(other.pending_)) {}
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (pending_ == nullptr) return;
    asio::post(*io_, [pending = std::move(pending_)] {
      pending->finished = true;
      pending->done.cancel();
    });
    tally_->count([](auto& stats) { --stats.running_handlers; });
  }
  void answer(http::Response response) { pending_->response = std::move(response); }

 private:
  asio::io_context* io_;
  Tally<HttpsServerStats>* tally_;
  std::shared_ptr<Pending> pending_;
};

// What the executor is given. The ticket goes last.
struct Work {
  Ticket ticket;
  std::shared_ptr<const HttpHandler> handler;
  std::shared_ptr<const PeerInfo> peer;
  http::Request request;

  void operator()() {
    try {
      ticket.answer((*handler)(request, *peer));
    } catch (...) {
      // A handler returns its errors; whatever it throws is a defect that must not end the other connections.
      ticket.answer(http::respond_text(500, "Internal Server Error"));
    }
  }
};

}  // namespace

asio::awaitable<std::optional<http::Response>> call_handler(asio::io_context& io, Executor& executor,
                                                            Tally<HttpsServerStats>& tally,
                                                            std::shared_ptr<const HttpHandler> handler,
                                                            http::Request request,
                                                            std::shared_ptr<const PeerInfo> peer) {
  const auto pending = std::make_shared<Pending>(io);
  Work work{.ticket = Ticket(io, tally, pending), .handler = std::move(handler), .peer = std::move(peer),
            .request = std::move(request)};
  const bool taken = executor.try_post(std::move(work));
  if (!taken) co_return std::nullopt;
  error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  while (!pending->finished) co_await pending->done.async_wait(token);
  co_return std::move(pending->response);
}

}  // namespace pratique::net
