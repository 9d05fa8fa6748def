// Publish services on the link for as long as the object lives.
//
//   const dnssd::Publication proxy{.instance = "Dock 7", .type = std::string(dnssd::kBrskiProxy), .port = 4443};
//   TRY(auto publisher, dnssd::Publisher::start({.interfaces = {"eth0"}}, {proxy}));
//   TRY_VOID(publisher.wait_published(std::chrono::seconds(5)));   // optional: probing takes about one second
//
// Has one thread of its own. Destruction says goodbye on the link, so that neighbours forget at once. A name that a
// neighbour holds already becomes "Dock 7 #2" (RFC 6762 section 9); instances() tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/net/dnssd/service.h"

namespace pratique::dnssd {

struct Publication {
  std::string instance;  // 1 to 63 bytes of UTF-8
  std::string type;      // "_brski-proxy._tcp"
  std::uint16_t port = 0;
  Txt txt = {};
};

struct PublisherOptions {
  std::string host_name = {};                // a single label; empty means the machine's own
  std::vector<std::string> interfaces = {};  // by name; empty means all
  bool ipv4 = true;
  bool ipv6 = true;
};

class Publisher {
 public:
  /// INVALID_ARGUMENT DNSSD_PUBLICATION_INVALID (names the field), DNSSD_TYPE_INVALID, DNSSD_INTERFACE_UNKNOWN;
  /// UNAVAILABLE DNSSD_UNAVAILABLE when multicast DNS cannot be spoken here. Does not wait for probing to end. An
  /// interface needs an address to be published on; one that gets it later is taken up then.
  static Result<Publisher> start(const PublisherOptions& options, std::vector<Publication> publications);

  Publisher(Publisher&&) noexcept;
  Publisher& operator=(Publisher&&) noexcept;
  ~Publisher();

  /// Until every instance is established. DEADLINE_EXCEEDED DNSSD_NOT_PUBLISHED, or UNAVAILABLE DNSSD_UNAVAILABLE if
  /// the responder failed. Thread-safe.
  Result<void> wait_published(std::chrono::milliseconds timeout) const;
  /// The names as they stand on the link now, in the order of the publications. Thread-safe.
  std::vector<std::string> instances() const;

 private:
  class Impl;
  explicit Publisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pratique::dnssd
