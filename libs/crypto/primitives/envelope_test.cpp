#include <catch2/catch.hpp>

#include "libs/base/base64.h"
#include "libs/base/hex.h"
#include "libs/crypto/primitives/aead.h"
#include "libs/crypto/primitives/envelope.h"
#include "libs/crypto/primitives/system_random.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

std::string line(std::string_view id, std::uint8_t fill) {
  return std::string(id) + " " + base64_encode(Bytes(32, fill)) + "\n";
}
MasterKeys ring(const std::string& text) {
  auto keys = MasterKeys::parse(Secret(text));
  REQUIRE(keys.has_value());
  return *std::move(keys);
}
const Bytes kContext = envelope_context({"registrar.vouchers", "voucher", "17"});

}  // namespace

TEST_CASE("AES-256-GCM gives the value of the GCM specification's test case 16", "[crypto]") {
  const Secret key(*hex_decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const Bytes nonce = *hex_decode("cafebabefacedbaddecaf888");
  const Bytes aad = *hex_decode("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const Bytes plain = *hex_decode(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const auto sealed = aes256gcm_seal(key, nonce, aad, plain);
  REQUIRE(sealed.has_value());
  CHECK(hex_encode(ByteView(*sealed).last(16)) == "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto opened = aes256gcm_open(key, nonce, aad, *sealed);
  REQUIRE(opened.has_value());
  CHECK(equal(opened->reveal(), plain));
  CHECK(aes256gcm_open(key, nonce, {}, *sealed).error().reason == "AEAD_TAG_MISMATCH");
  CHECK(aes256gcm_open(key, nonce, aad, ByteView(*sealed).first(15)).error().reason == "AEAD_TAG_MISMATCH");
  CHECK(aes256gcm_seal(Secret("short"), nonce, aad, plain).error().reason == "AEAD_PARAMETER_SIZE");
  CHECK(aes256gcm_seal(key, aad, aad, plain).error().reason == "AEAD_PARAMETER_SIZE");
}

TEST_CASE("a sealed value opens in its place and nowhere else", "[crypto]") {
  SystemRandom random;
  const Envelope envelope(ring("# master keys\n\n" + line("2026-11", 1) + line("2025-01", 2)), random);
  const auto sealed = envelope.seal(Secret("private key"), kContext);
  REQUIRE(sealed.has_value());
  CHECK(as_text(envelope.open(*sealed, kContext)->reveal()) == "private key");
  CHECK(*Envelope::key_id_of(*sealed) == "2026-11");
  CHECK(envelope.open(*envelope.seal(ByteView{}, kContext), kContext)->empty());
  CHECK(*envelope.seal(Secret("private key"), kContext) != *sealed);  // never twice the same

  SECTION("another row") {
    const auto other = envelope_context({"registrar.vouchers", "voucher", "18"});
    CHECK(envelope.open(*sealed, other).error().reason == "ENVELOPE_ALTERED");
  }
  SECTION("the parts of a context do not run together") {
    CHECK(envelope_context({"ab", "c"}) != envelope_context({"a", "bc"}));
    CHECK(envelope_context({"a", ""}) != envelope_context({"a"}));
  }
  SECTION("truncated anywhere") {
    for (std::size_t size = 0; size < sealed->size(); ++size)
      REQUIRE_FALSE(envelope.open(ByteView(*sealed).first(size), kContext).has_value());
  }
  SECTION("any bit changed") {
    for (std::size_t bit = 0; bit < sealed->size() * 8; ++bit) {
      Bytes bad = *sealed;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
      REQUIRE_FALSE(envelope.open(bad, kContext).has_value());
    }
  }
  SECTION("a payload under another value's data key") {
    const auto other = *envelope.seal(Secret("private kez"), kContext);
    const std::size_t split = 2 + 7 + 12 + 48;
    Bytes mixed(sealed->begin(), sealed->begin() + split);
    mixed.insert(mixed.end(), other.begin() + split, other.end());
    CHECK(envelope.open(mixed, kContext).error().reason == "ENVELOPE_ALTERED");
  }
  SECTION("an unknown master key is named") {
    const Envelope stranger(ring(line("other", 1)), random);
    const auto error = stranger.open(*sealed, kContext).error();
    CHECK(error.code == ErrorCode::failed_precondition);
    CHECK(error.reason == "ENVELOPE_KEY_UNKNOWN");
    CHECK(error.evidence.at(0).second == "2026-11");
  }
  SECTION("a master key of the same name and other bytes") {
    const Envelope impostor(ring(line("2026-11", 9)), random);
    CHECK(impostor.open(*sealed, kContext).error().reason == "ENVELOPE_ALTERED");
  }
}

TEST_CASE("rotation wraps the data key anew and leaves the payload", "[crypto]") {
  SystemRandom random;
  const Envelope before(ring(line("old", 1)), random);
  const Envelope during(ring(line("new", 2) + line("old", 1)), random);
  const Envelope after(ring(line("new", 2)), random);
  const auto sealed = *before.seal(Secret("value"), kContext);
  CHECK(as_text(during.open(sealed, kContext)->reveal()) == "value");
  CHECK(after.open(sealed, kContext).error().reason == "ENVELOPE_KEY_UNKNOWN");

  const auto moved = *during.rewrap(sealed);
  CHECK(*Envelope::key_id_of(moved) == "new");
  CHECK(as_text(after.open(moved, kContext)->reveal()) == "value");
  CHECK(equal(ByteView(moved).last(12 + 5 + 16), ByteView(sealed).last(12 + 5 + 16)));
  CHECK(before.rewrap(moved).error().reason == "ENVELOPE_KEY_UNKNOWN");
  CHECK(after.open(moved, as_bytes("elsewhere")).error().reason == "ENVELOPE_ALTERED");
}

TEST_CASE("a master key file is read strictly and never quoted", "[crypto]") {
  PredictableRandom random(7);
  const auto made = MasterKeys::make_line("k1", random);
  REQUIRE(made.has_value());
  CHECK(MasterKeys::parse(*made)->current_key_id() == "k1");
  CHECK(MasterKeys::make_line("no spaces", random).error().reason == "MASTER_KEYS_INVALID");

  const std::string good = line("a", 1);
  for (const std::string& bad :
       {std::string(), std::string("# only words\n"), good + good, std::string("a\n"), std::string("a not-base64!\n"),
        std::string("a ") + base64_encode(Bytes(31, 1)) + "\n", std::string("../a ") + good.substr(2)}) {
    const auto keys = MasterKeys::parse(Secret(bad));
    REQUIRE_FALSE(keys.has_value());
    CHECK(keys.error().reason == "MASTER_KEYS_INVALID");
    CHECK_FALSE(keys.error().message.contains(good.substr(2, 10)));
  }
  CHECK(MasterKeys::parse(Secret(good + "b nonsense\n")).error().message.contains("line 2"));
}
