// The Avahi server and its loop, owned together. Inside this room only; its types are merely named here.
//
// Everything runs on the thread that calls run(); only wake() may be called from another one.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

struct AvahiServer;
struct AvahiSimplePoll;

namespace pratique::dnssd {

struct ResponderOptions {
  std::string host_name = {};
  std::vector<std::string> interfaces = {};
  bool ipv4 = true;
  bool ipv6 = true;
  bool publish = false;
};

class Responder {
 public:
  /// Called with the server and an AvahiServerState; for the first time while open() runs.
  using StateChange = std::function<void(AvahiServer*, int state)>;

  static Result<std::unique_ptr<Responder>> open(const ResponderOptions& options, StateChange on_state);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  AvahiServer* server() const { return server_; }
  /// One turn of the loop: waits at most `longest` (negative: as long as it takes). False if the loop is broken.
  bool run(std::chrono::milliseconds longest);
  /// Ends a wait in run(). Thread-safe.
  void wake();

 private:
  explicit Responder(StateChange on_state) : on_state_(std::move(on_state)) {}

  StateChange on_state_;
  AvahiSimplePoll* poll_ = nullptr;
  AvahiServer* server_ = nullptr;
};

/// INVALID_ARGUMENT DNSSD_TYPE_INVALID unless it looks like "_name._tcp" or "_name._udp".
Result<void> check_type(std::string_view type);

/// UNAVAILABLE DNSSD_UNAVAILABLE with Avahi's words for `code`.
Error responder_error(std::string_view what, int code);

}  // namespace pratique::dnssd
