#include "libs/net/request_reader.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pratique;
using namespace pratique::net;

namespace {

using Step = RequestReader::Step;

RequestLimits limits_of(std::size_t header, std::size_t body) {
  return {header, [body](std::string_view, std::string_view) { return body; }};
}

// In pieces of so many bytes, as a connection would; how many were used.
std::size_t feed(RequestReader& reader, std::string_view text, std::size_t piece = 1) {
  std::size_t used = 0, come = 0;
  while (reader.step() == Step::head || reader.step() == Step::body) {
    if (come == text.size()) break;
    come = std::min(come + piece, text.size());
    for (std::size_t more = 1; more > 0; used += more) more = reader.put(as_bytes(text.substr(used, come - used)));
  }
  return used;
}

int refusal(const RequestLimits& limits, std::string_view text, std::size_t piece = 1) {
  RequestReader reader(limits);
  feed(reader, text, piece);
  reader.end();
  return reader.refusal();
}

const std::string kHead = "POST /a/b?c=d HTTP/1.1\r\nHost: x\r\n";

}  // namespace

TEST_CASE("a request is the same however its bytes are cut", "[net][http]") {
  const std::vector<std::string> bodies = {
      "Content-Length: 11\r\n\r\nhello world",
      "Transfer-Encoding: chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n",
  };
  const auto limits = limits_of(1000, 100);
  for (const auto& body : bodies)
    for (const std::size_t piece : {1, 2, 3, 4, 5, 7, 1000}) {
      RequestReader reader(limits);
      const auto message = kHead + body;
      CHECK(feed(reader, message + "GET /next", piece) == message.size());
      REQUIRE(reader.step() == Step::complete);
      CHECK(reader.keep_alive());
      CHECK(reader.version() == 11);
      const auto request = reader.take();
      CHECK(request.method == "POST");
      CHECK(request.path == "/a/b");
      CHECK(request.query == "c=d");
      CHECK(to_string(request.body) == "hello world");
      CHECK_FALSE(request.headers.contains("X-Trailer"));
    }
}

TEST_CASE("the end of the head is told before the body is read", "[net][http]") {
  const auto limits = limits_of(1000, 100);
  RequestReader reader(limits);
  const auto head = kHead + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  CHECK(reader.put(as_bytes(head + "abc")) == head.size());
  CHECK(reader.step() == Step::body);
  CHECK(reader.awaits_continue());
  CHECK(reader.head().path == "/a/b");
  CHECK(reader.put(as_bytes("abc")) == 3);
  CHECK(reader.step() == Step::complete);
}

TEST_CASE("a last chunk that comes in pieces ends the body, not the process", "[net][http]") {
  const auto limits = limits_of(1000, 100);
  for (const std::string before : {"", "3\r\nabc\r\n"}) {
    RequestReader reader(limits);
    const auto head = kHead + "Transfer-Encoding: chunked\r\n\r\n" + before;
    auto unread = head.substr(feed(reader, head, head.size()));
    for (const std::string piece : {"0", "\r", "\n", "\r", "\n"}) {
      REQUIRE(reader.step() == Step::body);
      unread += piece;
      unread.erase(0, reader.put(as_bytes(unread)));
    }
    CHECK(reader.step() == Step::complete);
    CHECK(unread.empty());
  }
}

TEST_CASE("a request is read within limits, whatever comes at once", "[net][http]") {
  const std::string end = "\r\n\r\n";
  for (const std::size_t piece : {1, 100, 100'000}) {
    const auto head_of = [&](std::size_t size) {
      const auto begin = kHead + "X: ";
      return begin + std::string(size - begin.size() - end.size(), 'x') + end;
    };
    CHECK(refusal(limits_of(500, 0), head_of(500), piece) == 0);
    CHECK(refusal(limits_of(500, 0), head_of(501), piece) == 431);
    CHECK(refusal(limits_of(500, 0), "GET /" + std::string(600, 'x'), piece) == 431);
    const auto chunked = kHead + "Transfer-Encoding: chunked\r\n\r\n";
    CHECK(refusal(limits_of(500, 5), chunked + "5\r\nhello\r\n0\r\n\r\n", piece) == 0);
    CHECK(refusal(limits_of(500, 5), chunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", piece) == 413);
    CHECK(refusal(limits_of(500, 5), kHead + "Content-Length: 6" + end, piece) == 413);
    const std::string long_line(kMaxChunkHeadBytes + 1, 'x');
    CHECK(refusal(limits_of(500, 5), chunked + "1;" + long_line, piece) == 400);
    CHECK(refusal(limits_of(500, 5), chunked + "0\r\nX: " + long_line, piece) == 400);
  }
}

TEST_CASE("what is left unread has an end", "[net][http]") {
  const auto limits = limits_of(500, 5);
  RequestReader reader(limits);
  const auto head = kHead + "Transfer-Encoding: chunked\r\n\r\n";
  feed(reader, head);
  const std::string line = "1;" + std::string(kMaxChunkHeadBytes - 3, 'x');
  CHECK(reader.put(as_bytes(line)) == 0);
  CHECK(reader.step() == Step::body);
  CHECK(reader.put(as_bytes(line + "x")) == 0);
  CHECK(reader.step() == Step::refused);
}

TEST_CASE("a request that breaks off is refused", "[net][http]") {
  for (const auto* text : {"", "GET", "GET / HTTP/1.1\r\nHost: x\r\n",
                           "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na",
                           "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"})
    CHECK(refusal(limits_of(500, 5), text) == 400);
}
