#include <catch2/catch.hpp>

#include "libs/protocol/openflow/instructions.h"
#include "libs/protocol/openflow/reasons.h"
#include "libs/protocol/openflow/switch_side_test.h"

using namespace pratique;
using namespace pratique::openflow;
using namespace pratique::openflow::test;

namespace {

Bytes written(const std::vector<Action>& actions) {
  Writer out;
  write_actions(out, actions);
  return out.take();
}
Bytes written(const Instructions& instructions) {
  Writer out;
  write_instructions(out, instructions);
  return out.take();
}
Result<std::vector<Action>> read(ByteView wire) {
  Reader in(wire, "test");
  return read_actions(in);
}
Result<Instructions> read_all(ByteView wire) {
  Reader in(wire, "test");
  return read_instructions(in);
}

}  // namespace

TEST_CASE("openflow actions: byte for byte, there and back", "[openflow]") {
  struct Case {
    std::string_view what;
    Action action;
    std::string_view wire;
  };
  Ct tracked{.zone = 1, .recirculate_to = 10};
  Ct from_register{.zone_source = 0x00010004, .zone = 0x000f, .helper_port = 21};
  Ct renewed = commit_with_mark(2, 9);
  renewed.force = true;
  Ct natted{.commit = true};
  natted.exec.emplace_back(OpaqueAction{0xffff, bytes("00002320 0024 0000 0001 0000 0000 0000")});
  const std::initializer_list<Case> cases = {
      {"output", Output{3}, "0000 0010 00000003 0000 000000000000"},
      {"output NORMAL", Output{kPortNormal}, "0000 0010 fffffffa 0000 000000000000"},
      {"output IN_PORT", Output{kPortInPort}, "0000 0010 fffffff8 0000 000000000000"},
      {"output LOCAL", Output{kPortLocal}, "0000 0010 fffffffe 0000 000000000000"},
      {"to the controller", ToController{}, "0000 0010 fffffffd ffff 000000000000"},
      {"push_vlan", PushVlan{}, "0011 0008 8100 0000"},
      {"pop_vlan", PopVlan{}, "0012 0008 00000000"},
      {"set_field eth_dst", SetField{bytes_value(Field::eth_dst, bytes("020000000007"))},
       "0019 0010 80000606 020000000007 0000"},
      {"set_field vlan_vid", SetField{number_value(Field::vlan_vid, kVlanPresent | 42)},
       "0019 0010 80000c02 102a 000000000000"},
      {"ct(table=10,zone=1)", tracked, "ffff 0018 00002320 0023  0000 00000000 0001 0a 000000 0000"},
      {"ct(commit,zone=1,exec(set_field:7->ct_mark))", commit_with_mark(1, 7),
       "ffff 0028 00002320 0023  0001 00000000 0001 ff 000000 0000  0019 0010 0001d604 00000007 00000000"},
      {"ct(commit,force,…)", renewed,
       "ffff 0028 00002320 0023  0003 00000000 0002 ff 000000 0000  0019 0010 0001d604 00000009 00000000"},
      {"ct(zone=reg0[0..15],alg=ftp)", from_register, "ffff 0018 00002320 0023  0000 00010004 000f ff 000000 0015"},
      {"ct(commit,nat(src)): the inner action is opaque", natted,
       "ffff 0028 00002320 0023  0001 00000000 0000 ff 000000 0000  ffff 0010 00002320 0024 0000 0001 0000"},
      {"conjunction(1234,2/3)", Conjunction{.id = 1234, .clause = 2, .clauses = 3},
       "ffff 0010 00002320 0022  01 03 000004d2"},
      {"a group, which we do not know", OpaqueAction{22, bytes("00000001")}, "0016 0008 00000001"},
      {"another of Nicira's (note)", OpaqueAction{0xffff, bytes("00002320 0008 010203040506")},
       "ffff 0010 00002320 0008 010203040506"},
      {"another vendor's 34", OpaqueAction{0xffff, bytes("00002321 0022 0103000004d2")},
       "ffff 0010 00002321 0022 01 03 000004d2"},
  };
  for (const auto& each : cases) {
    INFO(each.what);
    if (each.what.starts_with("ct(commit,nat")) {
      Ct shorter = std::get<Ct>(each.action);
      std::get<OpaqueAction>(shorter.exec[0]).body = bytes("00002320 0024 0000 0001 0000");
      CHECK(written({shorter}) == bytes(each.wire));
      CHECK(must(read(bytes(each.wire))) == std::vector<Action>{shorter});
      continue;
    }
    CHECK(written({each.action}) == bytes(each.wire));
    CHECK(must(read(bytes(each.wire))) == std::vector{each.action});
  }
}

TEST_CASE("openflow actions: what is not quite ours is opaque, so that nothing gets lost", "[openflow]") {
  for (const auto* wire : {
           "0000 0010 00000003 0000 000000000001",                       // output, padding in use
           "0000 0018 00000003 0000 000000000000 0000000000000000",      // output, longer
           "0011 0008 8100 0001",                                        // push_vlan, padding in use
           "0012 0008 00000001",                                         // pop_vlan, padding in use
           "0019 0010 80000707 02000000000700 00",                       // set_field with a mask bit
           "0019 0010 00014204 00000005 00000000",                       // set_field of a field we do not know
           "0019 0018 80000606 020000000007 0000 0000000000000000",      // set_field, longer than it needs
           "ffff 0018 00002320 0023 0004 00000000 0001 0a 000000 0000",  // ct with a flag of a later time
           "ffff 0018 00002320 0023 0000 00000000 0001 0a 000001 0000",  // ct, padding in use
           "ffff 0010 00002320 0022 ff 03 000004d2",                     // conjunction, clause 256
           "ffff 0008 00002320",                                         // an experimenter's name alone
       }) {
    INFO(wire);
    const auto actions = must(read(bytes(wire)));
    REQUIRE(actions.size() == 1);
    CHECK(std::holds_alternative<OpaqueAction>(actions[0]));
    CHECK(written(actions) == bytes(wire));
  }
  // The length means nothing but towards the controller.
  CHECK(must(read(bytes("0000 0010 00000003 0080 000000000000"))) == std::vector<Action>{Output{3}});
}

TEST_CASE("openflow actions: lengths that do not fit", "[openflow]") {
  for (const auto* wire : {"00", "0000 00", "0000 0004", "0000 0000 00000003 0000 000000000000", "0000 0007 00000003",
                           "0000 000c 00000003 00000000", "0000 0018 00000003 0000 000000000000",
                           "ffff 0020 00002320 0023 0000 00000000 0001 0a 000000 0000 0019 0004 00000000",
                           "ffff 0020 00002320 0023 0000 00000000 0001 0a 000000 0000 0019 0010 00000000"}) {
    INFO(wire);
    CHECK(reason_of(read(bytes(wire))) == reason::kMalformed);
  }
}

TEST_CASE("openflow instructions: byte for byte, there and back", "[openflow]") {
  const Instructions all{.apply = {Output{1}},
                         .clear_actions = true,
                         .write = {Output{2}},
                         .write_metadata = WriteMetadata{.value = 0x20, .mask = 0xf0},
                         .goto_table = 20,
                         .opaque = {{6, bytes("00000001")}}};
  const auto wire = bytes(
      "0006 0008 00000001"                                        // meter 1
      "0004 0018 00000000  0000 0010 00000001 0000 000000000000"  // apply-actions
      "0005 0008 00000000"                                        // clear-actions
      "0003 0018 00000000  0000 0010 00000002 0000 000000000000"  // write-actions
      "0002 0018 00000000  0000000000000020 00000000000000f0"     // write-metadata
      "0001 0008 14 000000");                                     // goto-table
  CHECK(written(all) == wire);
  CHECK(must(read_all(wire)) == all);
  // In another order, and with a list that is empty: the same.
  CHECK(must(read_all(bytes("0001 0008 14000000 0004 0008 00000000"))) == Instructions{.goto_table = 20});
  CHECK(written(Instructions{}).empty());
  CHECK(Instructions{}.drops());
  CHECK_FALSE(all.drops());
}

TEST_CASE("openflow instructions: what a switch must not send", "[openflow]") {
  for (const auto* wire : {"0001", "0001 0004", "0001 0008", "0001 0007 140000", "0001 000c 14000000 00000000",
                           "0001 0008 14000000 0001 0008 15000000", "0002 0010 00000000 0000000000000020",
                           "0004 0010 00000000 0000 0010 00000001"}) {
    INFO(wire);
    CHECK(reason_of(read_all(bytes(wire))) == reason::kMalformed);
  }
}
