#include "services/registrar/domain/credential.h"

#include <catch2/catch.hpp>

using namespace pratique;
using namespace pratique::registrar;

namespace {

constexpr CredentialState kStates[] = {CredentialState::active, CredentialState::successor, CredentialState::superseded,
                                       CredentialState::revoked, CredentialState::expired};
constexpr CredentialEvent kEvents[] = {CredentialEvent::used, CredentialEvent::replaced, CredentialEvent::revoked};

Timestamp at(int seconds) { return Timestamp(std::chrono::seconds(seconds)); }

}  // namespace

TEST_CASE("every change of a credential's state is in the table or refused") {
  int legal = 0;
  for (const auto state : kStates) {
    for (const auto event : kEvents) {
      const auto next = next_state(state, event);
      const bool live = state == CredentialState::active || state == CredentialState::successor;
      INFO(to_string(state) << " " << to_string(event));
      CHECK(next.has_value() == live);  // what has ended stays ended
      if (!next) {
        CHECK(next.error().reason == "CREDENTIAL_STATE_CONFLICT");
        continue;
      }
      ++legal;
      if (event == CredentialEvent::used) CHECK(*next == CredentialState::active);
      if (event == CredentialEvent::replaced) CHECK(*next == CredentialState::superseded);
      if (event == CredentialEvent::revoked) CHECK(*next == CredentialState::revoked);
    }
  }
  CHECK(legal == 6);
}

TEST_CASE("a credential's state is written and read back") {
  for (const auto state : kStates) CHECK(parse_credential_state(to_string(state)) == state);
  CHECK_FALSE(parse_credential_state("Active"));
  CHECK_FALSE(parse_credential_state(""));
}

TEST_CASE("a credential counts until its end, whichever comes first") {
  Credential credential;
  credential.not_after = at(100);
  CHECK(counts_at(credential, at(100)));
  CHECK_FALSE(counts_at(credential, at(101)));
  CHECK(state_at(credential, at(101)) == CredentialState::expired);

  credential.state = CredentialState::successor;
  CHECK(counts_at(credential, at(50)));
  CHECK(state_at(credential, at(101)) == CredentialState::expired);

  credential.state = CredentialState::superseded;
  CHECK_FALSE(counts_at(credential, at(50)));
  credential.state = CredentialState::revoked;
  CHECK_FALSE(counts_at(credential, at(50)));
  // Why it ended first is what is told.
  CHECK(state_at(credential, at(101)) == CredentialState::revoked);
}
