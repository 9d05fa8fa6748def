#include "services/network/adapters/radius/with_disconnect.h"

#include <utility>

#include "services/network/adapters/radius/radius_adapter.h"

namespace pratique::network {
namespace {

class WithDisconnect final : public SwitchAdapter {
 public:
  WithDisconnect(std::unique_ptr<SwitchAdapter> authenticator, DisconnectAt ports, std::shared_ptr<Exchanges> exchanges)
      : authenticator_(std::move(authenticator)), ports_(std::move(ports)), exchanges_(std::move(exchanges)) {}

  Capabilities capabilities() const override { return authenticator_->capabilities(); }
  void watch(Listener listener) override { authenticator_->watch(std::move(listener)); }
  Result<std::vector<PortState>> observe(Deadline deadline) override { return authenticator_->observe(deadline); }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan> plans, Deadline deadline) override {
    return authenticator_->apply(plans, deadline);
  }
  Result<SessionChanged> change_session(const SessionRef& session, VlanId vlan, Deadline deadline) override {
    return authenticator_->change_session(session, vlan, deadline);
  }
  Result<std::vector<LiveStation>> stations(Deadline deadline) override { return authenticator_->stations(deadline); }

  Result<SessionEnd> end_session(const SessionRef& session, Deadline deadline) override {
    const auto port = ports_.find(session.port);
    if (port == ports_.end()) return authenticator_->end_session(session, deadline);
    const auto now = std::chrono::steady_clock::now();
    auto asked = disconnect(port->second, session, now + (deadline - now) / 2);
    if (asked && asked->by == EndedBy::disconnect_request) return asked;
    auto ended = authenticator_->end_session(session, deadline);
    if (asked) return ended;
    if (ended) ended->instead_of = std::move(asked).error();
    else ended = std::move(ended).error().with("disconnect", asked.error().message);
    return ended;
  }

 private:
  Result<SessionEnd> disconnect(const Result<RadiusSwitch>& to, const SessionRef& session, Deadline deadline) const {
    if (!to) return to.error();
    TRY(const auto asker, make_radius_adapter(*to, exchanges_));
    return asker->end_session(session, deadline);
  }

  const std::unique_ptr<SwitchAdapter> authenticator_;
  const DisconnectAt ports_;
  const std::shared_ptr<Exchanges> exchanges_;
};

}  // namespace

std::unique_ptr<SwitchAdapter> with_disconnect(std::unique_ptr<SwitchAdapter> authenticator, DisconnectAt ports,
                                               std::shared_ptr<Exchanges> exchanges) {
  return std::make_unique<WithDisconnect>(std::move(authenticator), std::move(ports), std::move(exchanges));
}

}  // namespace pratique::network
