#include "libs/net/response_reader.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pratique;
using namespace pratique::net;

namespace {

struct Outcome {
  std::string failure;
  std::size_t used = 0;
  bool keep_alive = false;
  http::Response response;
};

Outcome read(std::string_view text, std::size_t piece, std::string_view method = "GET", ResponseLimits limits = {}) {
  ResponseReader reader(limits, method);
  Outcome out;
  for (std::size_t come = 0; reader.wants_more();) {
    if (come == text.size()) {
      reader.end();
      break;
    }
    come = std::min(come + piece, text.size());
    for (std::size_t more = 1; more > 0; out.used += more)
      more = reader.put(as_bytes(text.substr(out.used, come - out.used)));
  }
  REQUIRE_FALSE(reader.wants_more());
  out.keep_alive = reader.keep_alive();
  if (reader.failure()) out.failure = reader.failure()->reason;
  else out.response = reader.take();
  return out;
}

constexpr std::size_t kPieces[] = {1, 2, 3, 5, 1000};

}  // namespace

TEST_CASE("a response is the same however its bytes are cut", "[net][http]") {
  const std::string chunked = "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  const std::vector<std::string> messages = {
      "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello",
      interim + interim + chunked + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
      chunked + "5\r\nhello\r\n0\r\nX: from a trailer\r\nZ: z\r\n\r\n",
  };
  for (const auto& message : messages)
    for (const auto piece : kPieces) {
      const auto outcome = read(message + "HTTP/1.1 404", piece);
      INFO(message);
      CHECK(outcome.failure.empty());
      CHECK(outcome.used == message.size());
      CHECK(outcome.keep_alive);
      CHECK(outcome.response.status == 200);
      CHECK(to_string(outcome.response.body) == "hello");
      CHECK(outcome.response.headers.get("X") == "y");
      CHECK_FALSE(outcome.response.headers.contains("Z"));
      CHECK_FALSE(outcome.response.headers.contains("Link"));
    }
}

TEST_CASE("where the body of a response ends", "[net][http]") {
  for (const auto piece : kPieces) {
    const auto to_the_end = read("HTTP/1.1 200 OK\r\n\r\nuntil the end", piece);
    CHECK(to_string(to_the_end.response.body) == "until the end");
    CHECK_FALSE(to_the_end.keep_alive);
    const auto head = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", piece, "HEAD");
    CHECK(head.failure.empty());
    CHECK(head.response.body.empty());
    CHECK(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", piece).response.status == 304);
    CHECK_FALSE(read("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", piece).keep_alive);
  }
}

TEST_CASE("what is no response is refused by name", "[net][http]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "CONNECTION_CLOSED"},
      {"HTTP/1.1 100 Continue\r\n\r\n", "CONNECTION_CLOSED"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "CONNECTION_CLOSED"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "CONNECTION_CLOSED"},
      {"HTTP/1.1 000 Nothing\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 600 Too much\r\nContent-Length: 0\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxx", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n", "RESPONSE_MALFORMED"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" + std::string(21, 'x'), "RESPONSE_TOO_LARGE"},
      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(21, 'x'), "RESPONSE_TOO_LARGE"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nxx", "RESPONSE_TOO_LARGE"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(300, 'x') + "\r\nContent-Length: 0\r\n\r\n", "RESPONSE_TOO_LARGE"},
  };
  for (const auto& [text, failure] : table)
    for (const auto piece : kPieces) {
      INFO(text);
      CHECK(read(text, piece, "GET", {.max_header_bytes = 256, .max_body_bytes = 20}).failure == failure);
    }
}

TEST_CASE("interim responses have an end", "[net][http]") {
  std::string interim;
  for (int i = 0; i < kMaxInterimResponses; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  const std::string last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  CHECK(read(interim + last, 7).failure.empty());
  CHECK(read(interim + "HTTP/1.1 102 Processing\r\n\r\n" + last, 7).failure == "RESPONSE_MALFORMED");
}
