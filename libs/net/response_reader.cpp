#include "libs/net/response_reader.h"

#include "libs/net/message_parser.h"

namespace pratique::net {
namespace {

Error too_large(std::string_view what) {
  return {.code = ErrorCode::resource_exhausted,
          .reason = "RESPONSE_TOO_LARGE",
          .message = "the " + std::string(what) + " of the response is over the limit"};
}

Error malformed(std::string_view why) {
  return invalid("RESPONSE_MALFORMED", "the response is no valid HTTP: " + std::string(why));
}

Error error_of(const error_code& failed) {
  if (failed == wire::error::header_limit) return too_large("header");
  if (failed == wire::error::body_limit) return too_large("body");
  return malformed(failed.message());
}

}  // namespace

struct ResponseReader::Impl {
  Impl(ResponseLimits limits_in, bool to_head_in) : limits(limits_in), to_head(to_head_in) { begin(); }

  void begin() {
    parser.emplace(limits.max_header_bytes);
    parser->beast.body_limit(limits.max_body_bytes);
    if (to_head) parser->beast.skip(true);
  }

  void fail(Error error) { failure = std::move(error); }

  void judge_head() {
    const auto& head = parser->beast.get();
    if (head.result_int() < 100 || head.result_int() > 599) return fail(malformed("it has no status of HTTP"));
    if (head.result_int() < 200) {
      if (++interim > kMaxInterimResponses) return fail(malformed("too many interim responses"));
      return begin();
    }
    if (!parser->is_plainly_framed()) return fail(malformed("it has a transfer coding that was not asked for"));
    // Beast 1.74 forgets a Content-Length over the limit when the body's beginning came with the header.
    if (!to_head && parser->beast.content_length().value_or(0) > limits.max_body_bytes) return fail(too_large("body"));
    response.status = static_cast<int>(head.result_int());
    response.headers = parser->headers();
    keep_alive = parser->beast.keep_alive();
    complete = parser->beast.is_done();
  }

  std::size_t put(ByteView bytes) {
    const bool in_head = !parser->beast.is_header_done();
    error_code failed;
    const auto used = parser->put(bytes, failed);
    if (failed == wire::error::need_more) return used;
    if (failed) fail(error_of(failed));
    else if (in_head) judge_head();
    else complete = parser->beast.is_done();
    return used;
  }

  void end() {
    error_code failed;
    if (!parser->beast.got_some()) return fail(unavailable("CONNECTION_CLOSED", "the stream ended without a response"));
    parser->beast.put_eof(failed);
    if (failed) return fail(unavailable("CONNECTION_CLOSED", "the stream ended within the response"));
    complete = true;
  }

  const ResponseLimits limits;
  const bool to_head;
  std::optional<MessageParser<false>> parser;
  bool complete = false;
  bool keep_alive = false;
  int interim = 0;
  std::optional<Error> failure;
  http::Response response;
};

ResponseReader::ResponseReader(ResponseLimits limits, std::string_view method)
    : impl_(std::make_unique<Impl>(limits, method == "HEAD")) {}
ResponseReader::~ResponseReader() = default;

bool ResponseReader::wants_more() const { return !impl_->complete && !impl_->failure; }

std::size_t ResponseReader::put(ByteView bytes) {
  std::size_t used = 0;
  while (wants_more() && used < bytes.size()) {
    const auto more = impl_->put(bytes.subspan(used));
    used += more;
    if (more == 0) break;
  }
  return used;
}

void ResponseReader::end() {
  if (wants_more()) impl_->end();
}

const std::optional<Error>& ResponseReader::failure() const { return impl_->failure; }
bool ResponseReader::keep_alive() const { return impl_->keep_alive; }

http::Response ResponseReader::take() {
  impl_->response.body = std::move(impl_->parser->beast.get().body());
  return std::move(impl_->response);
}

}  // namespace pratique::net
