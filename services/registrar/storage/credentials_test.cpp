#include "services/registrar/storage/credentials.h"

#include "libs/base/hex.h"
#include "libs/crypto/keys/software_key.h"
#include "services/registrar/storage/store_test.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

struct Store : MigratedStore {
  Store() {
    database.execute(
        "SET search_path TO registrar;"
        "INSERT INTO manufacturer VALUES ('01932f4e-0000-7000-8000-00000000000a', 'M', 'strict', '', false, now(), "
        "now(), 1)");
    one = device("S-1");
    two = device("S-2");
  }

  DeviceId device(const std::string& serial) {
    const auto id = DeviceId::make(clock, random);
    database.execute(
        "SET search_path TO registrar;"
        "INSERT INTO device (id, manufacturer, serial_number, model, state, authorized, credential_revoked, "
        "display_name,"
        " location, segment, credential_profile, labels, granted_segment, granted_profile, idevid_fingerprint, mud_url,"
        " onboarding_count, create_time, update_time, version) VALUES ('" +
        id.text() +
        "', '01932f4e-0000-7000-8000-00000000000a',"
        " '" +
        serial + "', '', 'onboarding', true, false, '', '', '', '', '{}', '', '', '', '', 0, now(), now(), 1)");
    return id;
  }
  StoredOrder order(const DeviceId& owner) {
    clock.advance(1ms);
    return {{CredentialId::make(clock, random), crypto::SoftwareKey::generate(crypto::KeyType::ec_p256)->public_key(),
             {{.organization = "Plant", .common_name = "lamp \"1\"", .serial_number = "S-1"},
              {.dns = {"a.example.com"}, .uri = {"spiffe://x/1", "urn:{}\"\\,"}}},
             kNow, kNow + 24h, {1, 2, 3}},
            owner, SessionId::make(clock, random), "default", false, kNow};
  }
  Credential stored(const DeviceId& owner, CredentialState state, std::chrono::seconds life = 24h) {
    const auto ordered = order(owner);
    Credential out;
    out.id = ordered.order.id;
    out.device = owner;
    out.state = state;
    out.profile = "default";
    out.certificate_serial = "010203";
    out.subject = "CN=lamp";
    out.not_before = kNow;
    out.not_after = kNow + life;
    out.issue_time = kNow;
    out.key_fingerprint = hex_encode(ordered.order.key.fingerprint_sha256());
    out.certificate = random.bytes(64);
    const auto done = with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(insert_order(tx, ordered));
      return insert_credential(tx, out);
    });
    if (!done) FAIL(done.error().message);
    return out;
  }
  CredentialState state_of(const CredentialId& id) {
    return (**with([&](pg::Tx& tx) { return find_credential(tx, id); })).state;
  }

  DeviceId one, two;
};

}  // namespace

TEST_CASE("an order is stored whole and found by its key") {
  Store store;
  const auto order = store.order(store.one);
  const auto fingerprint = hex_encode(order.order.key.fingerprint_sha256());
  CHECK_FALSE(store.with([&](pg::Tx& tx) { return find_key_use(tx, fingerprint); })->order);
  REQUIRE(store.with([&](pg::Tx& tx) { return insert_order(tx, order); }));
  const auto found = store.with([&](pg::Tx& tx) { return find_key_use(tx, fingerprint); });
  REQUIRE(found);
  REQUIRE(found->order);
  CHECK_FALSE(found->spent);
  const StoredOrder& read = *found->order;
  CHECK(read.order.id == order.order.id);
  CHECK(read.order.key == order.order.key);
  CHECK(read.order.names.subject.organization == "Plant");
  CHECK(read.order.names.subject.common_name == "lamp \"1\"");
  CHECK(read.order.names.subject.serial_number == "S-1");
  CHECK(read.order.names.alt_names == order.order.names.alt_names);
  CHECK(read.order.not_after == order.order.not_after);
  CHECK(read.order.serial == order.order.serial);
  CHECK(read.device == store.one);
  CHECK(read.session == order.session);

  auto renewal = store.order(store.one);
  renewal.session = {};
  CHECK_FALSE(store.with([&](pg::Tx& tx) { return insert_order(tx, renewal); }));
  renewal.renewal = true;
  REQUIRE(store.with([&](pg::Tx& tx) { return insert_order(tx, renewal); }));
  const auto stored = store.with([&](pg::Tx& tx) {
    return find_key_use(tx, hex_encode(renewal.order.key.fingerprint_sha256()));
  });
  REQUIRE(stored);
  REQUIRE(stored->order);
  CHECK(stored->order->session.empty());
  CHECK(stored->order->renewal);

  // The same key for another device, or once more for this one.
  for (const auto& owner : {store.one, store.two}) {
    auto again = store.order(owner);
    again.order.key = order.order.key;
    CHECK(store.with([&](pg::Tx& tx) { return insert_order(tx, again); }).error().code == ErrorCode::already_exists);
  }
}

TEST_CASE("the database keeps a device from having two active credentials") {
  Store store;
  const auto active = store.stored(store.one, CredentialState::active);
  const auto refused = [&](CredentialState state) {
    auto ordered = store.order(store.one);
    Credential more = active;
    more.id = ordered.order.id;
    more.state = state;
    more.key_fingerprint = hex_encode(ordered.order.key.fingerprint_sha256());
    more.certificate = store.random.bytes(64);
    const auto done = store.with([&](pg::Tx& tx) -> Result<void> {
      TRY_VOID(insert_order(tx, ordered));
      return insert_credential(tx, more);
    });
    return !done && done.error().code == ErrorCode::already_exists;
  };
  CHECK(refused(CredentialState::active));
  CHECK_FALSE(refused(CredentialState::successor));  // a renewal is handed over
  CHECK(refused(CredentialState::successor));
  (void)store.stored(store.two, CredentialState::active);  // another device has its own
}

TEST_CASE("a credential is found by its name and by its whole certificate") {
  Store store;
  const auto made = store.stored(store.one, CredentialState::active);
  const auto by_certificate = store.with([&](pg::Tx& tx) { return find_credential(tx, ByteView(made.certificate)); });
  REQUIRE(*by_certificate);
  CHECK((**by_certificate).id == made.id);
  CHECK((**by_certificate).certificate == made.certificate);
  Bytes other = made.certificate;
  other.back() ^= 1;
  CHECK_FALSE(*store.with([&](pg::Tx& tx) { return find_credential(tx, ByteView(other)); }));
  CHECK_FALSE(
      *store.with([&](pg::Tx& tx) { return find_credential(tx, CredentialId::make(store.clock, store.random)); }));
}

TEST_CASE("revoking a device's credentials ends the live ones of that device alone") {
  Store store;
  const auto old = store.stored(store.one, CredentialState::active);
  REQUIRE(store.with([&](pg::Tx& tx) {
    return set_credential_state(tx, old.id, CredentialState::superseded, crypto::RevocationReason::superseded, "renewed",
                                kNow);
  }));
  const auto active = store.stored(store.one, CredentialState::active);
  const auto successor = store.stored(store.one, CredentialState::successor);
  const auto others = store.stored(store.two, CredentialState::active);

  const auto revoked =
      store.with([&](pg::Tx& tx) { return revoke_credentials_of(tx, store.one, "device retired", kNow + 1s); });
  REQUIRE(revoked);
  CHECK(revoked->size() == 2);
  CHECK(store.state_of(active.id) == CredentialState::revoked);
  CHECK(store.state_of(successor.id) == CredentialState::revoked);
  CHECK(store.state_of(old.id) == CredentialState::superseded);
  CHECK(store.state_of(others.id) == CredentialState::active);
  const auto read = store.with([&](pg::Tx& tx) { return find_credential(tx, active.id); });
  CHECK((**read).end_reason == "device retired");
  CHECK((**read).end_time == kNow + 1s);
  CHECK(store.with([&](pg::Tx& tx) { return revoke_credentials_of(tx, store.one, "again", kNow); })->empty());
}

TEST_CASE("credentials are listed newest first, by device and by the state that is shown") {
  Store store;
  const auto a = store.stored(store.one, CredentialState::active);
  const auto b = store.stored(store.one, CredentialState::successor);
  const auto c = store.stored(store.two, CredentialState::active, 1h);
  const auto list = [&](CredentialFilter filter, const CredentialId& after, int limit, Timestamp now) {
    std::vector<CredentialId> out;
    const auto page = store.with([&](pg::Tx& tx) { return list_credentials(tx, filter, after, limit, now); });
    REQUIRE(page);
    for (const auto& credential : *page) out.push_back(credential.id);
    return out;
  };
  using Ids = std::vector<CredentialId>;
  CHECK(list({}, {}, 10, kNow) == Ids{c.id, b.id, a.id});
  CHECK(list({}, {}, 2, kNow) == Ids{c.id, b.id});
  CHECK(list({}, b.id, 2, kNow) == Ids{a.id});
  CHECK(list({.device = store.one}, {}, 10, kNow) == Ids{b.id, a.id});
  CHECK(list({.state = CredentialState::active}, {}, 10, kNow) == Ids{c.id, b.id, a.id});
  CHECK(list({.state = CredentialState::active}, {}, 10, kNow + 2h) == Ids{b.id, a.id});
  CHECK(list({.state = CredentialState::expired}, {}, 10, kNow + 2h) == Ids{c.id});
  CHECK(list({.device = store.one, .state = CredentialState::expired}, {}, 10, kNow + 2h).empty());
  CHECK(list({.state = CredentialState::revoked}, {}, 10, kNow).empty());
}
