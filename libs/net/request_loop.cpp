#include "libs/net/request_loop.h"

#include <boost/beast/core/string.hpp>

#include <algorithm>

#include "libs/net/farewell.h"

namespace pratique::net {
namespace {

constexpr int kNobodyToTell = -1;

}  // namespace

RequestLoop::RequestLoop(const Serving& serving, Channel& channel, Deadline& deadline, Occupation& occupation,
                         std::shared_ptr<const PeerInfo> peer)
    : serving_(serving),
      channel_(channel),
      deadline_(deadline),
      occupation_(occupation),
      peer_(std::move(peer)),
      buffer_(std::max(serving.config.max_header_bytes, kMaxChunkHeadBytes) + kReadChunk) {}

asio::awaitable<void> RequestLoop::run() {
  const auto most = serving_.config.max_requests_per_connection;
  for (std::size_t served = 1; served <= most; ++served) {
    occupation_ = Occupation::idle;
    if (serving_.stopping) break;
    const bool more = co_await wait_for_bytes();
    if (!more) break;
    occupation_ = Occupation::busy;
    const bool may_keep = served < most;
    const bool keep = co_await serve_one(may_keep);
    if (!keep) break;
  }
  occupation_ = Occupation::disposable;
  co_await say_farewell(channel_, deadline_, serving_.stopping);
}

asio::awaitable<bool> RequestLoop::wait_for_bytes() {
  if (buffer_.size() > 0) co_return true;
  error_code failed;
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  deadline_.arm(serving_.config.idle_timeout, Deadline::Act::end_reading);
  const auto space = buffer_.prepare(kReadChunk);
  const std::size_t size = co_await channel_.read_some(space, token);
  buffer_.commit(size);
  co_return !failed && size > 0;
}

// One request and its response; true where the connection may carry another.
asio::awaitable<bool> RequestLoop::serve_one(bool may_keep) {
  auto& tally = serving_.tally;
  RequestReader reader(serving_.limits);
  const int refusal = co_await read_request(reader);
  if (refusal == kNobodyToTell) co_return false;
  if (refusal != 0) {
    if (deadline_.expired()) tally.count([](auto& stats) { ++stats.timeouts; });
    tally.count([&](auto& stats) { ++stats.refused[refusal]; });
    const auto response = http::respond_text(refusal, http::reason_phrase(refusal));
    const ResponseFraming last;
    co_await write(response, last);
    co_return false;
  }
  deadline_.disarm();
  tally.count([](auto& stats) { ++stats.requests; });
  auto request = reader.take();
  request.peer = peer_->remote;
  ResponseFraming framing{.version = reader.version(), .to_head = request.method == "HEAD"};
  auto response = co_await ask_handler(std::move(request));
  if (!is_sendable(response)) {
    tally.count([](auto& stats) { ++stats.refused[500]; });
    response = http::respond_text(500, "Internal Server Error");
  }
  const bool close = boost::beast::iequals(std::string(response.headers.get("Connection")), "close");
  framing.keep_alive = reader.keep_alive() && serving_.config.keep_alive && may_keep && !serving_.stopping && !close;
  const bool written = co_await write(response, framing);
  co_return written && framing.keep_alive;
}

// 0, the status that refuses the request, or kNobodyToTell.
asio::awaitable<int> RequestLoop::read_request(RequestReader& reader) {
  deadline_.arm(serving_.config.header_timeout, Deadline::Act::end_reading);
  auto failure = co_await read_while(reader, RequestReader::Step::head);
  if (failure == 0 && reader.step() == RequestReader::Step::body) {
    deadline_.arm(serving_.config.body_timeout, Deadline::Act::end_reading);
    if (buffer_.size() == 0 && reader.awaits_continue()) {
      error_code failed;
      auto token = asio::redirect_error(asio::use_awaitable, failed);
      co_await channel_.write("HTTP/1.1 100 Continue\r\n\r\n", {}, token);
      if (failed) co_return kNobodyToTell;
    }
    failure = co_await read_while(reader, RequestReader::Step::body);
  }
  co_return failure;
}

// Feeds the reader while it is at that step: 0, the status that refuses the request, or kNobodyToTell.
asio::awaitable<int> RequestLoop::read_while(RequestReader& reader, RequestReader::Step step) {
  error_code failed;
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  while (true) {
    buffer_.consume(reader.put(view_of(buffer_)));
    if (reader.step() == RequestReader::Step::refused) co_return reader.refusal();
    if (reader.step() != step) co_return 0;
    const auto space = buffer_.prepare(kReadChunk);
    const std::size_t size = co_await channel_.read_some(space, token);
    buffer_.commit(size);
    if (!failed) continue;
    if (deadline_.expired()) co_return 408;
    if (failed != asio::error::eof) co_return kNobodyToTell;
    reader.end();
  }
}

asio::awaitable<http::Response> RequestLoop::ask_handler(http::Request request) {
  auto answer = co_await call_handler(serving_.io, serving_.executor, serving_.tally, serving_.handler,
                                      std::move(request), peer_);
  if (answer) co_return *std::move(answer);
  serving_.tally.count([](auto& stats) { ++stats.refused[503]; });
  auto busy = http::respond_text(503, "Service Unavailable");
  busy.headers.set("Retry-After", std::to_string(serving_.config.retry_after.count()));
  co_return busy;
}

asio::awaitable<bool> RequestLoop::write(const http::Response& response, const ResponseFraming& framing) {
  error_code failed;
  auto token = asio::redirect_error(asio::use_awaitable, failed);
  deadline_.arm(serving_.config.write_timeout, Deadline::Act::close);
  const auto now = std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::now());
  const auto head = response_head(response, framing, now);
  const ByteView body = is_bodiless(response, framing) ? ByteView{} : ByteView(response.body);
  co_await channel_.write(head, body, token);
  if (deadline_.expired()) serving_.tally.count([](auto& stats) { ++stats.timeouts; });
  deadline_.disarm();
  co_return !failed;
}

}  // namespace pratique::net
