#include "libs/net/https_client.h"

#include <utility>

#include <poll.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>

#include "libs/net/deadline.h"
#include "libs/net/resolve.h"
#include "libs/net/tls_context.h"

namespace pratique::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;
using ResponseParser = wire::response_parser<wire::vector_body<std::uint8_t>>;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBufferBeyondHeader = 64 << 10;
constexpr std::chrono::milliseconds kGoodbye{200};
constexpr int kMaxInterimResponses = 8;  // 1xx before the final one

Error too_late(std::string_view reason, std::string_view message) {
  return {.code = ErrorCode::deadline_exceeded, .reason = std::string(reason), .message = std::string(message)};
}

Error connect_error(const error_code& failed, const std::string& where) {
  const auto message = "cannot connect to " + where + ": " + failed.message();
  if (failed == asio::error::connection_refused) return unavailable("CONNECT_REFUSED", message);
  if (failed == asio::error::timed_out) return too_late("CONNECT_TIMEOUT", message);
  return unavailable("CONNECT_FAILED", message);
}

bool is_wire_error(const error_code& failed) {
  static const auto& category = wire::make_error_code(wire::error::bad_method).category();
  return failed.category() == category;
}

}  // namespace

struct HttpsClient::Impl {
  explicit Impl(HttpsClientOptions options_in) : options(std::move(options_in)) {}

  // Everything that lives and dies with one connection. The notes outlive the stream.
  struct Connection {
    explicit Connection(asio::io_context& io, std::size_t buffer_size) : plain(io), buffer(buffer_size) {}
    TlsNotes notes;
    tcp::socket plain;
    std::optional<TlsStream> tls;
    beast::flat_buffer buffer;
    bool used = false;  // an exchange was completed on it
    tcp::socket& socket() { return tls ? tls->next_layer() : plain; }
  };

  // Runs a coroutine to its end on this thread.
  template <typename T>
  Result<T> run(asio::awaitable<Result<T>> work) {
    std::optional<Result<T>> result;
    std::exception_ptr thrown;
    asio::co_spawn(io, store(std::move(work), result), [&](std::exception_ptr exception) { thrown = exception; });
    io.restart();
    io.run();
    if (thrown != nullptr || !result) return internal("HTTP_CLIENT_DEFECT", "the exchange ended without a result");
    return *std::move(result);
  }
  template <typename T>
  static asio::awaitable<void> store(asio::awaitable<Result<T>> work, std::optional<Result<T>>& result) {
    result = co_await std::move(work);
  }

  bool is_tls() const { return options.server.scheme == "https"; }

  // --- connecting ----------------------------------------------------------------------------------------------

  Result<void> connect() {
    if (connection && !peer_has_closed()) return {};
    connection.reset();
    peer = {};
    const auto start = Clock::now();
    const Endpoint own{.host = options.server.host, .port = options.server.port};
    const Endpoint where = options.connect_to.value_or(own);
    TRY(const auto addresses, resolve(where.host, options.connect_timeout));
    if (is_tls() && context == nullptr) {
      TRY(auto made, make_client_context(options));
      context = std::make_unique<asio::ssl::context>(made.release());
    }
    connection = std::make_unique<Connection>(io, options.max_response_header_bytes + kBufferBeyondHeader);
    auto result = run(reach(addresses, where, start + options.connect_timeout));
    if (result && is_tls()) result = run(shake_hands());
    if (!result) connection.reset();
    return result;
  }

  asio::awaitable<Result<void>> reach(const Addresses& addresses, const Endpoint& where, Clock::time_point end) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto& socket = connection->plain;
    Error last = too_late("CONNECT_TIMEOUT", "no address of " + where.text() + " was found in time");
    for (const auto& text : addresses) {
      const auto remaining = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
      if (remaining.count() <= 0) break;
      const tcp::endpoint endpoint(asio::ip::make_address(text, failed), where.port);
      if (failed) {
        last = unavailable("CONNECT_FAILED", "cannot use the address '" + text + "': " + failed.message());
        continue;
      }
      socket.close(failed);
      Deadline deadline(socket);
      deadline.arm(remaining, Deadline::Act::close);
      co_await socket.async_connect(endpoint, token);
      if (deadline.expired()) {
        last = too_late("CONNECT_TIMEOUT", "no answer from " + where.text() + " in time");
        break;
      }
      if (!failed) {
        socket.set_option(tcp::no_delay(true), failed);
        peer.remote = endpoint_text(endpoint);
        peer.remote_address = address_text(endpoint.address());
        co_return Result<void>();
      }
      last = connect_error(failed, where.text());
    }
    co_return last;
  }

  asio::awaitable<Result<void>> shake_hands() {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    connection->tls.emplace(std::move(connection->plain), *context);
    auto& stream = *connection->tls;
    SSL* ssl = stream.native_handle();
    attach_notes(ssl, connection->notes);
    if (auto prepared = prepare_client(ssl, options); !prepared) co_return prepared;
    Deadline deadline(stream.next_layer());
    deadline.arm(options.handshake_timeout, Deadline::Act::close);
    co_await stream.async_handshake(asio::ssl::stream_base::client, token);
    deadline.disarm();
    if (failed) co_return handshake_error(failed, deadline.expired());
    auto read = read_peer(ssl, TlsSide::client);
    if (!read) co_return std::move(read).error();
    read->remote = std::move(peer.remote);
    read->remote_address = std::move(peer.remote_address);
    peer = *std::move(read);
    co_return Result<void>();
  }

  Error handshake_error(const error_code& failed, bool timed_out) {
    auto& notes = connection->notes;
    const auto whom = "the TLS handshake with " + peer.remote;
    if (timed_out) return too_late("TLS_HANDSHAKE_TIMEOUT", whom + " took too long");
    if (!notes.untrusted.empty()) {
      peer.chain = std::move(notes.refused);
      return Error{.code = ErrorCode::unauthenticated,
                   .reason = "TLS_SERVER_UNTRUSTED",
                   .message = "the server's certificate is not trusted: " + notes.untrusted}
          .with("verdict", notes.untrusted)
          .with("depth", std::to_string(notes.untrusted_depth))
          .with("subject", notes.untrusted_subject);
    }
    if (!notes.alert_received.empty())
      return unavailable("TLS_HANDSHAKE_FAILED", whom + " was refused with the alert '" + notes.alert_received + "'")
          .with("alert", notes.alert_received);
    return unavailable("TLS_HANDSHAKE_FAILED", whom + " failed: " + failed.message());
  }

  // A FIN that came between exchanges: the server let an idle connection go.
  bool peer_has_closed() const {
    pollfd state{.fd = connection->socket().native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&state, 1, 0) > 0;
  }

  // --- exchanging ----------------------------------------------------------------------------------------------

  Result<http::Response> send(const HttpCall& call) {
    TRY_VOID(check(call));
    const bool may_connect = !is_tls() || options.verification == ServerVerification::verify_with_anchors;
    if (connection && connection->used && peer_has_closed()) connection.reset();
    if (!connection) {
      if (!may_connect)
        return failed_precondition("NOT_CONNECTED",
                                   "there is no connection, and trust in a server whose certificate is only recorded "
                                   "does not carry over to another: call connect()");
      TRY_VOID(connect());
    }
    const auto limit = call.max_response_bytes.value_or(options.max_response_bytes);
    auto result = connection->tls ? run(exchange(*connection->tls, call, limit))
                                  : run(exchange(connection->plain, call, limit));
    if (!result) {
      connection.reset();
      return result;
    }
    connection->used = true;
    if (!keep) connection.reset();
    TRY_VOID(check_type(call, *result));
    return result;
  }

  static Result<void> check(const HttpCall& call) {
    const auto bad = [](std::string_view what) { return invalid("REQUEST_INVALID", what); };
    if (!http::is_token(call.method)) return bad("the method is no token");
    const auto odd = [](char c) { return c <= ' ' || c > '~' || c == '#'; };
    if (!call.target.starts_with('/') || std::ranges::any_of(call.target, odd))
      return bad("the target must be a path, its odd characters escaped");
    for (const auto& [name, value] : call.headers)
      if (!http::is_token(name) || !http::is_field_value(value))
        return bad("the header field '" + name + "' is malformed");
    return {};
  }

  static Result<void> check_type(const HttpCall& call, const http::Response& response) {
    const bool success = response.status >= 200 && response.status <= 299;
    if (call.accepted_types.empty() || !success || response.body.empty()) return {};
    const auto type = response.content_type();
    for (const auto& accepted : call.accepted_types)
      if (beast::iequals(type, accepted)) return {};
    return invalid("RESPONSE_TYPE_REFUSED", "the response is of another type than asked for")
        .with("content_type", type);
  }

  wire::request<wire::span_body<const std::uint8_t>> encode(const HttpCall& call) const {
    wire::request<wire::span_body<const std::uint8_t>> message;
    message.version(11);
    message.method_string(call.method);
    message.target(call.target);
    message.set(wire::field::host, options.server.authority());
    for (const auto& [name, value] : call.headers) {
      const auto known = wire::string_to_field(name);
      if (known == wire::field::content_length || known == wire::field::transfer_encoding ||
          known == wire::field::connection || known == wire::field::host)
        continue;
      message.insert(name, value);
    }
    if (!call.accepted_types.empty() && !call.headers.contains("Accept")) {
      std::string accept;
      for (const auto& type : call.accepted_types) accept += (accept.empty() ? "" : ", ") + type;
      message.set(wire::field::accept, accept);
    }
    message.body() = {call.body.data(), call.body.size()};
    if (!call.body.empty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH")
      message.content_length(call.body.size());
    return message;
  }

  template <typename Stream>
  asio::awaitable<Result<http::Response>> exchange(Stream& stream, const HttpCall& call, std::size_t limit) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    Deadline deadline(connection->socket());
    deadline.arm(call.timeout.value_or(options.exchange_timeout), Deadline::Act::close);

    auto message = encode(call);
    co_await wire::async_write(stream, message, token);
    // A server may answer, and close, before it has read the whole request (413): so read even then.
    const bool cut_short = static_cast<bool>(failed);
    std::optional<ResponseParser> parser;
    for (int interim = 0;; ++interim) {
      parser.emplace();
      parser->header_limit(static_cast<std::uint32_t>(options.max_response_header_bytes));
      parser->body_limit(limit);
      if (call.method == "HEAD") parser->skip(true);
      failed = {};
      co_await wire::async_read_header(stream, connection->buffer, *parser, token);
      // Beast 1.74 forgets a Content-Length over the limit when it reads header and body in one go.
      if (!failed && call.method != "HEAD" && parser->content_length().value_or(0) > limit)
        failed = wire::error::body_limit;
      if (!failed && !parser->is_done()) co_await wire::async_read(stream, connection->buffer, *parser, token);
      if (failed || parser->get().result_int() >= 200 || interim == kMaxInterimResponses) break;
    }
    deadline.disarm();
    if (failed) co_return exchange_error(failed, deadline.expired());
    if (parser->get().result_int() < 200) co_return invalid("RESPONSE_MALFORMED", "too many interim responses");
    auto& answer = parser->get();
    keep = !cut_short && answer.keep_alive() && !answer.need_eof();
    http::Response response;
    response.status = static_cast<int>(answer.result_int());
    for (const auto& field : answer) response.headers.add(std::string(field.name_string()), std::string(field.value()));
    response.body = std::move(answer.body());
    co_return response;
  }

  Error exchange_error(const error_code& failed, bool timed_out) const {
    const auto whom = "the exchange with " + options.server.authority();
    if (timed_out) return too_late("EXCHANGE_TIMEOUT", whom + " took too long");
    if (const auto& alert = connection->notes.alert_received; !alert.empty())
      return unavailable("TLS_ALERT_RECEIVED", whom + " was ended with the alert '" + alert + "'").with("alert", alert);
    const bool body_over = failed == wire::error::body_limit;
    if (body_over || failed == wire::error::header_limit || failed == wire::error::buffer_overflow)
      return Error{.code = ErrorCode::resource_exhausted,
                   .reason = "RESPONSE_TOO_LARGE",
                   .message = body_over ? "the body of the response is over the limit"
                                        : "the header of the response is over the limit"};
    if (failed == wire::error::end_of_stream || failed == wire::error::partial_message || !is_wire_error(failed))
      return unavailable("CONNECTION_CLOSED", whom + " broke off: " + failed.message());
    return invalid("RESPONSE_MALFORMED", "the response is no valid HTTP: " + failed.message());
  }

  // close_notify goes out; the peer's is not awaited.
  void close() {
    if (connection && connection->tls && SSL_is_init_finished(connection->tls->native_handle()) == 1) {
      asio::co_spawn(io, say_goodbye(), asio::detached);
      io.restart();
      io.run();
    }
    connection.reset();
  }
  asio::awaitable<void> say_goodbye() {
    error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    // With our reading side ended first, the wait for the peer's close_notify ends at once.
    connection->socket().shutdown(tcp::socket::shutdown_receive, ignored);
    Deadline deadline(connection->socket());
    deadline.arm(kGoodbye, Deadline::Act::close);
    co_await connection->tls->async_shutdown(token);
    deadline.disarm();
  }

  HttpsClientOptions options;
  PeerInfo peer;
  bool keep = false;
  asio::io_context io{1};
  std::unique_ptr<asio::ssl::context> context;
  std::unique_ptr<Connection> connection;
};

HttpsClient::HttpsClient(HttpsClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpsClient::HttpsClient(HttpsClient&&) noexcept = default;
HttpsClient& HttpsClient::operator=(HttpsClient&&) noexcept = default;
HttpsClient::~HttpsClient() {
  if (impl_ != nullptr) impl_->close();
}

Result<void> HttpsClient::connect() { return impl_->connect(); }
bool HttpsClient::connected() const { return impl_->connection != nullptr && !impl_->peer_has_closed(); }
const PeerInfo& HttpsClient::peer() const { return impl_->peer; }
Result<http::Response> HttpsClient::send(const HttpCall& call) { return impl_->send(call); }
void HttpsClient::close() { impl_->close(); }

Result<http::Response> http_get(const Url& url, HttpsClientOptions options, std::vector<std::string> accepted_types) {
  options.server = url;
  HttpsClient client(std::move(options));
  HttpCall call;
  call.target = url.target();
  call.accepted_types = std::move(accepted_types);
  return client.send(call);
}

}  // namespace pratique::net
