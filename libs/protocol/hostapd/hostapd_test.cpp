// hostapd's text, as hostapd 2.10 wrote it on a wired port, and its bad brothers.
#include <catch2/catch.hpp>

#include "libs/protocol/hostapd/message.h"
#include "libs/protocol/hostapd/monitor.h"
#include "libs/protocol/hostapd/station.h"

using namespace pratique;
using namespace pratique::hostapd;
using namespace std::chrono_literals;

namespace {

const auto kMac = *MacAddress::parse("00:d0:e5:f2:00:02");
const auto kOther = *MacAddress::parse("00:d0:e5:f2:00:03");
const Monitor::Time kStart{1h};

std::string station_text(const MacAddress& mac, std::string_view flags = "[AUTHORIZED]") {
  return mac.text() + "\nflags=" + std::string(flags) +
         "\naid=0\ncapability=0x0\nsupported_rates=\ntimeout_next=NULLFUNC POLL\ndot1xAuthSessionId=FC7EA02E0EEEA82B\n"
         "dot1xAuthSessionAuthenticMethod=1\ndot1xAuthSessionTime=61\ndot1xAuthSessionTerminateCause=999\n"
         "dot1xAuthSessionUserName=dock-7\nauthMultiSessionId=2A76B9630ADF1722\nlast_eap_type_sta=13 (TLS)";
}

Event event_of(std::string_view text) {
  const auto message = parse_message(as_bytes(text));
  REQUIRE(message);
  REQUIRE(std::holds_alternative<Event>(*message));
  return std::get<Event>(*message);
}

std::string refused(const Result<void>& result) { return result ? "accepted" : result.error().message; }

/// Attached, with nothing under way.
Monitor attached() {
  Monitor monitor({}, kStart);
  CHECK(monitor.take_command() == "ATTACH");
  monitor.receive(as_bytes("OK\n"), kStart);
  CHECK(monitor.is_attached());
  return monitor;
}

}  // namespace

TEST_CASE("hostapd: events are told from answers", "[hostapd]") {
  CHECK(event_of("<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02") == Event{Event::Kind::station_on, kMac});
  CHECK(event_of("<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02 auth_alg=open") == Event{Event::Kind::station_on, kMac});
  CHECK(event_of("<3>AP-STA-DISCONNECTED 00:d0:e5:f2:00:02") == Event{Event::Kind::station_off, kMac});
  for (const auto* text : {"<3>CTRL-EVENT-TERMINATING ", "<3>INTERFACE-DISABLED ", "<3>AP-DISABLED "})
    CHECK(event_of(text).kind == Event::Kind::terminating);
  for (const auto* text : {"<3>CTRL-EVENT-EAP-STARTED 00:d0:e5:f2:00:02", "<2>x", "<3>", "<3>AP-STA-CONNECTEDX y",
                           "<3>AP-STA-POLL-OK AP-STA-CONNECTED 00:d0:e5:f2:00:02"})
    CHECK(event_of(text).kind == Event::Kind::other);

  const auto answer = parse_message(as_bytes("PONG\n"));
  REQUIRE(answer);
  CHECK(std::get<Answer>(*answer).text == "PONG");
  CHECK(std::get<Answer>(*parse_message({})).text.empty());
}

TEST_CASE("hostapd: what is no message is refused", "[hostapd]") {
  const auto code = [](std::string_view text) {
    const auto message = parse_message(as_bytes(text));
    return message ? std::string("accepted") : message.error().reason;
  };
  CHECK(code("<>AP-STA-CONNECTED 00:d0:e5:f2:00:02") == "HOSTAPD_MESSAGE_INVALID");
  CHECK(code("<x>AP-STA-CONNECTED 00:d0:e5:f2:00:02") == "HOSTAPD_MESSAGE_INVALID");
  CHECK(code("<33>AP-STA-CONNECTED 00:d0:e5:f2:00:02") == "HOSTAPD_MESSAGE_INVALID");
  CHECK(code("<3") == "HOSTAPD_MESSAGE_INVALID");
  CHECK(code("<3>AP-STA-CONNECTED") == "MAC_ADDRESS_INVALID");
  CHECK(code("<3>AP-STA-DISCONNECTED 00:d0:e5:f2:00") == "MAC_ADDRESS_INVALID");
  CHECK(code(std::string_view("OK\0", 3)) == "HOSTAPD_MESSAGE_INVALID");
  CHECK(code(std::string(kMaxMessage, 'x')) == "accepted");
  CHECK(code(std::string(kMaxMessage + 1, 'x')) == "HOSTAPD_MESSAGE_INVALID");
}

TEST_CASE("hostapd: a station as it is listed", "[hostapd]") {
  const auto station = parse_station(station_text(kMac));
  REQUIRE(station);
  REQUIRE(*station);
  CHECK(**station == Station{kMac, true, "FC7EA02E0EEEA82B", "dock-7", 61s});

  const auto gone = parse_station(station_text(kMac, ""));
  REQUIRE(gone);
  CHECK_FALSE((*gone)->authorized);
  CHECK_FALSE((*parse_station(station_text(kMac, "[AUTH][ASSOC]")))->authorized);
  CHECK_FALSE(*parse_station(""));
}

TEST_CASE("hostapd: the name that a device gives itself forges no field", "[hostapd]") {
  auto text = station_text(kMac, "");
  text.insert(text.find("dock-7"), "x\nflags=[AUTHORIZED]\ndot1xAuthSessionId=0\ndot1xAuthSessionTime=9\n");
  const auto station = parse_station(text);
  REQUIRE(station);
  CHECK(**station == Station{kMac, false, "FC7EA02E0EEEA82B", "x", 61s});
}

TEST_CASE("hostapd: what is no station is refused", "[hostapd]") {
  const auto code = [](const std::string& text) {
    const auto station = parse_station(text);
    return station ? std::string("accepted") : station.error().reason;
  };
  CHECK(code("FAIL") == "HOSTAPD_STATION_INVALID");
  CHECK(code("UNKNOWN COMMAND") == "HOSTAPD_STATION_INVALID");
  CHECK(code(kMac.text()) == "HOSTAPD_STATION_INVALID");  // without its flags
  CHECK(code(kMac.text() + "\nflags=\ndot1xAuthSessionTime=1s") == "HOSTAPD_STATION_INVALID");
  CHECK(code(kMac.text() + "\nflags=\ndot1xAuthSessionTime=-1") == "HOSTAPD_STATION_INVALID");
  CHECK(code(kMac.text() + "\nflags=\ndot1xAuthSessionTime=4294967296") == "HOSTAPD_STATION_INVALID");
  CHECK(code(kMac.text() + "\nflags=\nno equals sign\n=\n") == "accepted");
  CHECK(code(station_text(kMac) + std::string(kMaxMessage, 'x')) == "HOSTAPD_STATION_INVALID");
}

TEST_CASE("hostapd: a list is asked for station by station", "[hostapd]") {
  StationList list;
  CHECK(list.command() == "STA-FIRST");

  SECTION("nobody") {
    REQUIRE(list.receive(""));
    CHECK_FALSE(list.command());
    CHECK(list.stations().empty());
  }
  SECTION("two, of whom one is on") {
    REQUIRE(list.receive(station_text(kMac)));
    CHECK(list.command() == "STA-NEXT 00:d0:e5:f2:00:02");
    REQUIRE(list.receive(station_text(kOther, "")));
    CHECK(list.command() == "STA-NEXT 00:d0:e5:f2:00:03");
    REQUIRE(list.receive(""));
    CHECK_FALSE(list.command());
    REQUIRE(list.stations().size() == 1);
    CHECK(list.stations()[0].mac == kMac);
    CHECK(refused(list.receive("")) == "the list is whole, nothing was asked");
  }
  SECTION("one that leaves meanwhile begins it anew, a few times") {
    for (int i = 1; i < kMaxListings; ++i) {
      REQUIRE(list.receive(station_text(kMac)));
      REQUIRE(list.receive("FAIL"));
      CHECK(list.command() == "STA-FIRST");
      CHECK(list.stations().empty());
    }
    REQUIRE(list.receive(station_text(kMac)));
    CHECK(refused(list.receive("FAIL")) == "stations come and go faster than they can be listed");
  }
  SECTION("a failure at the first is none") { CHECK_FALSE(list.receive("FAIL")); }
  SECTION("a ring") {
    REQUIRE(list.receive(station_text(kMac)));
    REQUIRE(list.receive(station_text(kOther)));
    CHECK(refused(list.receive(station_text(kMac))) == "a station is listed twice");
  }
  SECTION("without end") {
    Result<void> taken;
    for (std::size_t i = 0; i <= kMaxStations && taken; ++i)
      taken = list.receive(station_text(
          MacAddress({0x02, 0, 0, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)})));
    CHECK(refused(taken) == "there are more stations than an interface can have");
  }
}

TEST_CASE("hostapd: a monitor attaches, hears and asks whether hostapd lives", "[hostapd]") {
  auto monitor = attached();
  CHECK_FALSE(monitor.take_command());
  CHECK(monitor.next_due() == kStart + 2s);
  monitor.receive(as_bytes("<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02"), kStart + 1s);
  monitor.receive(as_bytes("<3>CTRL-EVENT-EAP-SUCCESS 00:d0:e5:f2:00:02"), kStart + 1s);
  monitor.receive(as_bytes("<3>AP-STA-DISCONNECTED 00:d0:e5:f2:00:02"), kStart + 1s);
  CHECK(monitor.take_events() ==
        std::vector<Event>{{Event::Kind::station_on, kMac}, {Event::Kind::station_off, kMac}});
  CHECK(monitor.take_events().empty());
  monitor.tick(kStart + 1999ms);
  CHECK_FALSE(monitor.take_command());
  monitor.tick(kStart + 2s);
  CHECK(monitor.take_command() == "PING");
  monitor.receive(as_bytes("<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02"), kStart + 2s);  // before the answer
  monitor.receive(as_bytes("PONG\n"), kStart + 2500ms);
  CHECK(monitor.state() == Monitor::State::attached);
  CHECK(monitor.next_due() == kStart + 4500ms);
  CHECK(monitor.take_events().size() == 1);
}

TEST_CASE("hostapd: a monitor is lost, for good", "[hostapd]") {
  auto monitor = attached();
  std::string why;
  SECTION("by silence") {
    monitor.tick(kStart + 2s);
    monitor.tick(kStart + 3s);
    why = "hostapd does not answer";
  }
  SECTION("by its ending") {
    monitor.receive(as_bytes("<3>CTRL-EVENT-TERMINATING "), kStart);
    why = "hostapd ended";
  }
  SECTION("by an answer to nothing") {
    monitor.receive(as_bytes("PONG\n"), kStart);
    why = "hostapd answered amiss";
  }
  SECTION("by another answer") {
    monitor.tick(kStart + 2s);
    monitor.receive(as_bytes("UNKNOWN COMMAND\n"), kStart + 2s);
    why = "hostapd answered amiss";
  }
  SECTION("by what cannot be read") {
    monitor.receive(as_bytes("<3>AP-STA-CONNECTED x"), kStart);
    why = "AP-STA-CONNECTED";
  }
  SECTION("by its socket") {
    monitor.lose("no such file");
    why = "no such file";
  }
  CHECK(monitor.state() == Monitor::State::lost);
  CHECK(monitor.why_lost().contains(why));
  CHECK_FALSE(monitor.next_due());
  (void)monitor.take_command();
  monitor.receive(as_bytes("OK\n"), kStart + 1h);
  monitor.receive(as_bytes("<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02"), kStart + 1h);
  monitor.tick(kStart + 1h);
  CHECK(monitor.state() == Monitor::State::lost);
  CHECK(monitor.take_events().empty());
  CHECK_FALSE(monitor.take_command());
}

TEST_CASE("hostapd: a monitor that is not let in is lost", "[hostapd]") {
  Monitor monitor({}, kStart);
  monitor.receive(as_bytes("<3>AP-STA-CONNECTED 00:d0:e5:f2:00:02"), kStart);  // nobody's business yet
  CHECK(monitor.take_events().empty());
  SECTION("refused") { monitor.receive(as_bytes("FAIL\n"), kStart); }
  SECTION("not answered") { monitor.tick(kStart + 1s); }
  SECTION("answered as if it had asked otherwise") { monitor.receive(as_bytes("PONG\n"), kStart); }
  CHECK(monitor.state() == Monitor::State::lost);
}
