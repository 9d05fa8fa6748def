#include "services/network/adapters/radius/radius_adapter.h"

#include <optional>
#include <utility>

#include "libs/protocol/radius/tunnel.h"
#include "services/network/adapters/radius/requests.h"

namespace pratique::network {
namespace {

using radius::Outcome;

class RadiusAdapter final : public SwitchAdapter {
 public:
  RadiusAdapter(RadiusSwitch to, std::unique_ptr<Exchanges::Line> line) : to_(std::move(to)), line_(std::move(line)) {}

  Capabilities capabilities() const override { return {Capability::end_session, Capability::change_session}; }
  void watch(Listener) override {}
  Result<std::vector<PortState>> observe(Deadline) override { return capability_missing(Capability::observe_ports); }
  Result<std::vector<AppliedPort>> apply(std::span<const PortPlan>, Deadline) override {
    return capability_missing(Capability::set_segment);
  }

  Result<SessionEnd> end_session(const SessionRef& session, Deadline deadline) override {
    TRY(const auto answer, ask(session, deadline, [&](const SessionNaming& naming) {
          return request_to_end(to_, naming, session);
        }));
    switch (answer.outcome) {
      case Outcome::done: return SessionEnd{EndedBy::disconnect_request};
      case Outcome::session_absent: return SessionEnd{EndedBy::nobody};
      case Outcome::request_initiated:
      case Outcome::refused: break;
    }
    return refusal("disconnect", answer);
  }

  Result<SessionChanged> change_session(const SessionRef& session, VlanId vlan, Deadline deadline) override {
    TRY_VOID(radius::vlan_numbered(vlan));  // whatever the way: none ends a session for a segment that cannot be
    if (to_.change_by == ChangeBy::disconnect) return end_instead(session, deadline);
    // Where no request can be made of it, no naming helps.
    if (const auto request = request_to_change(to_, to_.naming, session, vlan); !request)
      return unless_ended(request.error(), session, deadline);
    TRY(const auto answer, ask(session, deadline, [&](const SessionNaming& naming) {
          return request_to_change(to_, naming, session, vlan);
        }));
    switch (answer.outcome) {
      case Outcome::done:
        return to_.change_by == ChangeBy::reauthenticate ? SessionChanged::asked_to_login : SessionChanged::changed;
      case Outcome::request_initiated: return SessionChanged::asked_to_login;
      case Outcome::session_absent: return SessionChanged::ended;
      case Outcome::refused: break;
    }
    return unless_ended(refusal("change", answer), session, deadline);
  }

 private:
  template <typename MakeRequest>
  Result<radius::Answer> ask(const SessionRef& session, Deadline deadline, const MakeRequest& make_request) {
    std::optional<radius::Answer> answer;
    for (const auto& naming : namings_of(to_.naming, session)) {
      TRY(const auto request, make_request(naming));
      TRY(answer, line_->ask(request, deadline, to_.where_nobody));
      if (answer->outcome != Outcome::session_absent) break;
    }
    return *std::move(answer);
  }

  Result<SessionChanged> end_instead(const SessionRef& session, Deadline deadline) {
    TRY_VOID(end_session(session, deadline));
    return SessionChanged::ended;
  }
  /// The change cannot be made: the session is ended, where that is the way of this switch.
  Result<SessionChanged> unless_ended(Error why, const SessionRef& session, Deadline deadline) {
    if (why.code == ErrorCode::invalid_argument || !to_.disconnect_where_refused) return why;
    auto ended = end_instead(session, deadline);
    if (ended) return ended;
    return std::move(ended).error().with("change", why.message);
  }

  const RadiusSwitch to_;
  const std::unique_ptr<Exchanges::Line> line_;
};

}  // namespace

Result<std::unique_ptr<SwitchAdapter>> make_radius_adapter(RadiusSwitch to, std::shared_ptr<Exchanges> exchanges) {
  TRY_VOID(check_radius_switch(to));
  TRY(auto line, exchanges->open(to.nas, to.secret, to.rules));
  return std::unique_ptr<SwitchAdapter>(std::make_unique<RadiusAdapter>(std::move(to), std::move(line)));
}

}  // namespace pratique::network
