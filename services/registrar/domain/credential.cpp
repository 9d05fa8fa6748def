#include "services/registrar/domain/credential.h"

#include <array>
#include <utility>

namespace pratique::registrar {
namespace {

constexpr std::array<std::pair<CredentialState, std::string_view>, 5> kStates{{
    {CredentialState::active, "active"},
    {CredentialState::successor, "successor"},
    {CredentialState::superseded, "superseded"},
    {CredentialState::revoked, "revoked"},
    {CredentialState::expired, "expired"},
}};

struct Transition {
  CredentialState from;
  CredentialEvent event;
  CredentialState to;
};
constexpr std::array<Transition, 6> kTransitions{{
    {CredentialState::active, CredentialEvent::used, CredentialState::active},
    {CredentialState::active, CredentialEvent::replaced, CredentialState::superseded},
    {CredentialState::active, CredentialEvent::revoked, CredentialState::revoked},
    {CredentialState::successor, CredentialEvent::used, CredentialState::active},
    {CredentialState::successor, CredentialEvent::replaced, CredentialState::superseded},
    {CredentialState::successor, CredentialEvent::revoked, CredentialState::revoked},
}};

}  // namespace

std::string_view to_string(CredentialState state) {
  for (const auto& [known, text] : kStates)
    if (known == state) return text;
  return "unknown";
}

std::optional<CredentialState> parse_credential_state(std::string_view text) {
  for (const auto& [state, known] : kStates)
    if (known == text) return state;
  return std::nullopt;
}

std::string_view to_string(CredentialEvent event) {
  switch (event) {
    case CredentialEvent::used: return "used";
    case CredentialEvent::replaced: return "replaced";
    case CredentialEvent::revoked: return "revoked";
  }
  return "unknown";
}

Result<CredentialState> next_state(CredentialState state, CredentialEvent event) {
  for (const auto& [from, on, to] : kTransitions)
    if (from == state && on == event) return to;
  return failed_precondition("CREDENTIAL_STATE_CONFLICT", "a credential that is " + std::string(to_string(state)) +
                                                              " cannot be " + std::string(to_string(event)));
}

CredentialState state_at(const Credential& credential, Timestamp now) {
  const bool live = credential.state == CredentialState::active || credential.state == CredentialState::successor;
  return live && credential.not_after < now ? CredentialState::expired : credential.state;
}

bool counts_at(const Credential& credential, Timestamp now) {
  const CredentialState state = state_at(credential, now);
  return state == CredentialState::active || state == CredentialState::successor;
}

}  // namespace pratique::registrar
