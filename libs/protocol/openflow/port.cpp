#include "libs/protocol/openflow/port.h"

#include "libs/protocol/openflow/fixed_text.h"

namespace pratique::openflow {
namespace {

constexpr std::size_t kPortHeader = 40;  // up to the properties
constexpr std::uint32_t kConfigDown = 1, kStateLinkDown = 1, kStateBlocked = 2;

Result<Port> read_port(Reader& in) {
  TRY_VOID(in.need(kPortHeader));
  Port port;
  port.number = in.u32();
  const std::size_t length = in.u16();
  if (length < kPortHeader) return in.malformed("an entry of " + std::to_string(length) + " bytes");
  TRY_VOID(in.need(length - 6));
  Reader rest(in.take(length - 6), "port");
  rest.skip(2);
  port.address = rest.array<6>();
  rest.skip(2);
  port.name = read_fixed_text(rest, 16);
  port.down_by_config = (rest.u32() & kConfigDown) != 0;
  const auto state = rest.u32();
  port.link_down = (state & kStateLinkDown) != 0;
  port.blocked = (state & kStateBlocked) != 0;
  return port;
}

}  // namespace

Result<std::vector<Port>> parse_ports(ByteView body) {
  std::vector<Port> out;
  Reader in(body, "port");
  while (!in.at_end()) {
    TRY(auto port, read_port(in));
    out.push_back(std::move(port));
  }
  return out;
}

Result<PortStatus> parse_port_status(ByteView body) {
  Reader in(body, "port status");
  TRY_VOID(in.need(8));
  PortStatus status;
  const auto change = in.u8();
  if (change > static_cast<std::uint8_t>(PortChange::modified)) return in.malformed("change " + std::to_string(change));
  status.change = static_cast<PortChange>(change);
  in.skip(7);
  TRY(status.port, read_port(in));
  return status;
}

}  // namespace pratique::openflow
