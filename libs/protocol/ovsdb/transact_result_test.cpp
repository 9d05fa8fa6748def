#include "libs/protocol/ovsdb/transact_result.h"

#include <catch2/catch.hpp>

#include "libs/codec/json/parse.h"

using namespace pratique;
using namespace pratique::ovsdb;

namespace {

using Shape = ExpectedResult::Shape;
const std::vector<ExpectedResult> kThree = {
    {Shape::uuid, "insert Port"}, {Shape::count, "update Port"}, {Shape::empty, "comment"}};
const std::string kUuid = R"({"uuid":["uuid","550e8400-e29b-41d4-a716-446655440000"]})";

Result<TransactResult> read(std::string_view text, std::span<const ExpectedResult> expected = kThree) {
  return parse_transact_result(*json::parse(text), expected);
}
std::string why(const Result<void>& result) {
  return result ? "" : result.error().reason + " " + result.error().message;
}

}  // namespace

TEST_CASE("each operation has its result", "[protocol][ovsdb]") {
  const auto done = read("[" + kUuid + R"(,{"count":2},{}])");
  REQUIRE(done);
  CHECK(done->committed());
  CHECK(done->require_done());
  CHECK(done->operations[0].uuid->text == "550e8400-e29b-41d4-a716-446655440000");
  CHECK(*done->operations[1].count == 2);
  CHECK(done->operations[2].executed);
  CHECK(read("[]", {}));

  const std::vector<ExpectedResult> select = {{Shape::rows, "select Port"}};
  const auto rows = read(R"([{"rows":[{"name":"p1"},{"name":"p2"}]}])", select);
  REQUIRE(rows);
  CHECK(*rows->rows(0)->at(1).string_at("name") == "p2");
  CHECK(read(R"([{"rows":[]}])", select)->rows(0)->empty());
  CHECK(rows->rows(1).error().reason == "OVSDB_NOTHING_SELECTED");
  CHECK(done->rows(1).error().code == ErrorCode::internal);
}

TEST_CASE("an operation's error is named with the operation", "[protocol][ovsdb]") {
  const auto failed =
      read("[" + kUuid + R"(,{"error":"constraint violation","details":"5000 is not in the valid range"},null])");
  REQUIRE(failed);
  CHECK_FALSE(failed->committed());
  CHECK(failed->failed == 1U);
  CHECK(failed->operations[0].executed);
  CHECK_FALSE(failed->operations[1].executed);
  CHECK_FALSE(failed->operations[2].executed);
  CHECK(
      why(failed->require_done()) ==
      "OVSDB_TRANSACTION_FAILED operation 2 of 3 (update Port): constraint violation: 5000 is not in the valid range");
  CHECK(why(failed->require_count(1, 1)) == why(failed->require_done()));
  CHECK_FALSE(failed->rows(0));
}

TEST_CASE("the commit's error stands behind the results", "[protocol][ovsdb]") {
  const auto failed = read("[" + kUuid + R"(,{"count":1},{},{"error":"referential integrity violation"}])");
  REQUIRE(failed);
  CHECK_FALSE(failed->committed());
  CHECK_FALSE(failed->failed);
  CHECK(why(failed->require_done()) == "OVSDB_TRANSACTION_FAILED the commit: referential integrity violation");
  CHECK(*failed->operations[1].count == 1);  // what would have been
}

TEST_CASE("no such row is made an error", "[protocol][ovsdb]") {
  const auto none = read("[" + kUuid + R"(,{"count":0},{}])");
  CHECK(none->committed());
  CHECK(why(none->require_count(1, 1)) == "OVSDB_NO_SUCH_ROW operation 2 of 3 (update Port): no such row");
  CHECK(none->require_count(1, 1).error().code == ErrorCode::not_found);
  CHECK(none->require_count(1, 0));
  const auto two = read("[" + kUuid + R"(,{"count":2},{}])");
  CHECK(why(two->require_count(1, 1)) == "OVSDB_COUNT_UNEXPECTED operation 2 of 3 (update Port): met 2 rows, not 1");
  CHECK(two->require_count(1, 2));
  CHECK(two->require_count(0, 1).error().reason == "OVSDB_NOTHING_COUNTED");
  CHECK(two->require_count(3, 1).error().code == ErrorCode::internal);
}

TEST_CASE("a result that these operations cannot give is refused", "[protocol][ovsdb]") {
  for (const auto& bad : std::vector<std::string>{"{}",
                                                  "null",
                                                  "[]",
                                                  "[" + kUuid + R"(,{"count":1}])",           // too few
                                                  "[" + kUuid + R"(,{"count":1},{},{},{}])",  // too many
                                                  "[" + kUuid + R"(,{"count":1},{},{}])",  // one more that is no error
                                                  "[" + kUuid + R"(,{"count":1},{},null])",
                                                  "[" + kUuid + R"(,{"count":1},{},"timed out"])",
                                                  "[" + kUuid + R"(,{"error":"x"},null,{"error":"y"}])",  // two errors
                                                  "[" + kUuid + R"(,{"error":"x"},{}])",  // a result behind an error
                                                  "[" + kUuid + R"(,{"error":"x"},{"error":"y"}])",
                                                  "[" + kUuid + R"(,{"error":7},null])",
                                                  "[" + kUuid + R"(,{"error":null},null])",
                                                  "[" + kUuid + R"(,{"error":"x","details":7},null])",
                                                  "[" + kUuid + R"(,null,{}])",  // not executed, and no error
                                                  R"([null,null,null])",
                                                  R"([{"count":1},{"count":1},{}])",  // of another operation
                                                  "[" + kUuid + R"(,{},{}])",
                                                  "[" + kUuid + R"(,{"count":"1"},{}])",
                                                  "[" + kUuid + R"(,{"count":-1},{}])",
                                                  "[" + kUuid + R"(,{"count":1.0},{}])",
                                                  "[" + kUuid + R"(,{"count":1,"more":1},{}])",
                                                  "[" + kUuid + R"(,{"count":1},{"count":1}])",
                                                  R"([{"uuid":"550e8400"},{"count":1},{}])",
                                                  R"([{"uuid":["named-uuid","a"]},{"count":1},{}])",
                                                  R"([{"uuid":["uuid","a"]},{"count":1},{}])"}) {
    CAPTURE(bad);
    CHECK_FALSE(read(bad));
  }
  const std::vector<ExpectedResult> select = {{Shape::rows, "select Port"}};
  for (const std::string_view bad : {R"([{"rows":{}}])", R"([{"rows":[1]}])", R"([{"rows":[{"a":null}]}])", "[{}]"})
    CHECK_FALSE(read(bad, select));
  CHECK(read(R"([{"rows":[{"tag":null}]}])", select).error().message ==
        "operation 1 of 1 (select Port): column 'tag': null where a value should be");
}

TEST_CASE("what each operation must give", "[protocol][ovsdb]") {
  const auto shape = [](const Operation& operation) { return expect(operation).shape; };
  CHECK(shape(Insert{"T", {}}) == Shape::uuid);
  CHECK(shape(Select{"T", {}}) == Shape::rows);
  CHECK(shape(Update{"T", {}, {}}) == Shape::count);
  CHECK(shape(Mutate{"T", {}, {}}) == Shape::count);
  CHECK(shape(Delete{"T", {}}) == Shape::count);
  CHECK(shape(Wait{{}, "T", {}, {}, true, {}}) == Shape::empty);
  for (const Operation& one : std::vector<Operation>{Commit{}, Abort{}, Comment{}, Assert{}})
    CHECK(shape(one) == Shape::empty);
  CHECK(expect(Update{"Port", {}, {}}).operation == "update Port");
}

TEST_CASE("errors keep their kind, and are cut to size", "[protocol][ovsdb]") {
  const auto code = [](std::string_view error) {
    return to_error({std::string(error), ""}, "OVSDB_TRANSACTION_FAILED", "x").code;
  };
  CHECK(code("timed out") == ErrorCode::aborted);
  CHECK(code("resources exhausted") == ErrorCode::resource_exhausted);
  CHECK(code("I/O error") == ErrorCode::unavailable);
  CHECK(code("not leader") == ErrorCode::unavailable);
  CHECK(code("not owner") == ErrorCode::permission_denied);
  CHECK(code("permission error") == ErrorCode::permission_denied);
  CHECK(code("constraint violation") == ErrorCode::failed_precondition);

  std::string details;
  while (details.size() < 2 * kMaxErrorDetails) details += "é";
  auto object = json::Value::object();
  object.set("error", "x" + details).set("details", "x" + details);
  const auto read = parse_error_object(object);
  REQUIRE(read);
  CHECK(read->error.size() == kMaxErrorText - 1);  // not in the middle of a character
  CHECK(read->details.size() == kMaxErrorDetails - 1);
  CHECK(parse_error_object(*json::parse(R"("unknown method")"))->error == "unknown method");
  for (const std::string_view bad : {"{}", "[]", "7", "null", R"({"details":"x"})"})
    CHECK_FALSE(parse_error_object(*json::parse(bad)));
}
