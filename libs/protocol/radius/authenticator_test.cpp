// Signatures against those of others: RFC 2865 section 7, radclient and hostapd.
#include "libs/protocol/radius/authenticator.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/world_test.h"

using namespace pratique;
using namespace pratique::radius;
using test::packet_from;
using test::secret_of;

namespace {

struct Pair {
  std::string what, request, answer;
};

// RFC 2865 sections 7.1, 7.2, 7.3 (the first exchange); the secret is the RFC's.
const std::string kRfcSecret = "xyzzy5461";
const std::vector<Pair> kRfcPairs{
    {"7.1",
     "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003",
     "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103"},
    {"7.2",
     "010100472aee86f08d0d55969ca5978e0d3367a20108666c6f7073790313"
     "16e97557c316185895f293ff6344077275"
     "0406c0a80110050600000014060600000002070600000001",
     "0201003815efbc7dab26cfa3dc34d9c03c8601a40606000000020706000000010806fffffffe0a06000000020d06000000010c06000005d"
     "c"},
    {"7.3",
     "01020039f3a47a1f6a6d76710b947ab93041a03901076d6f707379021233657573778289b570885e15084825c50406c0a80110"
     "050600000007",
     "0b02004e36f3c8764ae8c71157403c0c71ff9c4512304368616c6c656e67652033323736393433302e2020456e746572"
     "20726573706f6e73652061742070726f6d70742e180a3332373639343330"}};

}  // namespace

TEST_CASE("radius: Response Authenticators of RFC 2865 section 7", "[radius]") {
  for (const auto& pair : kRfcPairs) {
    INFO(pair.what);
    const auto request = packet_from(pair.request);
    auto answer = packet_from(pair.answer);
    CHECK(answers(answer.code, request.code));
    CHECK(response_authenticator_fits(answer, request.authenticator, secret_of(kRfcSecret)));
    CHECK_FALSE(response_authenticator_fits(answer, request.authenticator, secret_of("xyzzy5462")));
    CHECK_FALSE(response_authenticator_fits(answer, answer.authenticator, secret_of(kRfcSecret)));
    CHECK(hex_encode(*sign_answer(answer, request.authenticator, secret_of(kRfcSecret))) == pair.answer);
    answer.attributes.back().value.back() ^= 1;
    CHECK_FALSE(response_authenticator_fits(answer, request.authenticator, secret_of(kRfcSecret)));
  }
}

TEST_CASE("radius: requests that radclient signed", "[radius]") {
  for (const auto& datagram :
       {test::kRadclientDisconnect, test::kRadclientCoa, test::kRadclientTagged, test::kRadclientStop}) {
    INFO(datagram);
    const auto secret = secret_of(test::kSecret);
    auto request = packet_from(datagram);
    CHECK(request_authenticator_fits(request, secret));
    CHECK_FALSE(request_authenticator_fits(request, secret_of("correct-horse-batterz")));
    const bool has = find_first(request, AttributeType::message_authenticator) != nullptr;
    CHECK(request_message_authenticator(request, secret) ==
          (has ? MessageAuthenticator::right : MessageAuthenticator::absent));
    // Signing it again gives the same bytes.
    CHECK(hex_encode(*sign_request(request, secret)) == datagram);
    request.identifier ^= 1;
    CHECK_FALSE(request_authenticator_fits(request, secret));
    if (has) CHECK(request_message_authenticator(request, secret) == MessageAuthenticator::wrong);
  }
}

TEST_CASE("radius: answers that hostapd signed", "[radius]") {
  for (const auto& [request_text, answer_text] : test::kHostapdPairs) {
    const auto secret = secret_of(test::kSecret);
    const auto request = packet_from(request_text);
    auto answer = packet_from(answer_text);
    CHECK(request_message_authenticator(request, secret) == MessageAuthenticator::right);
    CHECK(response_authenticator_fits(answer, request.authenticator, secret));
    CHECK(answer_message_authenticator(answer, request.authenticator, secret) == MessageAuthenticator::right);
    CHECK(hex_encode(*sign_answer(answer, request.authenticator, secret)) == answer_text);
    // Not as a request's, and not for another request.
    CHECK(request_message_authenticator(answer, secret) == MessageAuthenticator::wrong);
    CHECK(answer_message_authenticator(answer, Authenticator{}, secret) == MessageAuthenticator::wrong);
  }
}

TEST_CASE("radius: a Message-Authenticator that is not one", "[radius]") {
  const auto secret = secret_of(test::kSecret);
  auto packet = packet_from(test::kRadclientDisconnect);
  auto& signature = packet.attributes.back();
  REQUIRE(signature.type == AttributeType::message_authenticator);
  SECTION("a bit flipped") { signature.value[7] ^= 0x80; }
  SECTION("cut short") { signature.value.pop_back(); }
  SECTION("too long") { signature.value.push_back(0); }
  SECTION("empty") { signature.value.clear(); }
  SECTION("there twice") { packet.attributes.push_back(signature); }
  SECTION("something behind it") { packet.attributes.push_back(integer_attribute(AttributeType::nas_port, 1)); }
  CHECK(request_message_authenticator(packet, secret) == MessageAuthenticator::wrong);
}

TEST_CASE("radius: a place for the Message-Authenticator is asked for once, at the front", "[radius]") {
  Packet packet{.code = Code::coa_request, .attributes = {integer_attribute(AttributeType::nas_port, 1)}};
  ask_for_message_authenticator(packet);
  ask_for_message_authenticator(packet);
  CHECK(count(packet, AttributeType::message_authenticator) == 1);
  CHECK(packet.attributes.front().type == AttributeType::message_authenticator);
  const auto secret = secret_of(test::kSecret);
  const auto datagram = sign_request(packet, secret);
  CHECK(request_message_authenticator(*parse_packet(*datagram), secret) == MessageAuthenticator::right);
  CHECK(request_authenticator_fits(*parse_packet(*datagram), secret));
}

TEST_CASE("radius: a shared secret that cannot be one, and none that is shown", "[radius]") {
  CHECK(SharedSecret::make(Secret("0123456789abcdef")));
  CHECK(SharedSecret::make(Secret(Bytes(128, 'a'))));
  CHECK(SharedSecret::make(Secret("0123456789abcde"))->is_short());
  CHECK_FALSE(SharedSecret::make(Secret("0123456789abcdef"))->is_short());
  for (const auto& bad : {std::string(), std::string(129, 'a'), std::string("hunter2hunter2hu\n"),
                          std::string("\thunter2hunter2hu"), std::string("hunter2hunter2hu\0", 17)}) {
    const auto secret = SharedSecret::make(Secret(bad));
    REQUIRE_FALSE(secret);
    CHECK(secret.error().reason == "RADIUS_SECRET_UNUSABLE");
    CHECK_FALSE(secret.error().message.contains("hunter"));
    CHECK(secret.error().evidence.empty());
  }
}
