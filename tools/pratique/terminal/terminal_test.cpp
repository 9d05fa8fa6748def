#include <catch2/catch.hpp>

#include <sstream>

#include "tools/pratique/terminal/details.h"
#include "tools/pratique/terminal/printable.h"
#include "tools/pratique/terminal/table.h"
#include "tools/pratique/terminal/time_text.h"

using namespace pratique;
using namespace pratique::cli;

namespace {

struct Terminal {
  explicit Terminal(ConsoleTraits traits = {}, std::string typed = "")
      : in(std::move(typed)), console(in, out, err, traits) {}
  std::istringstream in;
  std::ostringstream out, err;
  Console console;
};

Timestamp at(std::string_view text) { return *parse_rfc3339(text); }

}  // namespace

TEST_CASE("printable shows good text as it is and makes hostile text visible") {
  CHECK(printable("00-D0-E5-F2-00-02") == "00-D0-E5-F2-00-02");
  CHECK(printable("Prüfstand №7 测量") == "Prüfstand №7 测量");
  CHECK(printable("a\x1b[2Jb") == "a\\x1b[2Jb");            // clears the screen
  CHECK(printable("a\nb\rc\x7f") == "a\\x0ab\\x0dc\\x7f");  // fakes a line
  CHECK(printable("\xc2\x9b") == "\\x9b");                  // CSI as one C1 character
  CHECK(printable("\xe2\x80\xae"
                  "gnp") == "\\u{202e}gnp");  // right-to-left override
  CHECK(printable("\xe2\x81\xa6") == "\\u{2066}");
  CHECK(printable("a\xff\xc3") == "a\\xff\\xc3");  // no UTF-8
}

TEST_CASE("texts are counted and cut by characters") {
  CHECK(display_width("Prüfstand") == 9);
  CHECK(shortened("Prüfstand", 9) == "Prüfstand");
  CHECK(shortened("Prüfstand", 4) == "Prü…");
  CHECK(shortened("Prüfstand", 1) == "…");
  CHECK(shortened("x", 0).empty());
}

TEST_CASE("a word for the shell is quoted where it must be") {
  CHECK(shell_word("00-D0-E5-F2-00-02") == "00-D0-E5-F2-00-02");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("$(reboot)") == "'$(reboot)'");
  CHECK(shell_word("it's") == "'it'\\''s'");
}

TEST_CASE("a table is aligned, leaves empty columns out and ends no line in spaces") {
  Terminal terminal;
  Table table({{"SERIAL"}, {"LOCATION"}, {"STATE"}});
  table.row({"00-D0-E5-F2-00-02", "", Cell("admitted", Tone::good)});
  table.row({"7", "", "pending"});
  table.print(terminal.console);
  CHECK(terminal.out.str() ==
        "SERIAL             STATE\n"
        "00-D0-E5-F2-00-02  admitted\n"
        "7                  pending\n");
}

TEST_CASE("a table without rows says so") {
  Terminal terminal;
  Table({{"SERIAL"}}).print(terminal.console, "no devices");
  CHECK(terminal.out.str() == "no devices\n");
}

TEST_CASE("a table shrinks what may shrink to the terminal's width, and nothing where there is no terminal") {
  Table table({{"SERIAL"}, {"MODEL", Column::shrinks}, {"NOTE", Column::shrinks}});
  table.row({"0123456789", std::string(30, 'm'), std::string(12, 'n')});
  Terminal narrow({.width = 40});
  CHECK(table.text(narrow.console) ==
        "SERIAL      MODEL           NOTE\n"
        "0123456789  mmmmmmmmmmmmm…  nnnnnnnnnnnn\n");
  Terminal tiny({.width = 10});  // what does not shrink is whole all the same
  CHECK(table.text(tiny.console) ==
        "SERIAL      MODEL     NOTE\n"
        "0123456789  mmmmmmm…  nnnnnnn…\n");
  Terminal pipe;
  CHECK(table.text(pipe.console).contains(std::string(30, 'm')));
}

TEST_CASE("colours stand outside the width, and only on a terminal") {
  Table table({{"A"}, {"B"}});
  table.row({Cell("x", Tone::bad), "y"});
  Terminal terminal({.colour = true});
  CHECK(table.text(terminal.console) == "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[31mx\x1b[0m  y\n");
  Terminal pipe;
  CHECK(table.text(pipe.console) == "A  B\nx  y\n");
}

TEST_CASE("a hostile cell stays one cell") {
  Terminal terminal;
  Table table({{"SERIAL"}, {"STATE"}});
  table.row({"x\n7  admitted", "pending"});
  CHECK(table.text(terminal.console) == "SERIAL            STATE\nx\\x0a7  admitted  pending\n");
}

TEST_CASE("details leave out what is empty and align the rest") {
  Terminal terminal;
  Details details(2);
  details.add("serial", "7").add("model", "").add("last seen", "never\x1b");
  details.print(terminal.console);
  CHECK(terminal.out.str() == "  serial     7\n  last seen  never\\x1b\n");
}

TEST_CASE("times are told by the clock and by their distance") {
  const auto now = at("2026-11-24T07:33:00Z");
  CHECK(time_text(at("2026-11-24T07:30:00Z"), now) == "2026-11-24 07:30 UTC, 3 min ago");
  CHECK(exact_time_text(at("2026-11-24T07:30:12.5Z")) == "2026-11-24 07:30:12 UTC");
  CHECK(distance_text(now, now) == "just now");
  CHECK(distance_text(at("2026-11-24T07:33:01.5Z"), now) == "just now");
  CHECK(distance_text(at("2026-11-24T07:31:01Z"), now) == "119 s ago");
  CHECK(distance_text(at("2026-11-24T07:31:00Z"), now) == "2 min ago");
  CHECK(distance_text(at("2026-11-24T05:34:00Z"), now) == "119 min ago");
  CHECK(distance_text(at("2026-11-24T09:33:00Z"), now) == "in 2 h");
  CHECK(distance_text(at("2026-11-22T07:33:00Z"), now) == "2 d ago");
  CHECK(distance_text(at("2026-08-24T07:33:00Z"), now) == "3 months ago");
  CHECK(distance_text(at("2036-11-24T07:33:00Z"), now) == "in 10 years");
}

TEST_CASE("a date is its first moment; anything else is RFC 3339") {
  CHECK(*parse_time("2026-11-24") == at("2026-11-24T00:00:00Z"));
  CHECK(*parse_time("2026-11-24T07:30:00+01:00") == at("2026-11-24T06:30:00Z"));
  CHECK_FALSE(parse_time("24.11.2026"));
  CHECK_FALSE(parse_time("yesterday"));
  CHECK_FALSE(parse_time(""));
}

TEST_CASE("what destroys is done on --yes or on a typed yes, and on nothing less") {
  Terminal script;
  CHECK(script.console.confirm("retire 7", true));
  const auto refused = script.console.confirm("retire 7", false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "CONFIRMATION_MISSING");
  CHECK(refused.error().message.contains("--yes"));

  Terminal agreed({.can_ask = true}, "yes\n");
  CHECK(agreed.console.confirm("retire 7", false));
  CHECK(agreed.err.str() == "This will retire 7. Type 'yes' to go on: ");
  CHECK(agreed.out.str().empty());
  for (const char* answer : {"y\n", "no\n", "\n", ""}) {
    Terminal terminal({.can_ask = true}, answer);
    const auto result = terminal.console.confirm("retire 7", false);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::cancelled);
  }
}
