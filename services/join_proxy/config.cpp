#include "services/join_proxy/config.h"

#include "libs/runtime/config_reader.h"

namespace pratique::join_proxy {

namespace {

constexpr std::size_t kMaxInstanceName = 63;  // RFC 6763 section 4.1.1

struct Limits {
  net::TcpProxyLimits& out;
};
void read(runtime::ConfigReader& in, Limits& limits) {
  auto& out = limits.out;
  runtime::ByteSize bytes{out.max_bytes}, per_second{out.max_bytes_per_second};
  in.optional("max_connections", out.max_connections, {.least = 1, .most = 100'000});
  in.optional("max_connections_per_source", out.max_connections_per_source, {.least = 1, .most = 100'000});
  in.optional("connect_timeout", out.connect_timeout);
  in.optional("idle_timeout", out.idle_timeout);
  in.optional("lifetime", out.lifetime);
  in.optional("max_bytes", bytes);
  in.optional("max_bytes_per_second", per_second);
  out.max_bytes = bytes.bytes;
  out.max_bytes_per_second = per_second.bytes;
  if (out.max_bytes == 0) in.refuse("max_bytes", "lets no byte through");
}

}  // namespace

void read(runtime::ConfigReader& in, Config& out) {
  in.section("process", out.process);
  in.required("listen", out.listen);
  in.optional("upstreams", out.upstreams);
  in.optional("discover", out.discover);
  in.optional("discover_on", out.discover_on);
  in.optional("discover_every", out.discover_every);
  in.optional("name", out.name);
  in.optional("announce_on", out.announce_on);
  in.optional("drain", out.drain);
  Limits limits{out.limits};
  in.section("limits", limits);

  if (in.has("listen") && !out.listen.is_ip()) in.refuse("listen", "is no IP address literal");
  if (out.upstreams.empty() && !out.discover) in.refuse("upstreams", "is empty, and discover is off: nowhere to lead to");
  if (!out.upstreams.empty() && out.discover) in.refuse("discover", "cannot be used together with upstreams");
  if (!out.discover_on.empty() && !out.discover) in.refuse("discover_on", "means nothing while discover is off");
  if (out.discover_every < std::chrono::seconds(1)) in.refuse("discover_every", "is shorter than a second");
  for (const auto& upstream : out.upstreams)
    if (upstream.port == 0) in.refuse("upstreams", "has an address without a port");
  if (out.name.empty() || out.name.size() > kMaxInstanceName) in.refuse("name", "is not 1 to 63 bytes long");
}

}  // namespace pratique::join_proxy
