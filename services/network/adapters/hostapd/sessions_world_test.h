// The lab as the conformance suite sees it: a device on a port of a real hostapd.
#pragma once

#include <csignal>

#include "services/network/adapters/conformance/sessions_test.h"
#include "services/network/adapters/hostapd/lab_test.h"

namespace pratique::network::test {

/// A device on port p1, logged on once: whoever was logged off is barred by hostapd for five seconds.
class HostapdSessions final : public conformance::SessionWorld {
 public:
  HostapdSessions(Lab& lab, Program& hostapd, SessionRef session)
      : lab_(lab), hostapd_(hostapd), session_(std::move(session)) {}
  SessionRef session() override { return session_; }
  bool may_log_on_again() const override { return false; }
  SessionRef nobody() const override { return {.port = "p1", .mac = conformance::kStranger}; }
  bool is_on(const SessionRef& session) override { return lab_.authorized(session.port, session.mac); }
  std::optional<VlanId> told_segment(const SessionRef&) override { return std::nullopt; }
  void fall_silent() override { hostapd_.signal(SIGSTOP); }
  void speak_again() override { hostapd_.signal(SIGCONT); }

 private:
  Lab& lab_;
  Program& hostapd_;
  SessionRef session_;
};

}  // namespace pratique::network::test
