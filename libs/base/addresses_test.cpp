// MAC and IP addresses: what is read can be written, and what is nearly one is refused.
#include <catch2/catch.hpp>

#include <unordered_set>

#include "libs/base/ip_address.h"
#include "libs/base/mac_address.h"

using namespace pratique;

TEST_CASE("a MAC address is read in every form that equipment writes", "[base]") {
  const MacAddress mac({0x00, 0xd0, 0xe5, 0xf2, 0x0a, 0x02});
  for (const auto* text : {"00:d0:e5:f2:0a:02", "00:D0:E5:F2:0A:02", "00-D0-E5-F2-0A-02", "00-d0-e5-f2-0a-02",
                           "00d0.e5f2.0a02", "00D0.E5F2.0A02", "00d0e5f20a02", "00D0E5F20A02", "00:d0:E5:f2:0A:02"}) {
    INFO(text);
    const auto read = MacAddress::parse(text);
    REQUIRE(read);
    CHECK(*read == mac);
  }
  for (const auto form : {MacForm::colon, MacForm::dash, MacForm::dot, MacForm::bare})
    for (const auto letters : {LetterCase::lower, LetterCase::upper})
      CHECK(*MacAddress::parse(mac.text(form, letters)) == mac);
  CHECK(mac.text() == "00:d0:e5:f2:0a:02");
  CHECK(mac.text(MacForm::dash, LetterCase::upper) == "00-D0-E5-F2-0A-02");
  CHECK(mac.text(MacForm::dot) == "00d0.e5f2.0a02");
  CHECK(mac.text(MacForm::bare, LetterCase::upper) == "00D0E5F20A02");
  CHECK(*MacAddress::from_bytes(mac.bytes()) == mac);
}

TEST_CASE("what is nearly a MAC address is none", "[base]") {
  const auto bad =
      GENERATE(as<std::string>{}, "", "00:d0:e5:f2:0a", "00:d0:e5:f2:0a:02:11", "00:d0:e5:f2:0a:0", "00:d0-e5:f2:0a:02",
               "00-d0-e5-f2-0a:02", "0:d0:e5:f2:0a:02", "00:d0:e5:f2:0a:0g", "00d0:e5f2:0a02", "00d0.e5f2.0a.02",
               "00d0-e5f20a02", "00d0e5f20a0", "00d0e5f20a0 ", " 00:d0:e5:f2:0a:02", "00:d0:e5:f2:0a:02 ",
               "00.d0.e5.f2.0a.02", "0x00d0e5f20a", "00:d0:e5:f2:0a:02:ssid");
  INFO(bad);
  const auto read = MacAddress::parse(bad);
  REQUIRE_FALSE(read);
  CHECK(read.error().reason == "MAC_ADDRESS_INVALID");
}

TEST_CASE("a MAC address tells what it may be used for", "[base]") {
  CHECK(MacAddress().is_zero());
  CHECK_FALSE(MacAddress::parse("00:00:00:00:00:01")->is_zero());
  CHECK(MacAddress::parse("ff:ff:ff:ff:ff:ff")->is_group());
  CHECK(MacAddress::parse("01:80:c2:00:00:03")->is_group());
  CHECK_FALSE(MacAddress::parse("00:d0:e5:f2:0a:02")->is_group());
  CHECK(MacAddress::parse("02:d0:e5:f2:0a:02")->is_locally_administered());
  CHECK_FALSE(MacAddress::parse("00:d0:e5:f2:0a:02")->is_locally_administered());
  CHECK(*MacAddress::parse("00:00:00:00:00:01") < *MacAddress::parse("00:00:00:00:01:00"));
  const std::unordered_set<MacAddress> set{*MacAddress::parse("00d0e5f20a02"), *MacAddress::parse("00-D0-E5-F2-0A-02")};
  CHECK(set.size() == 1);
  CHECK(MacAddress::from_bytes(Bytes(5)).error().reason == "MAC_ADDRESS_INVALID");
  CHECK_FALSE(MacAddress::from_bytes(Bytes(8)));
}

TEST_CASE("IP addresses are read and written", "[base]") {
  const auto text_of = [](std::string_view text) { return IpAddress::parse(text)->text(); };
  CHECK(text_of("192.0.2.7") == "192.0.2.7");
  CHECK(text_of("2001:DB8:0:0:0:0:0:7") == "2001:db8::7");
  CHECK(text_of("::") == "::");
  CHECK(text_of("::ffff:192.0.2.7") == "::ffff:192.0.2.7");
  CHECK(IpAddress::parse("192.0.2.7")->bytes().size() == 4);
  CHECK(IpAddress::parse("::1")->is_v6());
  CHECK(IpAddress::parse("::ffff:192.0.2.7")->unmapped() == *IpAddress::parse("192.0.2.7"));
  CHECK(*IpAddress::parse("::ffff:192.0.2.7") != *IpAddress::parse("192.0.2.7"));
  CHECK(IpAddress::parse("2001:db8::7")->unmapped() == *IpAddress::parse("2001:db8::7"));
  CHECK(*IpAddress::from_bytes(IpAddress::parse("2001:db8::7")->bytes()) == *IpAddress::parse("2001:db8::7"));
  CHECK(*IpAddress::parse("192.0.2.7") < *IpAddress::parse("192.0.2.10"));
  CHECK(*IpAddress::parse("255.255.255.255") < *IpAddress::parse("::1"));
  CHECK(IpAddress().text() == "0.0.0.0");
  const std::unordered_set<IpAddress> set{*IpAddress::parse("::1"), *IpAddress::parse("0:0::1"), IpAddress()};
  CHECK(set.size() == 2);
}

TEST_CASE("what is nearly an IP address is none", "[base]") {
  const auto bad = GENERATE(as<std::string>{}, "", "192.0.2", "192.0.2.256", "192.0.2.07", "192.0.2.7 ", "192.0.2.7/24",
                            "0xc0.0.2.7", "3221225991", "localhost", "[::1]", "::1%lo", "fe80::1%eth0", "1::2::3", ":",
                            "2001:db8::12345", std::string("192.0.2.7\0", 10), std::string(200, '1'));
  INFO(bad);
  const auto read = IpAddress::parse(bad);
  REQUIRE_FALSE(read);
  CHECK(read.error().reason == "IP_ADDRESS_INVALID");
  CHECK_FALSE(IpAddress::from_bytes(Bytes(5)));
  CHECK_FALSE(IpAddress::from_bytes({}));
}
