#include "libs/obs/log.h"

#include <catch2/catch.hpp>

#include "libs/base/clock.h"
#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"
#include "libs/obs/pseudonym.h"

using namespace pratique;
using namespace pratique::obs;

namespace {

constexpr Event kJoined{"device_joined", Level::info, "a device joined"};
constexpr Event kDetail{"device_detail", Level::debug, "a detail"};
constexpr Event kFailed{"join_failed", Level::error, "a device could not join", "see the reason"};
constexpr Event kStray{"nobody_declared_me", Level::info, "not in the catalogue"};

struct Captured {
  FixedClock clock{*parse_rfc3339("2026-11-24T06:38:27.123456Z")};
  std::vector<std::string> lines;
  Log log{Catalogue("port").events({&kJoined, &kDetail, &kFailed}), Level::info, clock,
          [this](std::string_view line) { lines.emplace_back(line); }};

  json::Value only() {
    REQUIRE(lines.size() == 1);
    REQUIRE(lines[0].ends_with("}\n"));
    auto value = json::parse(std::string_view(lines[0]).substr(0, lines[0].size() - 1));
    INFO(lines[0]);
    REQUIRE(value);
    return *std::move(value);
  }
};

}  // namespace

TEST_CASE("a log line is one JSON object with its event and fields") {
  Captured out;
  out.log.write(kJoined, {{"segment", "cameras"}, {"tries", 3}, {"seconds", 0.5}, {"again", true}});
  const auto line = out.only();
  const json::Reader reader(line);
  CHECK(*reader.string_at("time") == "2026-11-24T06:38:27.123Z");
  CHECK(*reader.string_at("level") == "info");
  CHECK(*reader.string_at("service") == "port");
  CHECK(*reader.string_at("event") == "device_joined");
  CHECK(*reader.string_at("segment") == "cameras");
  CHECK(*reader.int_at("tries") == 3);
  CHECK(*reader.number_at("seconds") == 0.5);
  CHECK(*reader.bool_at("again"));
  CHECK_FALSE(reader.has("undeclared"));
  CHECK_FALSE(reader.has("trace"));
}

TEST_CASE("an error is logged with its reason and evidence") {
  Captured out;
  const Error error{ErrorCode::not_found, "DEVICE_UNKNOWN", "no such device", {{"seen", "x\"y"}}};
  out.log.write(kFailed, error, {{"step", "lookup"}});
  const auto line = out.only();
  const json::Reader reader(line);
  CHECK(*reader.string_at("code") == "NOT_FOUND");
  CHECK(*reader.string_at("reason") == "DEVICE_UNKNOWN");
  CHECK(*reader.object_at("evidence")->string_at("seen") == "x\"y");
}

TEST_CASE("hostile text cannot forge a line, break its form or flood it") {
  Captured out;
  SECTION("line ends and control characters") {
    out.log.write(kJoined, {{"name", "a\n{\"event\":\"forged\"}\x1b[2J\x7f"}});
    const auto line = out.only();
    CHECK(std::ranges::count(out.lines[0], '\n') == 1);
    CHECK(*json::Reader(line).string_at("name") == "a\n{\"event\":\"forged\"}\x1b[2J\x7f");
  }
  SECTION("bytes that are no UTF-8") {
    out.log.write(kJoined, {{"name", "a\xff\xc0\x80z\xed\xa0\x80"}});
    const auto line = out.only();
    CHECK(json::Reader(line).string_at("name")->starts_with("a\xef\xbf\xbd"));
  }
  SECTION("a long text") {
    std::string text(kMaxFieldBytes - 1, 'x');
    text += "€uro";
    out.log.write(kJoined, {{"name", text}});
    const auto line = out.only();
    CHECK(*json::Reader(line).string_at("name") == std::string(kMaxFieldBytes - 1, 'x') + "…");
  }
}

TEST_CASE("levels below the least are silent, undeclared events are marked") {
  Captured out;
  out.log.write(kDetail);
  CHECK(out.lines.empty());
  out.log.write(kStray);
  const auto line = out.only();
  CHECK(*json::Reader(line).bool_at("undeclared"));
}

TEST_CASE("a trace scope marks the lines of its thread and gives the outer one back") {
  Captured out;
  {
    const TraceScope outer("0af7651916cd43dd8448eb211c80319c");
    { const TraceScope inner("4bf92f3577b34da6a3ce929d0e0e4736"); }
    out.log.write(kJoined);
  }
  const auto line = out.only();
  CHECK(*json::Reader(line).string_at("trace") == "0af7651916cd43dd8448eb211c80319c");
  CHECK(TraceScope::current().empty());
}

TEST_CASE("a pseudonym is stable under a key and says nothing without it") {
  const Pseudonyms ours(Secret("0123456789abcdef0123456789abcdef")), theirs(Secret("fedcba9876543210fedcba9876543210"));
  const auto one = ours.of("00-D0-E5-F2-00-02");
  CHECK(one.size() == 18);
  CHECK(one.starts_with("p-"));
  CHECK(one == ours.of("00-D0-E5-F2-00-02"));
  CHECK(one != ours.of("00-D0-E5-F2-00-03"));
  CHECK(one != theirs.of("00-D0-E5-F2-00-02"));
}
