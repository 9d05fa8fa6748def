// What the room's tests share: a secret, packets that others signed with it, short forms.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/hex.h"
#include "libs/protocol/radius/packet.h"
#include "libs/protocol/radius/shared_secret.h"

namespace pratique::radius::test {

inline constexpr std::string_view kSecret = "correct-horse-battery";

inline SharedSecret secret_of(std::string_view text) {
  auto secret = SharedSecret::make(Secret(text));
  if (!secret) throw std::runtime_error("unusable secret");
  return *std::move(secret);
}

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return *std::move(result);
}

inline Packet packet_from(std::string_view hex) { return must(parse_packet(must(hex_decode(hex)))); }

// Made by radclient 3.2.1 with kSecret; Event-Timestamp is 2026-06-01T12:00:00Z.
inline const std::string kRadclientDisconnect =
    "28e400621a4342b0d4b82a99da447430092760190108646f636b2d372005737731570470311f1330302d44302d45352d46322d30302d30322c"
    "12"
    "3046334137433031303030303030303137066a1d744050121f0f9b06d59ef67ea8299006513b49ad";
inline const std::string kRadclientCoa =
    "2b3e00a6f5a2237a2971a6621fe7fffbd10a61350406c00002011f1330302d44302d45352d46322d30302d303240060000000d410600000006"
    "51"
    "0434320b0a7072696e746572731b0600000e101d06000000011a29000000090123737562736372696265723a636f6d6d616e643d7265617574"
    "68"
    "656e7469636174655f1220010db800000000000000000000000137066a1d74405012967479aad9bc2ec2047ecb772aefecd8";
inline const std::string kRadclientTagged =
    "2bd60037bf0beab82c952c779f602a8bb4da7cbf0108646f636b2d3740060100000d410601000006510901677565737473530601000005";
inline const std::string kRadclientStop =
    "047b00af4ff0f0f56c77d2b86a5a003f2cc75bf52806000000022c12304633413743303130303030303030310108646f636b2d372005737731"
    "57"
    "0470311f1330302d44302d45352d46322d30302d30321e1830302d44302d45352d30302d30302d30313a736974652a06000000113406000000"
    "012b0600000fa02f06000000033006000000042e060000003d29060000000231060000000219050102ff08060a09000137066a1d7440210331"
    "210332";

// A Disconnect-Request and a CoA-Request, and what hostapd 2.10 answered: NAK 503, NAK 402. Time: 2026-11-24T10:06:37Z.
inline const std::vector<std::pair<std::string, std::string>> kHostapdPairs{
    {"280900348e7b1ed20c849500b636be9782c61e3b5012611ac25c94c45524f0d81108759827680108646f636b2d3737066b05619d",
     "2a09003211757c1a6ffef14fd560cc26b61b283e6506000001f737066b05619d5012220524f0900c11adc2d24ad8d6d30bf1"},
    {"2b09003457572e3dcb202f9a36d2a9f612fe1596501289c8b21aa741fc12596d9ff8763a627b0108646f636b2d3737066b05619d",
     "2d090032ee578b27f38cc8b85201380c63181ac465060000019237066b05619d5012ac1f8e7e5a7c2d9c2c3808814174528b"}};

}  // namespace pratique::radius::test
