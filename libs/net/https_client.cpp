#include "libs/net/https_client.h"

#include <poll.h>

#include "libs/net/channel.h"

#include <boost/beast/core/string.hpp>

#include <algorithm>

#include "libs/net/client_contexts.h"
#include "libs/net/deadline.h"
#include "libs/net/http_writer.h"
#include "libs/net/resolve.h"
#include "libs/net/response_reader.h"
#include "libs/net/tls_context.h"

namespace pratique::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGoodbye{200};

Error too_late(std::string_view reason, std::string_view message) {
  return {.code = ErrorCode::deadline_exceeded, .reason = std::string(reason), .message = std::string(message)};
}

Error connect_error(const error_code& failed, const std::string& where) {
  const auto message = "cannot connect to " + where + ": " + failed.message();
  if (failed == asio::error::connection_refused) return unavailable("CONNECT_REFUSED", message);
  if (failed == asio::error::timed_out) return too_late("CONNECT_TIMEOUT", message);
  return unavailable("CONNECT_FAILED", message);
}

}  // namespace

struct HttpsClient::Impl {
  explicit Impl(HttpsClientOptions options_in) : options(std::move(options_in)) {}

  // Everything that lives and dies with one connection. The notes outlive the stream.
  struct Connection {
    Connection(asio::io_context& io, std::size_t max_header_bytes)
        : channel(io), unread(std::max(max_header_bytes, kMaxChunkHeadBytes) + kReadChunk) {}
    TlsNotes notes;
    Channel channel;
    ReceiveBuffer unread;
    bool used = false;  // an exchange was completed on it
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
    if (is_tls()) {
      TRY(context, client_context(options));
    }
    connection = std::make_unique<Connection>(io, options.max_response_header_bytes);
    auto result = run(reach(addresses, where, start + options.connect_timeout));
    if (result && is_tls()) result = run(shake_hands());
    if (!result) connection.reset();
    return result;
  }

  asio::awaitable<Result<void>> reach(const Addresses& addresses, const Endpoint& where, Clock::time_point end) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto& socket = connection->channel.socket();
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
    auto& stream = connection->channel.use_tls(*context);
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
    pollfd state{.fd = connection->channel.socket().native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&state, 1, 0) > 0;
  }

  // --- exchanging ----------------------------------------------------------------------------------------------

  Result<http::Response> send(const HttpCall& call) {
    TRY_VOID(check_call(call));
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
    auto result = run(exchange(call, limit));
    if (!result) {
      connection.reset();
      return result;
    }
    connection->used = true;
    if (!keep) connection.reset();
    TRY_VOID(check_type(call, *result));
    return result;
  }

  static Result<void> check_type(const HttpCall& call, const http::Response& response) {
    const bool success = response.status >= 200 && response.status <= 299;
    if (call.accepted_types.empty() || !success || response.body.empty()) return {};
    const auto type = response.content_type();
    for (const auto& accepted : call.accepted_types)
      if (boost::beast::iequals(type, accepted)) return {};
    return invalid("RESPONSE_TYPE_REFUSED", "the response is of another type than asked for")
        .with("content_type", type);
  }

  asio::awaitable<Result<http::Response>> exchange(const HttpCall& call, std::size_t limit) {
    error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto& channel = connection->channel;
    Deadline deadline(channel.socket());
    deadline.arm(call.timeout.value_or(options.exchange_timeout), Deadline::Act::close);

    const auto head = request_head(call, options.server.authority());
    co_await channel.write(head, call.body, token);
    // A server may answer, and close, before it has read the whole request (413): so read even then.
    const bool cut_short = static_cast<bool>(failed);
    ResponseReader reader({options.max_response_header_bytes, limit}, call.method);
    auto& unread = connection->unread;
    while (true) {
      unread.consume(reader.put(view_of(unread)));
      if (!reader.wants_more()) break;
      const auto space = unread.prepare(kReadChunk);
      const std::size_t size = co_await channel.read_some(space, token);
      unread.commit(size);
      if (failed == asio::error::eof) reader.end();
      else if (failed) co_return exchange_error(unavailable("CONNECTION_CLOSED", failed.message()), deadline.expired());
    }
    deadline.disarm();
    if (reader.failure()) co_return exchange_error(*reader.failure(), deadline.expired());
    keep = !cut_short && reader.keep_alive();
    co_return reader.take();
  }

  Error exchange_error(Error why, bool timed_out) const {
    const auto whom = "the exchange with " + options.server.authority();
    if (timed_out) return too_late("EXCHANGE_TIMEOUT", whom + " took too long");
    if (const auto& alert = connection->notes.alert_received; !alert.empty())
      return unavailable("TLS_ALERT_RECEIVED", whom + " was ended with the alert '" + alert + "'").with("alert", alert);
    return std::move(why).with_context(whom);
  }

  // close_notify goes out; the peer's is not awaited.
  void close() {
    auto* tls = connection ? connection->channel.tls() : nullptr;
    if (tls != nullptr && SSL_is_init_finished(tls->native_handle()) == 1) {
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
    connection->channel.socket().shutdown(tcp::socket::shutdown_receive, ignored);
    Deadline deadline(connection->channel.socket());
    deadline.arm(kGoodbye, Deadline::Act::close);
    co_await connection->channel.tls()->async_shutdown(token);
    deadline.disarm();
  }

  HttpsClientOptions options;
  PeerInfo peer;
  bool keep = false;
  asio::io_context io{1};
  std::shared_ptr<asio::ssl::context> context;
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
