#include "libs/net/response_reader.h"

#include <utility>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>

#include <algorithm>

#include "libs/net/body_framing.h"

namespace pratique::net {
namespace {

namespace wire = boost::beast::http;
using boost::system::error_code;
using Parser = wire::response_parser<wire::vector_body<std::uint8_t>>;

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
    in_head = true;
    head_bytes = 0;
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
    parser->body_limit(limits.max_body_bytes);
    parser->eager(false);
    if (to_head) parser->skip(true);
  }

  void fail(Error error) { failure = std::move(error); }

  void judge_head() {
    const auto& head = parser->get();
    if (head.result_int() < 200) {
      if (++interim > kMaxInterimResponses) return fail(malformed("too many interim responses"));
      return begin();
    }
    in_head = false;
    if (!is_plainly_framed(head)) return fail(malformed("it has a transfer coding that was not asked for"));
    // Beast 1.74 forgets a Content-Length over the limit when the body's beginning came with the header.
    if (!to_head && parser->content_length().value_or(0) > limits.max_body_bytes) return fail(too_large("body"));
    response.status = static_cast<int>(head.result_int());
    for (const auto& field : head) response.headers.add(std::string(field.name_string()), std::string(field.value()));
    keep_alive = parser->keep_alive();
    complete = parser->is_done();
  }

  // One call of Beast's; what it was shown is the most that it may look at without using any of it.
  std::size_t put(ByteView bytes) {
    const auto most = in_head ? limits.max_header_bytes - head_bytes : kMaxChunkHeadBytes;
    const auto shown = bytes.first(std::min(bytes.size(), most));
    error_code failed;
    const auto used = parser->put({shown.data(), shown.size()}, failed);
    if (in_head) head_bytes += used;
    if (failed == wire::error::need_more) {
      if (in_head && shown.size() == most) fail(too_large("header"));
      else if (used == 0 && shown.size() == most) fail(malformed("the line that begins a chunk is too long"));
    } else if (failed) {
      fail(error_of(failed));
    } else if (in_head && parser->is_header_done()) {
      judge_head();
    } else {
      complete = parser->is_done();
    }
    return used;
  }

  void end() {
    error_code failed;
    if (!parser->got_some()) return fail(unavailable("CONNECTION_CLOSED", "the stream ended without a response"));
    parser->put_eof(failed);
    if (failed) return fail(unavailable("CONNECTION_CLOSED", "the stream ended within the response"));
    complete = true;
  }

  const ResponseLimits limits;
  const bool to_head;
  std::optional<Parser> parser;
  bool in_head = true;
  bool complete = false;
  bool keep_alive = false;
  int interim = 0;
  std::size_t head_bytes = 0;  // of the present head, used so far
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
  impl_->response.body = std::move(impl_->parser->get().body());
  return std::move(impl_->response);
}

}  // namespace pratique::net
