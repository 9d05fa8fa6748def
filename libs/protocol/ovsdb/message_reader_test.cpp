#include "libs/protocol/ovsdb/message_reader.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

struct Heard {
  std::vector<std::string> messages;
  std::string reason;  // of the error, if one came
};

Heard read_pieces(const std::vector<std::string>& pieces, MessageLimits limits = {}) {
  MessageReader reader(limits);
  Heard out;
  for (const auto& text : pieces) {
    auto piece = as_bytes(text);
    while (out.reason.empty()) {
      const auto message = reader.next(piece);
      if (!message) out.reason = message.error().reason;
      else if (*message) out.messages.push_back((*message)->dump());
      else break;
    }
  }
  return out;
}

// Every trap for who counts braces: in strings, behind escapes, escaped escapes at the end of a string.
const std::string kFirst = R"({"id":1,"result":[{"a}]":"}{[\"\\"}],"error":null})";
const std::string kSecond = R"({"id":null,"method":"update","params":["m",{"é\u007b":"\\\\"}]})";

}  // namespace

TEST_CASE("messages are found wherever the stream is cut", "[protocol][ovsdb]") {
  const auto both = kFirst + kSecond;
  const auto whole = read_pieces({both});
  REQUIRE(whole.messages.size() == 2);
  CHECK(whole.messages[0] == kFirst);
  for (std::size_t at = 0; at <= both.size(); ++at) {
    CAPTURE(at);
    CHECK(read_pieces({both.substr(0, at), both.substr(at)}).messages == whole.messages);
  }
  std::vector<std::string> bytes;
  for (const char c : both) bytes.emplace_back(1, c);
  CHECK(read_pieces(bytes).messages == whole.messages);
}

TEST_CASE("white space may stand between messages", "[protocol][ovsdb]") {
  CHECK(read_pieces({" \r\n\t" + kFirst + "\n", "\n  ", kSecond + "  "}).messages.size() == 2);
  CHECK(read_pieces({" \r\n\t"}).messages.empty());
  CHECK(read_pieces({""}).reason.empty());
}

TEST_CASE("what follows a message stays in the piece", "[protocol][ovsdb]") {
  MessageReader reader;
  const auto text = kFirst + R"({"half)";
  auto piece = as_bytes(text);
  REQUIRE(reader.next(piece));
  CHECK(as_text(piece) == R"({"half)");
  const auto half = reader.next(piece);
  REQUIRE(half);
  CHECK_FALSE(half->has_value());
  CHECK(piece.empty());
  CHECK(reader.held() == 6);
}

TEST_CASE("what is no JSON object breaks the stream", "[protocol][ovsdb]") {
  for (const std::string bad : {"[]", "null", "1", "\"{\"", "}", "x{}", "\xEF\xBB\xBF{}"}) {
    CAPTURE(bad);
    CHECK(read_pieces({bad}).reason == "OVSDB_FRAMING");
    CHECK(read_pieces({kFirst + bad}).messages.size() == 1);
  }
  for (const std::string bad : {"{]", "{}}", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "{a:1}", "{\"a\":01}"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_pieces({bad}).reason.empty());
  }
  CHECK(read_pieces({"{\"a\":99999999999999999999}"}).reason == "JSON_NUMBER_RANGE");
}

TEST_CASE("a broken stream stays broken", "[protocol][ovsdb]") {
  MessageReader reader;
  auto piece = as_bytes("[");
  CHECK_FALSE(reader.next(piece));
  auto good = as_bytes(kFirst);
  const auto later = reader.next(good);
  REQUIRE_FALSE(later);
  CHECK(later.error().reason == "OVSDB_FRAMING");
  CHECK(reader.held() == 0);
}

TEST_CASE("a message of exactly the limit is read, one byte more is not", "[protocol][ovsdb]") {
  CHECK(read_pieces({kFirst}, {.max_bytes = kFirst.size()}).messages.size() == 1);
  CHECK(read_pieces({kFirst}, {.max_bytes = kFirst.size() - 1}).reason == "OVSDB_MESSAGE_TOO_LARGE");
  // The limit is of one message, not of a piece or of what was read before.
  CHECK(read_pieces({kFirst + kFirst + kFirst}, {.max_bytes = kFirst.size()}).messages.size() == 3);
  // An endless string is refused while it comes, not once it has come.
  MessageReader reader({.max_bytes = 1000});
  std::string start = "{\"";
  auto piece = as_bytes(start);
  REQUIRE(reader.next(piece));
  const std::string more(400, 'a');
  piece = as_bytes(more);
  REQUIRE(reader.next(piece));
  piece = as_bytes(more);
  REQUIRE(reader.next(piece));
  piece = as_bytes(more);
  CHECK_FALSE(reader.next(piece));
  CHECK(reader.held() == 0);
}

TEST_CASE("nesting is bounded as it opens", "[protocol][ovsdb]") {
  const auto deep = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  CHECK(read_pieces({deep(32)}).messages.size() == 1);
  CHECK(read_pieces({deep(33)}).reason == "OVSDB_MESSAGE_TOO_DEEP");
  CHECK(read_pieces({"{\"a\":" + std::string(100, '[')}).reason == "OVSDB_MESSAGE_TOO_DEEP");
  CHECK(read_pieces({"{\"a\":\"" + std::string(100, '[') + "\"}"}).messages.size() == 1);
}

TEST_CASE("members, elements and values are bounded", "[protocol][ovsdb]") {
  const std::string text = R"({"a":[1,2,3],"b":{}})";
  CHECK(read_pieces({text}, {.max_members = 2, .max_elements = 3, .max_values = 6}).messages.size() == 1);
  CHECK(read_pieces({text}, {.max_members = 1}).reason == "JSON_TOO_MANY");
  CHECK(read_pieces({text}, {.max_elements = 2}).reason == "JSON_TOO_MANY");
  CHECK(read_pieces({text}, {.max_values = 5}).reason == "JSON_TOO_MANY");
}
