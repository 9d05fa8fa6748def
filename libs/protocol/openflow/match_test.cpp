#include <catch2/catch.hpp>

#include "libs/protocol/openflow/match.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

Bytes written(const Match& match) {
  Writer out;
  write_match(out, match);
  return out.take();
}
Result<Match> read(ByteView wire) {
  Reader in(wire, "test");
  auto match = read_match(in);
  if (match) CHECK(in.at_end());
  return match;
}

/// Every field with a value of its own.
Match all_fields() {
  Match match;
  for (const auto& field : fields()) match.add(bytes_value(field.field, Bytes(field.width, 0x01)));
  return match;
}

}  // namespace

TEST_CASE("openflow match: byte for byte", "[openflow]") {
  CHECK(written({}) == bytes("0001 0004 00000000"));
  CHECK(written(Match().in_port(1)) == bytes("0001 000c 80000004 00000001 00000000"));
  // OXM header: class 0x8000, field 11 << 1 | has-mask, twice four bytes.
  CHECK(written(Match().eth_type(kEthIpv4).ipv4_src({10, 9, 0, 0}, prefix_mask<4>(16))) ==
        bytes("0001 0016  80000a02 0800  80001708 0a090000 ffff0000  0000"));
  // Nicira's class 1: ct_state is field 105, conj_id field 37, ct_mark field 107, ct_zone field 106.
  CHECK(written(Match().ct_state(kCtTracked | kCtNew, kCtInvalid)) == bytes("0001 0010  0001d308 00000021 00000031"));
  CHECK(written(Match().conj_id(1234)) == bytes("0001 000c  00014a04 000004d2  00000000"));
  CHECK(written(Match().ct_mark(7)) == bytes("0001 000c  0001d604 00000007  00000000"));
  CHECK(written(Match().ct_zone(9)) == bytes("0001 000a  0001d402 0009  000000000000"));
  CHECK(written(Match().vlan(42)) == bytes("0001 000a  80000c02 102a  000000000000"));
  CHECK(written(Match().no_vlan()) == bytes("0001 000a  80000c02 0000  000000000000"));
  CHECK(written(Match().any_vlan()) == bytes("0001 000c  80000d04 1000 1000  00000000"));
}

TEST_CASE("openflow match: canonical, whatever the order and the hidden bits", "[openflow]") {
  const auto mask = prefix_mask<4>(16);
  const auto one = Match().eth_type(kEthIpv4).ip_proto(kIpTcp).ipv4_src({10, 9, 8, 7}, mask).tcp_dst(80);
  const auto other = Match().tcp_dst(80).ipv4_src({10, 9, 0, 0}, mask).ip_proto(kIpTcp).eth_type(kEthIpv4);
  CHECK(one == other);
  CHECK(written(one) == written(other));
  CHECK(one.text() == "eth_type=0x0800,ip_proto=0x06,ipv4_src=0x0a090000/0xffff0000,tcp_dst=0x0050");
  CHECK(one != Match(one).tcp_dst(81));
  CHECK(one != Match(one).ipv4_src({10, 9, 0, 0}, prefix_mask<4>(17)));
  // A whole mask is no mask; an empty one says nothing, and takes a term back.
  CHECK(Match().ct_mark(7, 0xffffffff) == Match().ct_mark(7));
  CHECK(Match().ct_mark(7, 0).empty());
  CHECK(Match().ct_mark(7).ct_mark(7, 0).empty());
  CHECK(Match().in_port(1).in_port(2) == Match().in_port(2));
  CHECK(Match().text() == "any");
  // ct_state has eight bits, vlan_vid thirteen: all of them are the whole field, however wide the mask.
  CHECK(Match().add(number_value(Field::ct_state, 0x21, 0xff)) == Match().add(number_value(Field::ct_state, 0x21)));
  CHECK(Match().add(number_value(Field::vlan_vid, 0x102a, 0x1fff)) == Match().vlan(42));
  CHECK(must(read(bytes("0001 000c  80000d04 102a ffff  00000000"))) == Match().vlan(42));
  // Registers count from zero to seven.
  CHECK(Match().reg(7, 1).find(Field::reg7) != nullptr);
  CHECK(prefix_mask<4>(0) == Ipv4Address{});
  CHECK(prefix_mask<4>(33) == prefix_mask<4>(32));
  CHECK(prefix_mask<16>(65)[8] == 0x80);
}

TEST_CASE("openflow match: every field there and back", "[openflow]") {
  const auto match = all_fields();
  CHECK(match.terms().size() == fields().size());
  CHECK(must(read(written(match))) == match);
  for (const auto& field : fields()) {
    INFO(field.name);
    CHECK(find_field(field.oxm_class, field.number) == &field);
    const auto exact = Match().add(bytes_value(field.field, Bytes(field.width, 0x01)));
    CHECK(must(read(written(exact))) == exact);
    Bytes mask(field.width, 0xff);
    mask.back() = 0xf0;
    const auto masked = Match().add(bytes_value(field.field, Bytes(field.width, 0x11), mask));
    CHECK(must(read(written(masked))) == masked);
    CHECK(masked != exact);
  }
  CHECK(Match().in_port(7).exact_number(Field::in_port) == 7U);
  CHECK_FALSE(Match().tcp_dst(7, 0xfff0).exact_number(Field::tcp_dst));
  CHECK_FALSE(Match().exact_number(Field::in_port));
}

TEST_CASE("openflow match: a foreign field is kept as it came", "[openflow]") {
  // NXM_NX_PKT_MARK (class 1, field 33), an experimenter's field, and one of ours between them.
  const auto wire = bytes(
      "0001 0026  00014204 00000005  80000004 00000001  ffff5406 4f4e4600 0012  00014404 00000001"
      "0000");
  const auto match = must(read(wire));
  CHECK(match.exact_number(Field::in_port) == 1U);
  REQUIRE(match.opaque().size() == 3);
  CHECK(match != Match().in_port(1));
  CHECK(must(read(written(match))) == match);
  CHECK(match.text() == "in_port=0x00000001,oxm00014204=0x00000005,oxm00014404=0x00000001,oxmffff5406=0x4f4e46000012");
}

TEST_CASE("openflow match: what a switch must not send", "[openflow]") {
  for (const auto* wire : {
           "",                                                        // nothing
           "0001",                                                    // half a header
           "0000 0004 00000000",                                      // OFPMT_STANDARD
           "0001 0003 00000000",                                      // shorter than its header
           "0001 000c 80000004 00000001",                             // padding missing
           "0001 000d 80000004 00000001 00 000000",                   // a piece of a field
           "0001 000c 80000005 00000001 00000000",                    // one byte too long for the match
           "0001 000b 80000003 000000 0000000000",                    // in_port in three bytes
           "0001 000c 80000104 00000001 00000000",                    // has-mask, and no mask
           "0001 0014 80000004 00000001 80000004 00000001 00000000",  // twice
           "0001 0014 80000004 00000001 80000004 00000002 00000000",
       }) {
    INFO(wire);
    CHECK(reason_of(read(bytes(wire))) == reason::kMalformed);
  }
  const auto good = written(all_fields());
  for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(read(ByteView(good).first(cut)));
}
