// HTTP messages as our server and our client read them, however the bytes are cut; and what ours write, read by ours.
#include <algorithm>
#include <charconv>
#include <optional>

#include "libs/net/http_writer.h"
#include "libs/net/request_reader.h"
#include "libs/net/response_reader.h"
#include "tests/fuzz/steering.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

using net::RequestReader;
using net::ResponseReader;
using net::http::Headers;
using net::http::Request;
using net::http::Response;

constexpr std::size_t kAmple = 1 << 20;
constexpr Timestamp kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1);

bool wants_more(const RequestReader& reader) {
  return reader.step() == RequestReader::Step::head || reader.step() == RequestReader::Step::body;
}
bool wants_more(const ResponseReader& reader) { return reader.wants_more(); }

/// How many bytes come at once, in turn; none: all of them.
using Pieces = ByteView;

/// Feeds the reader as a connection would; how many bytes it used.
template <typename Reader>
std::size_t feed(Reader& reader, ByteView bytes, Pieces pieces, std::size_t max_header_bytes) {
  std::size_t used = 0, come = 0, turn = 0;
  while (wants_more(reader)) {
    if (come == bytes.size()) {
      reader.end();
      break;
    }
    const std::size_t piece = pieces.empty() ? bytes.size() : pieces[turn++ % pieces.size()] + std::size_t{1};
    come = std::min(bytes.size(), come + piece);
    for (std::size_t more = 1; more > 0 && wants_more(reader); used += more) {
      more = reader.put(bytes.subspan(used, come - used));
      require(more <= come - used, "no byte is used before it came");
    }
    if (wants_more(reader))
      require(come - used < std::max(max_header_bytes, net::kMaxChunkHeadBytes), "a reader asks for a bounded buffer");
  }
  require(!wants_more(reader), "the end of the bytes is the end of the reading");
  return used;
}

bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

std::size_t count(const Headers& headers, std::string_view name) {
  Headers one;
  std::size_t found = 0;
  for (const auto& [field, value] : headers) {
    one = {{field, value}};
    found += one.contains(name) ? 1 : 0;
  }
  return found;
}

void check_fields(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    require(net::http::is_token(name), "a field's name is a token");
    require(is_clean(value), "a field's value holds no control characters");
  }
  require(count(headers, "Transfer-Encoding") == 0 || count(headers, "Content-Length") == 0, "a body has one end");
  require(count(headers, "Transfer-Encoding") <= 1, "one transfer coding");
}

std::optional<std::size_t> content_length(const Headers& headers) {
  const auto text = headers.get("Content-Length");
  std::size_t length = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), length).ec != std::errc()) return std::nullopt;
  return length;
}

/// The same fields, those apart that the writer sees to and blanks at the ends of values; in the same order where they
/// bear the same name (RFC 9110 section 5.3).
bool same_fields(const Headers& sent, const Headers& got) {
  const auto kept = [](Headers all) {
    for (const auto* ours : {"Host", "Date", "Connection", "Content-Length", "Transfer-Encoding", "Accept"})
      all.remove(ours);
    auto out = all.fields();
    std::ranges::stable_sort(out, {}, [](const Headers::Field& field) {
      auto name = field.first;
      for (auto& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      return name;
    });
    return out;
  };
  const auto trimmed = [](std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::string_view{};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
  };
  const auto a = kept(sent), b = kept(got);
  return std::ranges::equal(a, b, [&](const auto& x, const auto& y) {
    return x.first == y.first && trimmed(x.second) == trimmed(y.second);
  });
}

/// Fields that a reader judges besides their syntax.
bool has_judged_field(const Headers& headers) {
  return headers.contains("Expect") || headers.contains("Proxy-Connection");
}

// --- requests ------------------------------------------------------------------------------------------------------

struct RequestRead {
  std::size_t used = 0;
  int refusal = 0;
  unsigned version = 0;
  bool keep_alive = false;
  Request request;
};

RequestRead read_request(const net::RequestLimits& limits, ByteView bytes, Pieces pieces) {
  RequestReader reader(limits);
  RequestRead out;
  out.used = feed(reader, bytes, pieces, limits.max_header_bytes);
  out.refusal = reader.refusal();
  out.version = reader.version();
  out.keep_alive = reader.keep_alive();
  if (reader.step() == RequestReader::Step::complete) out.request = reader.take();
  else require(out.refusal >= 400 && !net::http::reason_phrase(out.refusal).empty(), "a refusal has a status");
  return out;
}

net::RequestLimits ample_limits() {
  return {kAmple, [](std::string_view, std::string_view) { return kAmple; }};
}

void check_written(const net::HttpCall& call) {
  if (!net::check_call(call) || has_judged_field(call.headers)) return;
  const auto wire = to_bytes(net::request_head(call, "registrar.example.com:8443") + to_string(call.body));
  const auto limits = ample_limits();
  const auto read = read_request(limits, wire, {});
  require(read.refusal == 0 && read.used == wire.size(), "our server takes the whole of what our client sends");
  require(read.request.method == call.method && read.request.target == call.target, "the same method and target");
  require(read.request.body == call.body && same_fields(call.headers, read.request.headers), "the same content");
  require(read.keep_alive && read.request.headers.get("Host") == "registrar.example.com:8443", "to the same host");
}

void check_request(const RequestRead& read, const net::RequestLimits& limits, std::size_t max_body) {
  const auto& request = read.request;
  require(net::http::is_token(request.method) && is_clean(request.target), "a request line has no odd characters");
  require(!request.target.contains(' ') && !request.target.contains('#'), "a target has neither blank nor fragment");
  require(request.path.starts_with('/') || request.path == "*", "a path begins with a slash");
  check_fields(request.headers);
  const auto hosts = count(request.headers, "Host");
  require(hosts == 1 || (hosts == 0 && read.version == 10), "a request is to one host");
  require(request.body.size() <= max_body, "no body over the limit");
  if (!request.headers.contains("Transfer-Encoding")) {
    require(request.body.size() == content_length(request.headers).value_or(0), "a body as long as it was said to be");
    require(read.used - request.body.size() <= limits.max_header_bytes, "no head over the limit");
  }
  net::HttpCall call;
  call.method = request.method;
  call.target = request.target;
  call.headers = request.headers;
  call.body = request.body;
  check_written(call);
}

void fuzz_request(Steering& in) {
  net::RequestLimits limits;
  limits.max_header_bytes = in.flag() ? 256 : 16 << 10;
  const std::size_t max_body = in.flag() ? 20 : kAmple;
  limits.max_body_bytes = [&](std::string_view, std::string_view) { return max_body; };
  const auto pieces = in.block();
  const auto bytes = in.rest();
  const auto read = read_request(limits, bytes, {});
  const auto in_pieces = read_request(limits, bytes, pieces);
  require((read.refusal == 0) == (in_pieces.refusal == 0), "accepted or refused, however it is cut");
  if (read.refusal != 0) return;
  check_request(read, limits, max_body);
  const auto alone = read_request(limits, bytes.first(read.used), {});
  for (const auto& other : {in_pieces, alone})
    require(other.used == read.used && other.request.method == read.request.method &&
                other.request.target == read.request.target && other.request.body == read.request.body &&
                other.request.headers.fields() == read.request.headers.fields(),
            "the same request, however it is cut and whatever follows");
}

// --- responses -----------------------------------------------------------------------------------------------------

struct ResponseRead {
  std::size_t used = 0;
  std::optional<Error> failure;
  bool keep_alive = false;
  Response response;
};

ResponseRead read_response(net::ResponseLimits limits, std::string_view method, ByteView bytes, Pieces pieces) {
  ResponseReader reader(limits, method);
  ResponseRead out;
  out.used = feed(reader, bytes, pieces, limits.max_header_bytes);
  out.failure = reader.failure();
  out.keep_alive = reader.keep_alive();
  if (!out.failure) out.response = reader.take();
  else require(!out.failure->reason.empty(), "a failure has a reason");
  return out;
}

void check_written(const Response& response, net::ResponseFraming framing) {
  if (!net::is_sendable(response) || has_judged_field(response.headers)) return;
  const bool bodiless = net::is_bodiless(response, framing);
  const auto wire =
      to_bytes(net::response_head(response, framing, kNow) + (bodiless ? "" : to_string(response.body)));
  const auto read = read_response({kAmple, kAmple}, framing.to_head ? "HEAD" : "GET", wire, {});
  require(!read.failure && read.used == wire.size(), "our client takes the whole of what our server answers");
  require(read.response.status == response.status && read.keep_alive == framing.keep_alive, "the same status");
  require(read.response.body == (bodiless ? Bytes{} : response.body), "the same body");
  require(same_fields(response.headers, read.response.headers), "the same fields");
}

void fuzz_response(Steering& in) {
  const net::ResponseLimits limits{in.flag() ? std::size_t{256} : std::size_t{16} << 10,
                                   in.flag() ? std::size_t{20} : kAmple};
  const std::string_view method = in.flag() ? "HEAD" : "GET";
  const auto pieces = in.block();
  const auto bytes = in.rest();
  const auto read = read_response(limits, method, bytes, {});
  const auto in_pieces = read_response(limits, method, bytes, pieces);
  require(read.failure.has_value() == in_pieces.failure.has_value(), "accepted or refused, however it is cut");
  if (read.failure) return;
  const auto& response = read.response;
  require(in_pieces.used == read.used && in_pieces.response.status == response.status &&
              in_pieces.response.body == response.body &&
              in_pieces.response.headers.fields() == response.headers.fields(),
          "the same response, however it is cut");
  require(response.status >= 200 && response.status <= 599, "a final response");
  check_fields(response.headers);
  require(response.body.size() <= limits.max_body_bytes, "no body over the limit");
  const bool bodiless = net::is_bodiless(response, {.to_head = method == "HEAD"});
  if (bodiless) require(response.body.empty(), "no body where there is room for none");
  const bool has_length = content_length(response.headers).has_value();
  if (has_length && !bodiless)
    require(response.body.size() == *content_length(response.headers), "a body as long as it was said to be");
  if (read.keep_alive)
    require(bodiless || has_length || response.headers.contains("Transfer-Encoding"), "what has no end ends all");
  check_written(response, {.keep_alive = read.keep_alive, .to_head = method == "HEAD"});
}

// --- what ours write -----------------------------------------------------------------------------------------------

void fuzz_call(Steering& in) {
  net::HttpCall call;
  call.method = in.text();
  call.target = in.text();
  while (in.flag()) call.headers.add(in.text(), in.text());
  while (in.flag()) call.accepted_types.push_back(in.text());
  call.body = to_bytes(in.rest());
  check_written(call);
}

void fuzz_answer(Steering& in) {
  Response response;
  response.status = in.number();
  const net::ResponseFraming framing{.version = in.flag() ? 10u : 11u, .keep_alive = in.flag(), .to_head = in.flag()};
  while (in.flag()) response.headers.add(in.text(), in.text());
  response.body = to_bytes(in.rest());
  check_written(response, framing);
}

}  // namespace

void fuzz_http(ByteView input) {
  Steering in(input);
  switch (in.pick(4)) {
    case 0: fuzz_request(in); break;
    case 1: fuzz_response(in); break;
    case 2: fuzz_call(in); break;
    default: fuzz_answer(in);
  }
}

}  // namespace pratique::fuzz
