#include "services/registrar/storage/vouchers.h"

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "services/registrar/storage/store_test.h"

using namespace pratique;
using namespace pratique::registrar;
using namespace std::chrono_literals;

namespace {

struct Store : MigratedStore {
  Store() {
    database.execute("SET search_path TO registrar; ALTER TABLE voucher DROP CONSTRAINT voucher_device_fkey");
  }

  Secret line(std::string_view id) { return *crypto::MasterKeys::make_line(id, random); }
  static Secret joined(const Secret& first, const Secret& second) {
    Bytes all = to_bytes(first.reveal());
    all.insert(all.end(), second.reveal().begin(), second.reveal().end());
    return Secret(std::move(all));
  }
  crypto::Envelope envelope(const Secret& keys) { return crypto::Envelope(*crypto::MasterKeys::parse(keys), random); }

  VoucherRecord record(const DeviceId& device, ByteView voucher) {
    clock.advance(1ms);
    VoucherRecord out;
    out.id = VoucherId::make(clock, random);
    out.device = device;
    out.session = SessionId::make(clock, random);
    out.serial_number = "S-1";
    out.assertion = "logged";
    out.nonced = true;
    out.signer = "CN=MASA";
    out.pinned_fingerprint = std::string(64, 'b');
    out.created_on = kNow;
    out.masa_url = "https://masa.example.com";
    out.receive_time = kNow;
    out.digest = hex_encode(crypto::sha256(voucher));
    return out;
  }
  VoucherRecord keep(const crypto::Envelope& seal, const DeviceId& device, std::string_view voucher) {
    const auto out = record(device, as_bytes(voucher));
    REQUIRE(with([&](pg::Tx& tx) { return insert_voucher(tx, seal, out, as_bytes(voucher)); }));
    return out;
  }
  Result<Secret> open(const crypto::Envelope& seal, const VoucherId& id) {
    return with([&](pg::Tx& tx) { return open_voucher(tx, seal, id); });
  }

  DeviceId one = DeviceId::make(clock, random), two = DeviceId::make(clock, random);
};

}  // namespace

TEST_CASE("a voucher is kept sealed and opens as it was") {
  Store store;
  const auto seal = store.envelope(store.line("k1"));
  const auto kept = store.keep(seal, store.one, "voucher number one");
  CHECK(as_text(store.open(seal, kept.id)->reveal()) == "voucher number one");
  CHECK(store.database.query("SELECT position('voucher number'::bytea IN sealed) FROM registrar.voucher") == "0");
  const auto found = store.with([&](pg::Tx& tx) { return find_voucher(tx, store.one, kept.digest); });
  REQUIRE(*found);
  CHECK((**found).id == kept.id);
  CHECK((**found).created_on == kNow);
  CHECK_FALSE((**found).expires_on);
  CHECK((**found).nonced);
  CHECK_FALSE(*store.with([&](pg::Tx& tx) { return find_voucher(tx, store.two, kept.digest); }));
  CHECK(store.open(seal, VoucherId::make(store.clock, store.random)).error().reason == "VOUCHER_UNKNOWN");
}

TEST_CASE("a sealed voucher opens in its own row alone, and only whole") {
  Store store;
  const auto seal = store.envelope(store.line("k1"));
  const auto first = store.keep(seal, store.one, "one");
  const auto second = store.keep(seal, store.two, "two");
  store.database.execute("UPDATE registrar.voucher SET sealed = (SELECT sealed FROM registrar.voucher WHERE id = '" +
                         first.id.text() + "') WHERE id = '" + second.id.text() + "'");
  CHECK(store.open(seal, second.id).error().reason == "ENVELOPE_ALTERED");
  store.database.execute("UPDATE registrar.voucher SET sealed = set_byte(sealed, length(sealed) - 1, "
                         "get_byte(sealed, length(sealed) - 1) # 1) WHERE id = '" + first.id.text() + "'");
  CHECK(store.open(seal, first.id).error().reason == "ENVELOPE_ALTERED");
  CHECK(store.open(store.envelope(store.line("k2")), first.id).error().reason == "ENVELOPE_KEY_UNKNOWN");
}

TEST_CASE("one voucher is kept once a device") {
  Store store;
  const auto seal = store.envelope(store.line("k1"));
  (void)store.keep(seal, store.one, "same");
  const auto again = store.record(store.one, as_bytes("same"));
  CHECK(store.with([&](pg::Tx& tx) { return insert_voucher(tx, seal, again, as_bytes("same")); }).error().code ==
        ErrorCode::already_exists);
  (void)store.keep(seal, store.two, "same");
}

TEST_CASE("what the device said of its voucher stands with the voucher of that session") {
  Store store;
  const auto seal = store.envelope(store.line("k1"));
  const auto first = store.keep(seal, store.one, "one");
  const auto second = store.keep(seal, store.one, "two");
  const auto say = [&](const DeviceId& device, const SessionId& session, std::string_view status) {
    REQUIRE(store.with([&](pg::Tx& tx) { return set_voucher_status(tx, device, session, status); }));
  };
  say(store.one, first.session, "refused: clock");
  say(store.two, second.session, "accepted");  // not its voucher
  const auto list = store.with([&](pg::Tx& tx) { return list_vouchers(tx, store.one, {}, 10); });
  REQUIRE(list);
  REQUIRE(list->size() == 2);
  CHECK(list->front().id == second.id);  // newest first
  CHECK(list->front().device_status == "");
  CHECK(list->back().device_status == "refused: clock");
  CHECK(store.with([&](pg::Tx& tx) { return list_vouchers(tx, {}, second.id, 10); })->size() == 1);
  CHECK(store.with([&](pg::Tx& tx) { return list_vouchers(tx, store.two, {}, 10); })->empty());
}

TEST_CASE("vouchers are wrapped anew in bounded steps, after which the old master key may go") {
  Store store;
  const Secret first_line = store.line("k1"), second_line = store.line("k2");
  const auto before = store.envelope(first_line);
  std::vector<VoucherId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(store.keep(before, store.one, "voucher " + std::to_string(i)).id);
  const auto during = store.envelope(Store::joined(second_line, first_line));
  const auto already = store.keep(during, store.two, "new");

  std::int64_t looked_at = 0, rewrapped = 0;
  int steps = 0;
  for (VoucherId after;; ++steps) {
    const auto step = store.with([&](pg::Tx& tx) { return rewrap_vouchers(tx, during, after, 2); });
    REQUIRE(step);
    CHECK(step->looked_at <= 2);
    looked_at += step->looked_at;
    rewrapped += step->rewrapped;
    if (step->last.empty()) break;
    after = step->last;
  }
  CHECK(looked_at == 6);
  CHECK(rewrapped == 5);
  CHECK(steps == 3);

  const auto after = store.envelope(second_line);  // the old key is gone
  for (int i = 0; i < 5; ++i)
    CHECK(as_text(store.open(after, ids[static_cast<std::size_t>(i)])->reveal()) == "voucher " + std::to_string(i));
  CHECK(as_text(store.open(after, already.id)->reveal()) == "new");
  CHECK(store.with([&](pg::Tx& tx) { return rewrap_vouchers(tx, during, {}, 10); })->rewrapped == 0);
}

TEST_CASE("a voucher that cannot be wrapped anew is named and nothing is half done") {
  Store store;
  const auto before = store.envelope(store.line("k1"));
  const auto kept = store.keep(before, store.one, "one");
  const auto step =
      store.with([&](pg::Tx& tx) { return rewrap_vouchers(tx, store.envelope(store.line("k2")), {}, 10); });
  REQUIRE_FALSE(step);
  CHECK(step.error().reason == "ENVELOPE_KEY_UNKNOWN");
  CHECK_THAT(step.error().message, Catch::Contains(kept.id.name()));
  CHECK(store.open(before, kept.id));
}
