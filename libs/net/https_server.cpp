#include "libs/net/https_server.h"

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <ctime>
#include <limits>
#include <list>
#include <mutex>
#include <thread>

#include "libs/net/deadline.h"
#include "libs/net/listener.h"
#include "libs/net/tally.h"
#include "libs/net/tls_context.h"
#include "libs/net/url.h"

namespace pratique::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;
using Body = wire::vector_body<std::uint8_t>;
using Parser = wire::request_parser<Body>;
using namespace std::chrono_literals;

constexpr std::size_t kReadChunk = 4096;
constexpr std::size_t kBufferBeyondHeader = 16 << 10;
// After an answer to a request that was not read to its end, what still comes is read and dropped: a socket closed
// over unread bytes resets the connection, and the answer may be lost with it.
constexpr std::chrono::milliseconds kLinger = 1s;
constexpr std::size_t kLingerBytes = 1 << 20;
constexpr std::chrono::milliseconds kAcceptPause = 50ms;  // when out of file descriptors

// A connection, as the I/O thread keeps it for stop().
struct Connection {
  // disposable: nothing is lost by closing it (handshaking, taking leave).
  enum class State { disposable, idle, busy };
  tcp::socket* socket = nullptr;
  State state = State::disposable;
};

// A request that a worker holds; belongs to the I/O thread but for `response`, which is the worker's until `finished`.
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
  std::shared_ptr<const HttpsServer::Handler> handler;
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

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

// The status that tells the peer of a failed read; 0: there is nobody to tell.
int status_of(const error_code& failed, bool timed_out) {
  if (timed_out) return 408;
  if (failed == wire::error::end_of_stream) return 0;
  if (failed == wire::error::header_limit) return 431;
  if (failed == wire::error::body_limit) return 413;
  if (failed == wire::error::bad_version) return 505;
  static const auto& http_errors = wire::make_error_code(wire::error::bad_method).category();
  return failed.category() == http_errors ? 400 : 0;
}

std::string handshake_failure(const error_code& failed, const TlsNotes& notes, bool timed_out) {
  if (timed_out) return "timeout";
  if (!notes.alert_received.empty()) return "alert: " + notes.alert_received;
  if (failed.category() != asio::error::get_ssl_category()) return "closed";
  const auto words = failed.message();
  if (words == "peer did not return a certificate") return "no client certificate";
  if (words == "http request" || words == "wrong version number") return "not TLS";
  return words;
}

// What RFC 9112 wants of a request before its body is read; the status that refuses it, or 0.
int check_head(const Parser& parser) {
  const auto& head = parser.get();
  const auto hosts = head.count(wire::field::host);
  if (hosts > 1 || (hosts == 0 && head.version() >= 11)) return 400;  // section 3.2
  if (const auto coding = head[wire::field::transfer_encoding]; !coding.empty()) {
    if (head.version() < 11 || !beast::iequals(coding, "chunked")) return 400;  // section 6.1
  }
  if (head.count(wire::field::transfer_encoding) > 1) return 400;
  if (const auto expect = head[wire::field::expect]; !expect.empty() && !beast::iequals(expect, "100-continue"))
    return 417;
  return 0;
}

// Fills everything but the body; false for a target that is neither origin-form nor absolute-form nor "*".
bool read_head(const Parser& parser, const PeerInfo& peer, http::Request& request) {
  const auto& head = parser.get();
  request.method = std::string(head.method_string());
  request.target = std::string(head.target());
  request.peer = peer.remote;
  for (const auto& field : head) request.headers.add(std::string(field.name_string()), std::string(field.value()));
  if (request.target.contains('#')) return false;
  if (request.target.starts_with('/') || request.target == "*") {
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    if (question != std::string::npos) request.query = request.target.substr(question + 1);
    return true;
  }
  auto url = parse_url(request.target, UrlSchemes::http_and_https);
  if (!url) return false;
  request.path = std::move(url->path);
  request.query = std::move(url->query);
  return true;
}

bool is_sendable(const http::Response& response) {
  if (response.status < 200 || response.status > 599) return false;
  for (const auto& [name, value] : response.headers)
    if (!http::is_token(name) || !http::is_field_value(value)) return false;
  return true;
}

template <typename Message>
void fill_head(Message& message, const http::Response& response, bool keep) {
  message.result(static_cast<unsigned>(response.status));
  const auto phrase = http::reason_phrase(response.status);
  message.reason({phrase.data(), phrase.size()});
  message.set(wire::field::date, http_date());
  for (const auto& [name, value] : response.headers) {
    const auto known = wire::string_to_field(name);
    if (known == wire::field::content_length || known == wire::field::transfer_encoding ||
        known == wire::field::connection)
      continue;
    message.insert(name, value);
  }
  message.keep_alive(keep);
}

}  // namespace

struct HttpsServer::Impl {
  Impl(HttpsServerConfig config_in, Executor& executor_in, Handler handler_in)
      : config(std::move(config_in)),
        executor(executor_in),
        handler(std::make_shared<const Handler>(std::move(handler_in))),
        acceptor(io) {}

  Result<void> start() {
    if (config.max_connections == 0 || config.max_connections_per_source == 0 || config.max_header_bytes < 256 ||
        config.max_requests_per_connection == 0 || *handler == nullptr)
      return invalid("SERVER_CONFIG_INVALID", "limits must not be 0, the header limit at least 256, a handler given");
    TRY_VOID(listen_on(acceptor, config.listen, "SERVER_CONFIG_INVALID"));
    bound_port = acceptor.local_endpoint().port();
    asio::co_spawn(io, accept_loop(), asio::detached);
    thread = std::thread([this] { io.run(); });
    return {};
  }

  Result<void> use_identity(const TlsIdentity& identity) {
    TRY(auto made, make_server_context(identity, config.client_certificate, config.versions));
    auto fresh = std::make_shared<asio::ssl::context>(made.release());
    const std::lock_guard lock(context_mutex);
    context = std::move(fresh);
    return {};
  }

  // --- on the I/O thread ---------------------------------------------------------------------------------------

  asio::awaitable<void> accept_loop() {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    asio::steady_timer pause(io);
    while (acceptor.is_open()) {
      tcp::socket socket(io);
      co_await acceptor.async_accept(socket, token);
      if (!acceptor.is_open()) break;
      if (failed) {
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(token);
        continue;
      }
      admit(std::move(socket));
    }
  }

  void admit(tcp::socket socket) {
    error_code failed;
    const auto remote = socket.remote_endpoint(failed);
    if (failed) return;
    tally.count([](auto& stats) { ++stats.accepted; });
    if (connections.size() >= config.max_connections)
      return tally.count([](auto& stats) { ++stats.refused_total_limit; });
    auto address = address_text(remote.address());
    if (const auto known = per_source.find(address);
        known != per_source.end() && known->second >= config.max_connections_per_source)
      return tally.count([](auto& stats) { ++stats.refused_source_limit; });
    socket.set_option(tcp::no_delay(true), failed);
    PeerInfo peer;
    peer.remote = endpoint_text(remote);
    peer.remote_address = std::move(address);
    asio::co_spawn(io, serve(std::move(socket), std::move(peer)), asio::detached);
  }

  // Keeps a connection in the books while it lives.
  class Entry {
   public:
    Entry(Impl& impl, std::string address) : impl_(impl), address_(std::move(address)) {
      at_ = impl_.connections.emplace(impl_.connections.end());
      ++impl_.per_source[address_];
      impl_.tally.count([](auto& stats) { ++stats.open_connections; });
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      impl_.connections.erase(at_);
      if (const auto source = impl_.per_source.find(address_); --source->second == 0) impl_.per_source.erase(source);
      impl_.tally.count([](auto& stats) { --stats.open_connections; });
    }
    Connection* operator->() const { return &*at_; }
    Connection& operator*() const { return *at_; }

   private:
    Impl& impl_;
    std::string address_;
    std::list<Connection>::iterator at_;
  };

  asio::awaitable<void> serve(tcp::socket socket, PeerInfo peer) {
    Entry entry(*this, peer.remote_address);
    if (tls_context() == nullptr) {
      entry->socket = &socket;
      Deadline deadline(socket);
      const auto shared_peer = std::make_shared<const PeerInfo>(std::move(peer));
      co_await serve_requests(socket, deadline, *entry, shared_peer);
      entry->socket = nullptr;
      co_return;
    }
    const auto current = tls_context();
    TlsNotes notes;  // outlives the stream
    TlsStream stream(std::move(socket), *current);
    entry->socket = &stream.next_layer();
    Deadline deadline(stream.next_layer());
    const auto shared_peer = co_await handshake(stream, deadline, notes, std::move(peer));
    if (shared_peer != nullptr) co_await serve_requests(stream, deadline, *entry, shared_peer);
    entry->socket = nullptr;
  }

  asio::awaitable<std::shared_ptr<const PeerInfo>> handshake(TlsStream& stream, Deadline& deadline, TlsNotes& notes,
                                                             PeerInfo peer) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    attach_notes(stream.native_handle(), notes);
    deadline.arm(config.handshake_timeout, Deadline::Act::close);
    co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    std::string reason;
    if (failed) {
      reason = handshake_failure(failed, notes, deadline.expired());
    } else if (auto read = read_peer(stream.native_handle(), TlsSide::server); !read) {
      reason = "client certificate unreadable";
    } else {
      read->remote = std::move(peer.remote);
      read->remote_address = std::move(peer.remote_address);
      tally.count([](auto& stats) { ++stats.handshakes; });
      co_return std::make_shared<const PeerInfo>(*std::move(read));
    }
    tally.count([&](auto& stats) { ++stats.handshakes_failed[reason]; });
    if (config.on_handshake_failed) config.on_handshake_failed(peer.remote, reason);
    co_await drain(stream.next_layer(), deadline);
    co_return nullptr;
  }

  template <typename Stream>
  asio::awaitable<void> serve_requests(Stream& stream, Deadline& deadline, Connection& connection,
                                       std::shared_ptr<const PeerInfo> peer) {
    beast::flat_buffer buffer(config.max_header_bytes + kBufferBeyondHeader);
    for (std::size_t served = 1; served <= config.max_requests_per_connection; ++served) {
      connection.state = Connection::State::idle;
      if (stopping) break;
      const bool more = co_await wait_for_bytes(stream, deadline, buffer);
      if (!more) break;
      connection.state = Connection::State::busy;
      const bool may_keep = served < config.max_requests_per_connection;
      const bool keep = co_await serve_one(stream, deadline, buffer, peer, may_keep);
      if (!keep) break;
    }
    connection.state = Connection::State::disposable;
    co_await finish(stream, deadline);
  }

  template <typename Stream>
  asio::awaitable<bool> wait_for_bytes(Stream& stream, Deadline& deadline, beast::flat_buffer& buffer) {
    if (buffer.size() > 0) co_return true;
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    deadline.arm(config.idle_timeout, Deadline::Act::end_reading);
    auto space = buffer.prepare(kReadChunk);
    const std::size_t size = co_await stream.async_read_some(space, token);
    buffer.commit(size);
    co_return !failed && size > 0;
  }

  // One request and its response; true where the connection may carry another.
  template <typename Stream>
  asio::awaitable<bool> serve_one(Stream& stream, Deadline& deadline, beast::flat_buffer& buffer,
                                  std::shared_ptr<const PeerInfo> peer, bool may_keep) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(config.max_header_bytes));
    // The limit is set when the path is known; no body byte is read before. (boost::none would refuse every length:
    // Beast 1.74 compares with it as if it were less than 0.)
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    deadline.arm(config.header_timeout, Deadline::Act::end_reading);
    co_await wire::async_read_header(stream, buffer, parser, token);
    int refusal = failed ? (failed == wire::error::buffer_overflow ? 431 : status_of(failed, deadline.expired())) : 0;
    if (failed && refusal == 0) co_return false;
    if (refusal == 0) refusal = check_head(parser);

    http::Request request;
    if (refusal == 0 && !read_head(parser, *peer, request)) refusal = 400;
    if (refusal == 0) {
      const auto limit = body_limit(request);
      if (parser.content_length().value_or(0) > limit) refusal = 413;
      parser.body_limit(limit);
    }
    if (refusal == 0 && !parser.is_done()) {
      deadline.arm(config.body_timeout, Deadline::Act::end_reading);
      if (buffer.size() == 0 && parser.get().version() >= 11 && request.headers.contains("Expect")) {
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto bytes = asio::buffer(kContinue);
        co_await asio::async_write(stream, bytes, token);
      }
      if (!failed) co_await wire::async_read(stream, buffer, parser, token);
      if (failed) refusal = status_of(failed, deadline.expired());
      if (failed && refusal == 0) co_return false;
    }
    if (refusal != 0) {
      if (deadline.expired()) tally.count([](auto& stats) { ++stats.timeouts; });
      tally.count([&](auto& stats) { ++stats.refused[refusal]; });
      const auto response = http::respond_text(refusal, http::reason_phrase(refusal));
      co_await write(stream, deadline, response, 11, false, false);
      co_return false;
    }
    deadline.disarm();
    const auto version = parser.get().version();
    const bool asked = parser.keep_alive() && config.keep_alive && may_keep;
    const bool head_only = request.method == "HEAD";
    request.body = std::move(parser.get().body());
    tally.count([](auto& stats) { ++stats.requests; });
    auto response = co_await handle(std::move(request), peer);
    if (!is_sendable(response)) {
      tally.count([](auto& stats) { ++stats.refused[500]; });
      response = http::respond_text(500, "Internal Server Error");
    }
    const bool close = beast::iequals(std::string(response.headers.get("Connection")), "close");
    const bool keep = asked && !stopping && !close;
    const bool written = co_await write(stream, deadline, response, version, keep, head_only);
    co_return written && keep;
  }

  std::size_t body_limit(const http::Request& request) const {
    if (config.body_limit)
      if (const auto limit = config.body_limit(request.method, request.path)) return *limit;
    return config.max_body_bytes;
  }

  asio::awaitable<http::Response> handle(http::Request request, std::shared_ptr<const PeerInfo> peer) {
    const auto pending = std::make_shared<Pending>(io);
    Work work{.ticket = Ticket(io, tally, pending), .handler = handler, .peer = std::move(peer),
              .request = std::move(request)};
    const bool taken = executor.try_post(std::move(work));
    if (taken) {
      error_code failed;
      auto token = asio::redirect_error(asio::use_awaitable, failed);
      while (!pending->finished) co_await pending->done.async_wait(token);
      if (pending->response) co_return *std::move(pending->response);
    }
    tally.count([](auto& stats) { ++stats.refused[503]; });
    auto busy = http::respond_text(503, "Service Unavailable");
    busy.headers.set("Retry-After", std::to_string(config.retry_after.count()));
    co_return busy;
  }

  template <typename Stream>
  asio::awaitable<bool> write(Stream& stream, Deadline& deadline, const http::Response& response, unsigned version,
                              bool keep, bool head_only) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    deadline.arm(config.write_timeout, Deadline::Act::close);
    const bool bodiless = head_only || response.status == 204 || response.status == 304;
    if (bodiless) {
      wire::response<wire::empty_body> message;
      message.version(version);
      fill_head(message, response, keep);
      if (head_only && response.status != 204) message.content_length(response.body.size());
      co_await wire::async_write(stream, message, token);
    } else {
      wire::response<wire::span_body<const std::uint8_t>> message;
      message.version(version);
      message.body() = {response.body.data(), response.body.size()};
      fill_head(message, response, keep);
      message.content_length(response.body.size());
      co_await wire::async_write(stream, message, token);
    }
    if (deadline.expired()) tally.count([](auto& stats) { ++stats.timeouts; });
    deadline.disarm();
    co_return !failed;
  }

  // Takes leave: close_notify, then FIN, then waits a little for the peer's.
  template <typename Stream>
  asio::awaitable<void> finish(Stream& stream, Deadline& deadline) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      error_code ignored;
      auto token = asio::redirect_error(asio::use_awaitable, ignored);
      deadline.arm(kLinger, Deadline::Act::close);
      if (stream.next_layer().is_open()) co_await stream.async_shutdown(token);
      co_await drain(stream.next_layer(), deadline);
    } else {
      co_await drain(stream, deadline);
    }
  }

  asio::awaitable<void> drain(tcp::socket& socket, Deadline& deadline) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    if (socket.is_open()) {
      deadline.arm(kLinger, Deadline::Act::close);
      socket.shutdown(tcp::socket::shutdown_send, failed);
      std::array<std::uint8_t, kReadChunk> scrap;
      auto space = asio::buffer(scrap);
      for (std::size_t dropped = 0; !failed && !stopping && dropped < kLingerBytes;)
        dropped += co_await socket.async_read_some(space, token);
    }
    deadline.disarm();
    socket.close(failed);
  }

  std::shared_ptr<asio::ssl::context> tls_context() const {
    const std::lock_guard lock(context_mutex);
    return context;
  }

  // --- on any thread -------------------------------------------------------------------------------------------

  bool stop(std::chrono::milliseconds grace) {
    const std::lock_guard once(stop_mutex);
    if (!thread.joinable() || stop_result) return stop_result.value_or(true);
    asio::post(io, [this] {
      error_code ignored;
      stopping = true;
      acceptor.close(ignored);
      for (auto& connection : connections) {
        if (connection.socket == nullptr) continue;
        if (connection.state == Connection::State::disposable) connection.socket->close(ignored);
        if (connection.state == Connection::State::idle)
          connection.socket->shutdown(tcp::socket::shutdown_receive, ignored);
      }
      tally.count([this](auto&) { stopped_accepting = true; });
    });
    const auto ended = [this](const HttpsServerStats& stats) {
      return stopped_accepting && stats.open_connections == 0 && stats.running_handlers == 0;
    };
    stop_result = tally.wait_until(grace, ended);
    if (!*stop_result)
      asio::post(io, [this] {
        error_code ignored;
        for (auto& connection : connections)
          if (connection.socket != nullptr) connection.socket->close(ignored);
      });
    return *stop_result;
  }

  ~Impl() {
    stop(std::chrono::milliseconds(0));
    if (thread.joinable()) thread.join();  // returns when the last connection has ended, its handler with it
    tally.wait([](const HttpsServerStats& stats) { return stats.running_handlers == 0; });
  }

  HttpsServerConfig config;
  Executor& executor;
  std::shared_ptr<const Handler> handler;
  std::uint16_t bound_port = 0;
  Tally<HttpsServerStats> tally;
  mutable std::mutex context_mutex;
  std::shared_ptr<asio::ssl::context> context;  // none: plain HTTP
  std::mutex stop_mutex;
  std::optional<bool> stop_result;
  bool stopped_accepting = false;  // under the tally's lock
  // The I/O thread's own:
  std::list<Connection> connections;
  std::map<std::string, std::size_t> per_source;
  bool stopping = false;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
};

HttpsServer::HttpsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpsServer::~HttpsServer() = default;

Result<std::unique_ptr<HttpsServer>> HttpsServer::start(HttpsServerConfig config, TlsIdentity identity,
                                                        Executor& executor, Handler handler) {
  auto impl = std::make_unique<Impl>(std::move(config), executor, std::move(handler));
  TRY_VOID(impl->use_identity(identity));
  TRY_VOID(impl->start());
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(impl)));
}

Result<std::unique_ptr<HttpsServer>> HttpsServer::start_plain(HttpsServerConfig config, Executor& executor,
                                                              Handler handler) {
  auto impl = std::make_unique<Impl>(std::move(config), executor, std::move(handler));
  TRY_VOID(impl->start());
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(impl)));
}

std::uint16_t HttpsServer::port() const { return impl_->bound_port; }
HttpsServerStats HttpsServer::stats() const { return impl_->tally.stats(); }

Result<void> HttpsServer::replace_identity(TlsIdentity identity) {
  if (impl_->tls_context() == nullptr) return failed_precondition("SERVER_IS_PLAIN", "this server speaks plain HTTP");
  return impl_->use_identity(identity);
}

bool HttpsServer::stop(std::chrono::milliseconds grace) { return impl_->stop(grace); }

}  // namespace pratique::net
