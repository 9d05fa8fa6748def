// The port numbers that mean something of their own (OpenFlow 1.4.0 section 7.2, ofp_port_no).
#pragma once

#include <cstdint>

namespace pratique::openflow {

inline constexpr std::uint32_t kPortMax = 0xffffff00;  // highest number of a port that exists
inline constexpr std::uint32_t kPortInPort = 0xfffffff8;
inline constexpr std::uint32_t kPortTable = 0xfffffff9;  // packet-out alone
inline constexpr std::uint32_t kPortNormal = 0xfffffffa;
inline constexpr std::uint32_t kPortFlood = 0xfffffffb;
inline constexpr std::uint32_t kPortAll = 0xfffffffc;
inline constexpr std::uint32_t kPortController = 0xfffffffd;
inline constexpr std::uint32_t kPortLocal = 0xfffffffe;
inline constexpr std::uint32_t kPortAny = 0xffffffff;  // in requests: whichever
inline constexpr std::uint32_t kGroupAny = 0xffffffff;
inline constexpr std::uint32_t kNoBuffer = 0xffffffff;

}  // namespace pratique::openflow
