// What a join proxy is told.
//
//   process: { metrics: 127.0.0.1:9470, pseudonym_key: /run/secrets/pseudonym-key }
//   listen: "[::]:8443"          # the side of the devices
//   upstreams: [10.0.0.5:8443]   # registrars, or:
//   discover: true               # find them by DNS-SD (_brski-registrar._tcp), on these interfaces
//   discover_on: [eth1]
//   name: Dock 7
//   announce_on: [eth0]          # tell devices by DNS-SD (_brski-proxy._tcp); none: not at all
//   limits: { max_connections: 512, max_connections_per_source: 16, max_bytes: 64MiB }
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "libs/net/tcp_proxy.h"
#include "libs/runtime/service_main.h"

namespace pratique::join_proxy {

struct Config {
  runtime::ProcessConfig process;
  runtime::Address listen;
  std::vector<runtime::Address> upstreams;
  bool discover = false;
  std::vector<std::string> discover_on;  // empty: every interface
  std::chrono::milliseconds discover_every{10'000};
  std::string name = "Pratique join proxy";
  std::vector<std::string> announce_on;
  std::chrono::milliseconds drain{10'000};  // how long open connections may go on after a stop
  net::TcpProxyLimits limits;
};
void read(runtime::ConfigReader& in, Config& out);

}  // namespace pratique::join_proxy
