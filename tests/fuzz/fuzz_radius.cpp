// RADIUS: a datagram as a packet, as a request to us and as a NAS's answer; and a good answer spoilt, or filled with
// other attributes and properly signed, so that what lies behind the signatures is reached.
#include "libs/protocol/radius/accounting.h"
#include "libs/protocol/radius/authenticator.h"
#include "libs/protocol/radius/client.h"
#include "libs/protocol/radius/filter_rules.h"
#include "libs/protocol/radius/request.h"
#include "libs/protocol/radius/values.h"
#include "libs/protocol/radius/vendor.h"
#include "tests/fuzz/steering.h"
#include "tests/fuzz/targets.h"

namespace pratique::fuzz {
namespace {

using namespace radius;

const Timestamp kNow = *parse_rfc3339("2026-06-01T12:00:00Z");
const Moment kMoment{kNow, {}};
const Peer kNas{*IpAddress::parse("192.0.2.1"), kDynamicAuthorizationPort};

const SharedSecret& secret() {
  static const auto kSecret = *SharedSecret::make(Secret("correct-horse-battery"));
  return kSecret;
}

/// A client with one Disconnect-Request under way.
struct World {
  PredictableRandom random{3};
  Client client{kNas, secret(), {}, random};
  Client::Sent sent = *client.start(*disconnect({.user_name = "dock-7"}), kMoment, random);
  Packet request = *parse_packet(sent.datagram);
};

void addresses(std::string_view text) {
  if (const auto mac = MacAddress::parse(text))
    for (const auto form : {MacForm::colon, MacForm::dash, MacForm::dot, MacForm::bare})
      for (const auto letters : {LetterCase::lower, LetterCase::upper})
        require(MacAddress::parse(mac->text(form, letters)).value_or({}) == *mac, "a MAC address in every form");
  if (const auto ip = IpAddress::parse(text)) {
    const auto again = IpAddress::parse(ip->text());
    require(again && *again == *ip, "an IP address that was read can be written and read");
  }
}

void attribute(const Attribute& one) {
  if (const auto text = text_of(one); text && !text->empty()) {
    const auto made = text_attribute(one.type, *text);
    require(made && text_of(*made).value_or("") == *text, "a text that was read can be written and read");
  }
  if (const auto number = integer_of(one))
    require(integer_attribute(one.type, *number) == one, "an integer has one encoding");
  if (const auto address = address_of(one)) {
    const auto made = address_attribute(one.type, *address);
    require(made && *made == one, "an address has one encoding");
  }
  if (const auto time = time_of(one)) {
    const auto made = time_attribute(one.type, *time);
    require(made && *made == one, "a time has one encoding");
  }
  if (const auto tagged = tagged_integer_of(one)) {
    const auto made = tagged_integer_attribute(one.type, tagged->value, tagged->tag);
    require(made && *made == one, "a tagged integer has one encoding");
  }
  if (const auto inside = vendor_attributes_of(one)) {
    require(!inside->empty(), "a vendor's attribute holds something");
    Bytes joined(one.value.begin(), one.value.begin() + 4);
    for (const auto& each : *inside) {
      const auto made = vendor_attribute(each);
      require(made.has_value(), "a vendor's attribute that was read can be written");
      joined.insert(joined.end(), made->value.begin() + 4, made->value.end());
    }
    require(joined == one.value, "vendors' attributes have one encoding");
  }
}

void meaning(const Packet& packet) {
  for (const auto& one : packet.attributes) attribute(one);
  if (const auto vlan = find_vlan(packet); vlan && *vlan) {
    require(!(*vlan)->group.empty(), "a VLAN has a number or a name");
    if (const auto made = vlan_attributes(**vlan)) {
      const auto again = find_vlan({.code = packet.code, .attributes = *made});
      require(again && *again == *vlan, "a VLAN that was assigned reads as the same");
    }
  }
  if (const auto rules = find_filter_rules(packet)) {
    const auto made = filter_rule_attributes(*rules);
    require(made.has_value(), "filter rules that were read can be written");
    const auto again = find_filter_rules({.code = packet.code, .attributes = *made});
    require(again && *again == *rules, "filter rules read as the same");
  }
  if (const auto record = read_accounting(packet))
    require(!record->session_id.empty() && (!record->nas_identifier.empty() || record->nas_address),
            "an accounting record names session and NAS");
}

void as_request(const Packet& packet) {
  for (const auto& rules : {RequestRules::accounting(), RequestRules::dynamic_authorization()}) {
    if (!judge_request(packet, secret(), rules, kNow).accepted()) continue;
    auto again = packet;
    const auto signed_again = sign_request(again, secret());
    require(signed_again && again == packet, "a request that was accepted was signed with our secret");
  }
}

void answer_is_ours(const Client::Received& received, const Packet& request) {
  require(received.verdict.accepted() == received.answer.has_value(), "an answer is given if it is accepted");
  if (!received.answer) return;
  const auto& packet = received.answer->packet;
  require(answers(packet.code, request.code), "an answer that was accepted answers what was asked");
  auto again = packet;
  const auto signed_again = sign_answer(again, request.authenticator, secret());
  require(signed_again && again == packet, "an answer that was accepted was signed for our request");
  require(count(packet, AttributeType::message_authenticator) == 1, "by both signatures");
}

void as_answer(ByteView datagram) {
  World world;
  const auto received = world.client.receive(kNas, datagram, kMoment);
  answer_is_ours(received, world.request);
  require((world.client.under_way() == 0) == received.answer.has_value(), "only an accepted answer ends the exchange");
}

void properly_signed(const Packet& packet) {
  World world;
  const auto code = packet.identifier % 2 == 0 ? Code::disconnect_ack : Code::disconnect_nak;
  const auto datagram = answer_request(world.request, code, packet.attributes, secret());
  if (!datagram) return;
  const auto received = world.client.receive(kNas, *datagram, kMoment);
  answer_is_ours(received, world.request);
  if (received.answer)
    require(world.client.receive(kNas, *datagram, kMoment).verdict.refused_for("RADIUS_ANSWER_REPEATED"),
            "an answer counts once");
}

void spoilt(ByteView input) {
  World world;
  const auto good = *answer_request(world.request, Code::disconnect_nak,
                                    {integer_attribute(AttributeType::error_cause, 504)}, secret());
  Steering in(input);
  const auto other = tamper(good, in);
  const auto received = world.client.receive(kNas, other, kMoment);
  const auto packet = parse_packet(other);
  require(received.verdict.accepted() == (packet && *packet == *parse_packet(good)), "no spoilt answer is accepted");
  if (!received.answer)
    require(world.client.receive(kNas, good, kMoment).answer.has_value(), "a spoilt answer spoils nothing else");
}

}  // namespace

void fuzz_radius(ByteView input) {
  addresses(as_text(input));
  as_answer(input);
  spoilt(input);
  const auto packet = parse_packet(input);
  if (!packet) return;
  const auto written = encode_packet(*packet);
  require(written && written->size() <= input.size() && equal(*written, input.first(written->size())),
          "a packet has one encoding");
  meaning(*packet);
  as_request(*packet);
  properly_signed(*packet);
}

}  // namespace pratique::fuzz
