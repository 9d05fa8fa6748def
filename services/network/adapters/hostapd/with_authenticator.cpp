#include "services/network/adapters/hostapd/with_authenticator.h"

#include <mutex>
#include <utility>

namespace pratique::network {
namespace {

class WithAuthenticator final : public SwitchAdapter {
 public:
  WithAuthenticator(std::unique_ptr<SwitchAdapter> ports, std::unique_ptr<SwitchAdapter> authenticator)
      : ports_(std::move(ports)), authenticator_(std::move(authenticator)) {}

  Capabilities capabilities() const override { return ports_->capabilities() | authenticator_->capabilities(); }
  void watch(Listener listener) override {
    const auto one_at_a_time = [turn = std::make_shared<std::mutex>(), tell = std::move(listener)](const PortEvent& e) {
      const std::lock_guard lock(*turn);
      tell(e);
    };
    ports_->watch(one_at_a_time);
    authenticator_->watch(one_at_a_time);
  }
  Result<std::vector<PortState>> observe(Deadline deadline) override { return ports_->observe(deadline); }
  Result<PortState> observe_port(std::string_view port, Deadline deadline) override {
    return ports_->observe_port(port, deadline);
  }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan> plans, Deadline deadline) override {
    return ports_->apply(plans, deadline);
  }
  Result<SessionEnd> end_session(const SessionRef& session, Deadline deadline) override {
    if (ports_->capabilities().has(Capability::end_session)) TRY_VOID(ports_->end_session(session, deadline));
    auto logged_off = authenticator_->end_session(session, deadline);
    if (logged_off) return logged_off;
    if (logged_off.error().code == ErrorCode::not_found) return SessionEnd{EndedBy::port};
    if (logged_off.error().code == ErrorCode::unavailable) return SessionEnd{EndedBy::port, logged_off.error()};
    return logged_off;
  }
  Result<SessionChanged> change_session(const SessionRef& session, VlanId vlan, Deadline deadline) override {
    return ports_->change_session(session, vlan, deadline);
  }
  Result<std::vector<LiveStation>> stations(Deadline deadline) override { return authenticator_->stations(deadline); }

 private:
  const std::unique_ptr<SwitchAdapter> ports_, authenticator_;
};

}  // namespace

std::unique_ptr<SwitchAdapter> with_authenticator(std::unique_ptr<SwitchAdapter> ports,
                                                  std::unique_ptr<SwitchAdapter> authenticator) {
  return std::make_unique<WithAuthenticator>(std::move(ports), std::move(authenticator));
}

}  // namespace pratique::network
