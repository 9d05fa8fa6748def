// A manufacturer, its MASA and any number of its devices in this process; the network's side is elsewhere.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/net/endpoint.h"
#include "tools/device/onboarding.h"
#include "tools/factory/factory.h"
#include "tools/factory/masa_server.h"

namespace pratique::bench {

/// One round: every device onboarded once.
struct Round {
  std::vector<double> seconds;    // of each device that came through, in no order
  double lasted = 0;              // the whole round
  std::vector<std::string> lost;  // why, of those that did not
};

class Fleet {
 public:
  /// The maker's keys and anchors are put into `folder`; the MASA listens on `masa`.
  static Result<std::unique_ptr<Fleet>> start(const std::filesystem::path& folder, const net::Endpoint& masa);

  std::filesystem::path anchors() const { return factory_.anchors_folder(); }
  /// Makes so many devices more, of model "Bench".
  Result<void> make(int count);
  /// Onboards all that were made since the last round, by so many at a time.
  Round onboard_all(const net::Endpoint& registrar, int at_a_time);

 private:
  Fleet(factory::Factory factory, factory::MasaKeys keys);

  crypto::SystemRandom random_;
  SystemClock clock_;
  factory::Factory factory_;
  factory::MasaKeys keys_;
  std::unique_ptr<factory::Masa> masa_;
  std::unique_ptr<factory::MasaServer> server_;
  std::vector<device::Device> waiting_;
  int made_ = 0;
};

}  // namespace pratique::bench
