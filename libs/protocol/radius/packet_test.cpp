// Packets as bytes: the examples of RFC 2865 section 7, and everything that is nearly a packet.
#include "libs/protocol/radius/packet.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/protocol/radius/values.h"

using namespace pratique;
using namespace pratique::radius;

namespace {

// RFC 2865 section 7.1.
const std::string kRequest =
    "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110"
    "050600000003";

Bytes header(std::uint8_t code, std::size_t length) {
  Bytes out(20);
  out[0] = code;
  out[2] = static_cast<std::uint8_t>(length >> 8);
  out[3] = static_cast<std::uint8_t>(length & 0xff);
  return out;
}
Bytes with_attributes(const std::string& attributes) {
  const auto bytes = *hex_decode(attributes);
  auto out = header(1, 20 + bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

}  // namespace

TEST_CASE("radius: a packet is read and written as the same bytes", "[radius]") {
  const auto datagram = *hex_decode(kRequest);
  const auto packet = parse_packet(datagram);
  REQUIRE(packet);
  CHECK(packet->code == Code::access_request);
  CHECK(packet->identifier == 0);
  CHECK(hex_encode(packet->authenticator) == "0f403f9473978057bd83d5cb98f4227a");
  REQUIRE(packet->attributes.size() == 4);
  CHECK(packet->attributes[1].type == AttributeType::user_password);
  CHECK(*get_text(*packet, AttributeType::user_name) == "nemo");
  CHECK((*find_address(*packet, AttributeType::nas_ip_address))->text() == "192.168.1.16");
  CHECK(*get_integer(*packet, AttributeType::nas_port) == 3);
  CHECK(*encode_packet(*packet) == datagram);
}

TEST_CASE("radius: octets beyond Length are padding", "[radius]") {
  auto padded = *hex_decode(kRequest);
  const auto plain = *parse_packet(padded);
  padded.insert(padded.end(), {0x50, 0x01, 0xff});
  CHECK(*parse_packet(padded) == plain);
  padded.resize(5000);
  CHECK(*parse_packet(padded) == plain);
}

TEST_CASE("radius: the smallest and the largest packet", "[radius]") {
  CHECK(parse_packet(header(12, 20))->attributes.empty());
  Packet packet{.code = Code::access_request};
  for (int i = 0; i < 15; ++i) packet.attributes.push_back({AttributeType::eap_message, Bytes(253, 0xaa)});
  packet.attributes.push_back({AttributeType::eap_message, Bytes(249, 0xaa)});
  const auto full = encode_packet(packet);
  REQUIRE(full);
  CHECK(full->size() == kMaxPacketSize);
  CHECK(*parse_packet(*full) == packet);
  CHECK(concatenated(packet, AttributeType::eap_message).size() == 15 * 253 + 249);
  packet.attributes.back().value.push_back(0);
  CHECK(encode_packet(packet).error().reason == "RADIUS_PACKET_TOO_LARGE");
}

TEST_CASE("radius: a datagram that is no packet is refused", "[radius]") {
  const auto refused = [](const Bytes& datagram) {
    const auto packet = parse_packet(datagram);
    return packet ? std::string("accepted") : packet.error().reason;
  };
  SECTION("empty") { CHECK(refused({}) == "RADIUS_PACKET_MALFORMED"); }
  SECTION("a header cut short") { CHECK(refused(Bytes(19, 1)) == "RADIUS_PACKET_MALFORMED"); }
  SECTION("Length below 20") { CHECK(refused(header(1, 19)) == "RADIUS_PACKET_MALFORMED"); }
  SECTION("Length zero") { CHECK(refused(header(1, 0)) == "RADIUS_PACKET_MALFORMED"); }
  SECTION("Length above the datagram") { CHECK(refused(header(1, 21)) == "RADIUS_PACKET_MALFORMED"); }
  SECTION("Length above 4096") {
    auto datagram = header(1, 4097);
    datagram.resize(4097);
    CHECK(refused(datagram) == "RADIUS_PACKET_MALFORMED");
  }
}

TEST_CASE("radius: an attribute that does not fit is named", "[radius]") {
  const auto bad = GENERATE(as<std::pair<std::string, std::string>>{},
                            std::pair{"1f", "Calling-Station-Id at offset 20"}, std::pair{"1f00", "Calling-Station-Id"},
                            std::pair{"1f01", "Calling-Station-Id"}, std::pair{"1f03", "Calling-Station-Id"},
                            std::pair{"0103"
                                      "61"
                                      "5704"
                                      "61",
                                      "NAS-Port-Id at offset 23"},
                            std::pair{"c8ff00", "Attribute-200"},
                            std::pair{"010361"
                                      "1f",
                                      "Calling-Station-Id at offset 23"});
  INFO(bad.first);
  const auto packet = parse_packet(with_attributes(bad.first));
  REQUIRE_FALSE(packet);
  CHECK(packet.error().reason == "RADIUS_ATTRIBUTE_MALFORMED");
  CHECK(packet.error().message.contains(bad.second));
}

TEST_CASE("radius: an attribute whose padding looks like more of it ends at Length", "[radius]") {
  // The attribute says 6 bytes, Length leaves 5 of them, the datagram has all.
  auto datagram = with_attributes("050600000003");
  datagram[3] = 25;
  CHECK(parse_packet(datagram).error().reason == "RADIUS_ATTRIBUTE_MALFORMED");
}

TEST_CASE("radius: an attribute of 254 bytes cannot be written", "[radius]") {
  const auto bytes =
      encode_packet({.code = Code::coa_request, .attributes = {{AttributeType::filter_id, Bytes(254, 'a')}}});
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().reason == "RADIUS_ATTRIBUTE_TOO_LARGE");
  CHECK(bytes.error().message.contains("Filter-Id"));
}

TEST_CASE("radius: codes have names, and know their answers", "[radius]") {
  CHECK(to_string(Code::disconnect_nak) == "Disconnect-NAK");
  CHECK(to_string(Code{99}) == "Code-99");
  CHECK(answers(Code::coa_nak, Code::coa_request));
  CHECK_FALSE(answers(Code::coa_ack, Code::disconnect_request));
  CHECK_FALSE(answers(Code::disconnect_request, Code::disconnect_request));
  CHECK_FALSE(answers(Code::access_accept, Code{99}));
  CHECK(is_signed_request(Code::accounting_request));
  CHECK_FALSE(is_signed_request(Code::access_request));
}
