// Requests and answers with all switches that speak RADIUS: a socket and a radius::Client for each, and one thread that
// receives, repeats and gives up for all of them.
//
//   TRY(auto exchanges, Exchanges::start(clock, random));       // once in a process
//   TRY(auto line, exchanges->open(nas, secret, rules));        // one a switch; closed with the object
//   TRY(const auto answer, line->ask(request, deadline));       // from any thread; blocks
//
// "Nobody listens there" (ICMP) can be forged, and a switch that starts says so, too: it ends no wait, but of those who
// have another way.
//
// Errors of ask(): DEADLINE_EXCEEDED SWITCH_TIMEOUT (no answer that could be believed: a wrong secret looks like
// silence; answers that were not believed are named as evidence), UNAVAILABLE SWITCH_UNREACHABLE (the network says that
// nobody is there), RESOURCE_EXHAUSTED RADIUS_IDENTIFIERS_EXHAUSTED.
#pragma once

#include <chrono>
#include <memory>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/result.h"
#include "libs/protocol/radius/client.h"

namespace pratique::network {

enum class NobodyListens { wait, give_up };

class Exchanges : public std::enable_shared_from_this<Exchanges> {
 public:
  class Line;

  /// `clock` and `random` must outlive it.
  static Result<std::shared_ptr<Exchanges>> start(const Clock& clock, Random& random);
  ~Exchanges();
  Exchanges(const Exchanges&) = delete;
  Exchanges& operator=(const Exchanges&) = delete;

  /// UNAVAILABLE SWITCH_UNREACHABLE where no route leads there.
  Result<std::unique_ptr<Line>> open(const radius::Peer& nas, const radius::SharedSecret& secret,
                                     const radius::ClientRules& rules);

 private:
  struct Inside;
  explicit Exchanges(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

/// To one switch. Keeps the Exchanges alive.
class Exchanges::Line {
 public:
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  Result<radius::Answer> ask(const radius::DynamicRequest& request, std::chrono::steady_clock::time_point deadline,
                             NobodyListens where_nobody = NobodyListens::wait);

 private:
  friend class Exchanges;
  struct Nas;
  Line(std::shared_ptr<Exchanges> all, std::shared_ptr<Nas> nas);
  std::shared_ptr<Exchanges> all_;
  std::shared_ptr<Nas> nas_;
};

}  // namespace pratique::network
