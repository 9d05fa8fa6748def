#include "services/registrar/app/vouchers.h"

#include "services/registrar/app/onboarded_registry_test.h"
#include "services/registrar/app/rewrap.h"

using namespace pratique;
using namespace pratique::registrar;

namespace {

using Words = std::vector<std::string>;

struct House : OnboardedRegistry {
  crypto::Envelope envelope{*crypto::MasterKeys::parse(*crypto::MasterKeys::make_line("k1", random)), random};
  Vouchers vouchers{surroundings(), envelope};

  VoucherRecord record(const Device& device) {
    VoucherRecord out;
    out.device = device.id;
    out.session = session(device);
    out.serial_number = device.serial_number;
    out.assertion = "logged";
    out.nonced = true;
    out.signer = "CN=MASA";
    return out;
  }
};

std::string reason_of(const Result<VoucherId>& result) { return result ? "" : result.error().reason; }

}  // namespace

TEST_CASE("a voucher is recorded with audit and event, once for its bytes") {
  House house;
  const auto device = house.allowed("LAMP-1");
  const auto id = house.vouchers.record(house.call(), house.record(device), as_bytes("voucher"));
  REQUIRE(id);
  CHECK(*house.vouchers.record(house.call(), house.record(device), as_bytes("voucher")) == *id);
  CHECK(house.audit() == Words{"voucher.record"});
  CHECK(house.events() == Words{"voucher.recorded"});
  CHECK(*house.vouchers.record(house.call(), house.record(device), as_bytes("another")) != *id);
  const auto list = house.vouchers.list(house.call(), device.id, {}, 10);
  REQUIRE(list);
  CHECK(list->size() == 2);
  CHECK(as_text(house.with([&](pg::Tx& tx) { return open_voucher(tx, house.envelope, *id); })->reveal()) == "voucher");
}

TEST_CASE("a voucher that cannot be the device's is refused") {
  House house;
  const auto device = house.allowed("LAMP-1");
  auto record = house.record(device);
  CHECK(reason_of(house.vouchers.record(house.call(), record, {})) == "FIELD_INVALID");
  CHECK(reason_of(house.vouchers.record(house.call(), record, Bytes(kMaxVoucherSize + 1, 'x'))) == "FIELD_INVALID");
  record.serial_number = "LAMP-2";
  CHECK(reason_of(house.vouchers.record(house.call(), record, as_bytes("v"))) == "VOUCHER_DEVICE_MISMATCH");
  record = house.record(device);
  record.assertion = "";
  CHECK(reason_of(house.vouchers.record(house.call(), record, as_bytes("v"))) == "FIELD_INVALID");
  record = house.record(device);
  record.device = DeviceId::make(house.clock, house.random);
  CHECK(reason_of(house.vouchers.record(house.call(), record, as_bytes("v"))) == "DEVICE_UNKNOWN");
  house.set_state(device, DeviceState::retired);
  CHECK(reason_of(house.vouchers.record(house.call(), house.record(device), as_bytes("v"))) == "DEVICE_NOT_ADMISSIBLE");
  CHECK(house.audit().empty());
  CHECK(house.events().empty());
}

TEST_CASE("every sealed value is wrapped anew, over many batches") {
  House house;
  const auto device = house.allowed("LAMP-1");
  constexpr int kCount = 2 * kRewrapBatch + 7;
  REQUIRE(house.with([&](pg::Tx& tx) -> Result<void> {
    auto record = house.record(device);
    for (int i = 0; i < kCount; ++i) {
      house.clock.advance(1ms);
      record.id = VoucherId::make(house.clock, house.random);
      record.digest = std::string(64 - std::to_string(1000 + i).size(), '0') + std::to_string(1000 + i);
      TRY_VOID(insert_voucher(tx, house.envelope, record, as_bytes("voucher " + std::to_string(i))));
    }
    return {};
  }));
  const crypto::Envelope stranger(*crypto::MasterKeys::parse(*crypto::MasterKeys::make_line("k2", house.random)),
                                  house.random);
  CHECK(rewrap_all(*house.pool, stranger).error().reason == "ENVELOPE_KEY_UNKNOWN");
  const auto report = rewrap_all(*house.pool, house.envelope);
  REQUIRE(report);
  CHECK(report->looked_at == kCount);
  CHECK(report->rewrapped == 0);  // they are under the current key already
}
