// A switch that says yes and does nothing: its database is real, its OpenFlow end agrees to everything and keeps no
// flow; or it refuses some rules.
#include <sys/socket.h>
#include <sys/un.h>
#include <catch2/catch.hpp>

#include <atomic>

#include "libs/protocol/openflow/bundle_message.h"
#include "libs/protocol/openflow/features.h"
#include "libs/protocol/openflow/framing.h"
#include "libs/protocol/openflow/hello.h"
#include "libs/protocol/openflow/multipart.h"
#include "services/network/adapters/conformance/suite_test.h"
#include "services/network/adapters/ovs/ovs_adapter.h"
#include "services/network/adapters/ovs/ovs_world_test.h"

using namespace pratique;
using namespace pratique::network;
using namespace pratique::network::conformance;
using pratique::network::test::Descriptor;
using pratique::network::test::OvsWorld;
using pratique::network::test::why_no_network;

namespace {

/// The switch's side of OpenFlow, without flows. One connection after another, on a thread of its own.
class Liar {
 public:
  explicit Liar(const std::string& path) : listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listener_.get(), 4) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Liar() {
    stopping_ = true;
    thread_.join();
  }
  std::atomic<bool> refuses = false;  // every rule of a bundle
  std::atomic<int> committed = 0;

 private:
  void serve() {
    while (!stopping_) {
      if (!listener_.ready(POLLIN, 20ms)) continue;
      const Descriptor peer(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      talk(peer);
    }
  }
  void talk(const Descriptor& peer) {
    say(peer, openflow::encode_hello(1));
    openflow::Framer framer;
    Bytes buffer(65536);
    while (!stopping_) {
      if (!peer.ready(POLLIN, 20ms)) continue;
      const auto count = recv(peer.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0) return;
      framer.push(ByteView(buffer).first(static_cast<std::size_t>(count)));
      for (;;) {
        auto message = framer.next();
        if (!message || !*message) break;
        answer(peer, **message);
      }
    }
  }
  void answer(const Descriptor& peer, const openflow::Message& asked) {
    using openflow::MessageType;
    openflow::Writer body;
    switch (asked.type) {
      case MessageType::echo_request: return reply(peer, MessageType::echo_reply, asked.xid, asked.body);
      case MessageType::features_request:
        body.u64(7);
        body.u32(0);
        body.u8(254);
        body.zeros(11);
        return reply(peer, MessageType::features_reply, asked.xid, body.view());
      case MessageType::barrier_request: return reply(peer, MessageType::barrier_reply, asked.xid, {});
      case MessageType::multipart_request:
        body.bytes(ByteView(asked.body).first(2));
        body.zeros(6);
        return reply(peer, MessageType::multipart_reply, asked.xid, body.view());
      case MessageType::bundle_control: {
        body.bytes(ByteView(asked.body).first(4));
        body.u16(static_cast<std::uint16_t>(asked.body[5] + 1));
        body.zeros(2);
        if (asked.body[5] == 4) ++committed;
        return reply(peer, MessageType::bundle_control, asked.xid, body.view());
      }
      case MessageType::bundle_add_message:
        if (!refuses) return;
        body.u16(5);  // FLOW_MOD_FAILED TABLE_FULL
        body.u16(1);
        return reply(peer, MessageType::error, asked.xid, body.view());
      default: return;
    }
  }
  static void reply(const Descriptor& peer, openflow::MessageType type, openflow::Xid xid, ByteView body) {
    say(peer, *openflow::encode_message(type, xid, body));
  }
  static void say(const Descriptor& peer, ByteView bytes) {
    send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  Descriptor listener_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("ovs: a switch that says yes and does nothing has disobeyed; one that says no has refused", "[ovs]") {
  if (const auto why = why_no_network(); !why.empty()) {
    WARN("skipped: " << why);
    return;
  }
  OvsWorld world;
  Liar liar(world.at("liar"));
  auto config = world.config();
  config.openflow = "unix:" + world.at("liar");
  const auto adapter = OvsAdapter::make(config);
  REQUIRE(adapter);
  const std::vector<PortPlan> plans{open_to(world, "p1", 42), closed(world, "p2"), world.fixed_ports()[3]};
  auto applied = (*adapter)->apply(plans, soon());
  INFO((applied ? "" : applied.error().reason + ": " + applied.error().message));
  REQUIRE(applied);
  CHECK(liar.committed > 0);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    REQUIRE_FALSE((*applied)[i].verdict.accepted());
    CHECK((*applied)[i].verdict.first().code == kSwitchDisobeyed.code);
    CHECK((*applied)[i].verdict.first().evidence.front().second == plans[i].port);
    const auto state = (*adapter)->observe_port(plans[i].port, soon());
    REQUIRE(state);
    CHECK_FALSE(fulfils(*state, plans[i]));
  }

  liar.refuses = true;
  applied = (*adapter)->apply(plans, soon());
  REQUIRE_FALSE(applied);  // what all ports share was refused too
  CHECK(applied.error().reason == kSwitchRefused.code);
  CHECK(applied.error().evidence.back().second.contains("TABLE_FULL"));
}
