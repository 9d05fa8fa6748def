#include <catch2/catch.hpp>

#include <set>

#include "libs/base/id.h"
#include "tools/pratique/csv.h"
#include "tools/pratique/import_rows.h"

using namespace pratique;
using namespace pratique::cli;
namespace v1 = pratique::registrar::v1;

namespace {

v1::ListManufacturersResponse makers() {
  v1::ListManufacturersResponse out;
  auto* one = out.add_manufacturers();
  one->set_name("manufacturers/0193a0b1-0000-7000-8000-00000000000a");
  one->set_display_name("Example Sensors");
  return out;
}

ImportPlan plan(std::string_view text) {
  auto result = plan_import(text, makers());
  REQUIRE(result);
  return *std::move(result);
}

std::vector<std::string> fields(std::string_view text) {
  const auto records = parse_csv(text);
  REQUIRE(records);
  REQUIRE(records->size() == 1);
  return records->front().fields;
}

}  // namespace

TEST_CASE("CSV: fields, quotes, line ends") {
  CHECK(fields("a,b,c") == std::vector<std::string>{"a", "b", "c"});
  CHECK(fields("a,,\r\n") == std::vector<std::string>{"a", "", ""});
  CHECK(fields("\xEF\xBB\xBF"
               "a,b\n") == std::vector<std::string>{"a", "b"});
  CHECK(fields("\"a, b\",\"say \"\"x\"\"\",\"two\nlines\"\n") ==
        std::vector<std::string>{"a, b", "say \"x\"", "two\nlines"});
  CHECK(fields(" a , b") == std::vector<std::string>{" a ", " b"});
  CHECK(parse_csv("")->empty());
  CHECK(parse_csv("\n\r\n\n")->empty());
}

TEST_CASE("CSV: records know their lines") {
  const auto records = parse_csv("a\n\n\"x\ny\"\nb\r\nc");
  REQUIRE(records);
  REQUIRE(records->size() == 4);
  CHECK((*records)[1].line == 3);
  CHECK((*records)[2].line == 5);
  CHECK((*records)[2].fields.front() == "b");
  CHECK((*records)[3].line == 6);
}

TEST_CASE("CSV: quotes that are none") {
  for (const char* text : {"a\n\"b", "a\n\"b\"c\n", "a\n\"b\" ,c\n"}) {
    const auto bad = parse_csv(text);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().reason == "CSV_INVALID");
    CHECK(bad.error().message.starts_with("line 2: "));
  }
}

TEST_CASE("an import reads its columns by their names, in any order") {
  const auto result = plan("location,serial,manufacturer,model,segment\nplant-1,7,example sensors,Sensor X,iot\n");
  CHECK(result.problems.empty());
  REQUIRE(result.rows.size() == 1);
  const auto& device = result.rows[0].request.device();
  CHECK(result.rows[0].line == 2);
  CHECK(device.serial_number() == "7");
  CHECK(device.manufacturer() == makers().manufacturers(0).name());
  CHECK(device.model() == "Sensor X");
  CHECK(device.segment() == "iot");
  CHECK(device.location() == "plant-1");
  CHECK(plan("serial,manufacturer\n").rows.empty());
  CHECK(plan("serial,manufacturer\n8,manufacturers/0193a0b1-0000-7000-8000-00000000000b\n").rows.size() == 1);
}

TEST_CASE("a row that is wrong is told by its line and keeps no other from being imported") {
  const auto result = plan(
      "serial,manufacturer,model\n"
      "1,Example Sensors,X\n"
      "2,Nobody,X\n"
      ",Example Sensors,X\n"
      "4,Example Sensors\n"
      "1,Example Sensors,Y\n"
      "6,Example Sensors,X\n");
  REQUIRE(result.rows.size() == 2);
  CHECK(result.rows[1].request.device().serial_number() == "6");
  REQUIRE(result.problems.size() == 4);
  CHECK(result.problems[0].line == 3);
  CHECK(result.problems[0].code == "MANUFACTURER_UNKNOWN");
  CHECK(result.problems[1].line == 4);
  CHECK(result.problems[1].code == "ROW_INVALID");
  CHECK(result.problems[2].line == 5);
  CHECK(result.problems[3].code == "ROW_REPEATED");
  CHECK(result.problems[3].message.contains("line 2"));
}

TEST_CASE("a header that cannot be meant refuses the file") {
  for (const char* text : {"", "serial\n", "manufacturer,model\n", "serial,manufacturer,colour\n",
                           "serial,manufacturer,serial\n", "7,Example Sensors\n", "Serial,manufacturer\n"}) {
    const auto bad = plan_import(text, makers());
    REQUIRE_FALSE(bad);
    CHECK(bad.error().reason == "IMPORT_HEADER_INVALID");
  }
}

TEST_CASE("the same row is the same change, whatever stands around it; another row is another") {
  const auto first = plan("serial,manufacturer,model\n7,Example Sensors,X\n8,Example Sensors,X\n");
  const auto again = plan("model,manufacturer,serial\nX,Example Sensors,8\nX,example sensors,7\n");
  CHECK(first.rows[0].request.request_id() == again.rows[1].request.request_id());
  CHECK(first.rows[1].request.request_id() == again.rows[0].request.request_id());
  CHECK(first.rows[0].request.SerializeAsString() == again.rows[1].request.SerializeAsString());
  // No two rows run into each other at a field's end.
  const auto near = plan(
      "serial,manufacturer,model,segment\n7,Example Sensors,ab,c\n8,Example Sensors,a,bc\n9,Example Sensors,,abc\n");
  std::set<std::string> ids;
  for (const auto& row : near.rows) {
    const auto& id = row.request.request_id();
    CHECK(parse_uuid(id));
    CHECK(id[14] == '8');
    ids.insert(id);
  }
  CHECK(ids.size() == 3);
  CHECK(plan("serial,manufacturer,model,segment\n7,Example Sensors,ab,c\n").rows[0].request.request_id() !=
        plan("serial,manufacturer,model,segment\n7,Example Sensors,a,bc\n").rows[0].request.request_id());
}
