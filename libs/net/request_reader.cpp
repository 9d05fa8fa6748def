#include "libs/net/request_reader.h"

#include <limits>

#include "libs/net/message_parser.h"
#include "libs/net/url.h"

namespace pratique::net {
namespace {

int status_of(const error_code& failed) {
  if (failed == wire::error::header_limit) return 431;
  if (failed == wire::error::body_limit) return 413;
  if (failed == wire::error::bad_version) return 505;
  return 400;
}

// Fills in path and query; false for a target that is neither origin-form nor absolute-form nor "*".
bool read_target(http::Request& request) {
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

}  // namespace

struct RequestReader::Impl {
  explicit Impl(const RequestLimits& limits_in) : limits(limits_in), parser(limits.max_header_bytes) {
    // The limit is set when the path is known; no body byte is read before. (boost::none would refuse every length:
    // Beast 1.74 compares with it as if it were less than 0.)
    parser.beast.body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  void refuse(int status) {
    step = Step::refused;
    refusal = status;
  }

  // What RFC 9112 wants of a request before its body is read.
  void judge_head() {
    const auto& head = parser.beast.get();
    version = head.version();
    const auto hosts = head.count(wire::field::host);
    if (hosts > 1 || (hosts == 0 && version >= 11)) return refuse(400);  // section 3.2
    if (!parser.is_plainly_framed()) return refuse(400);
    const auto expect = head[wire::field::expect];
    if (!expect.empty() && !boost::beast::iequals(expect, "100-continue")) return refuse(417);
    request.method = std::string(head.method_string());
    request.target = std::string(head.target());
    request.headers = parser.headers();
    if (!read_target(request)) return refuse(400);
    keep_alive = parser.beast.keep_alive();
    awaits_continue = !expect.empty() && version >= 11;
    const auto limit = limits.max_body_bytes(request.method, request.path);
    if (parser.beast.content_length().value_or(0) > limit) return refuse(413);
    parser.beast.body_limit(limit);
    step = parser.beast.is_done() ? Step::complete : Step::body;
  }

  std::size_t put(ByteView bytes) {
    error_code failed;
    const auto used = parser.put(bytes, failed);
    if (failed == wire::error::need_more) return used;
    if (failed) refuse(status_of(failed));
    else if (step == Step::head) judge_head();
    else if (parser.beast.is_done()) step = Step::complete;
    return used;
  }

  const RequestLimits& limits;
  MessageParser<true> parser;
  Step step = Step::head;
  int refusal = 0;
  unsigned version = 11;
  bool keep_alive = false;
  bool awaits_continue = false;
  http::Request request;
};

RequestReader::RequestReader(const RequestLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;

RequestReader::Step RequestReader::step() const { return impl_->step; }

std::size_t RequestReader::put(ByteView bytes) {
  const auto first = impl_->step;
  if (first != Step::head && first != Step::body) return 0;
  std::size_t used = 0;
  while (impl_->step == first && used < bytes.size()) {
    const auto more = impl_->put(bytes.subspan(used));
    used += more;
    if (more == 0) break;
  }
  return used;
}

void RequestReader::end() {
  if (impl_->step == Step::head || impl_->step == Step::body) impl_->refuse(400);
}

int RequestReader::refusal() const { return impl_->refusal; }
const http::Request& RequestReader::head() const { return impl_->request; }
unsigned RequestReader::version() const { return impl_->version; }
bool RequestReader::keep_alive() const { return impl_->keep_alive; }
bool RequestReader::awaits_continue() const { return impl_->awaits_continue; }

http::Request RequestReader::take() {
  impl_->request.body = std::move(impl_->parser.beast.get().body());
  return std::move(impl_->request);
}

}  // namespace pratique::net
