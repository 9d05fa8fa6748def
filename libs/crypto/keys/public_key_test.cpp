#include <catch2/catch.hpp>

#include <algorithm>

#include "libs/base/hex.h"
#include "libs/crypto/keys/ecdsa_signature.h"
#include "libs/crypto/keys/key_handle.h"
#include "libs/crypto/keys/key_policy.h"
#include "libs/crypto/keys/software_key.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

SoftwareKey make(KeyType type) { return *SoftwareKey::generate(type); }

// RFC 8032 section 7.1, test 2.
const char* const kEd25519Public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const char* const kEd25519Signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
    "b00d291612bb0c00";

// RFC 6979 section A.2.5: P-256, SHA-256, message "sample".
const char* const kP256Point =
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f51"
    "77a3c294d4462299";
const char* const kP256Signature =
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064d"
    "c4ab2f843acda8";

// OpenSSL's own output: a P-256 key with explicit parameters, and a secp256k1 and an RSA-1024 key.
const char* const kSecp256k1 = R"(-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEpg43xZOzS4qF2xLCbBlBUdgqdGQyJKvx
DGXLA5dRaFOm2z5m7I1hTYersYzt5zom0GTjxmSaObeXWPF0fJumXw==
-----END PUBLIC KEY-----
)";
const char* const kExplicitP256 = R"(-----BEGIN PUBLIC KEY-----
MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA
AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////
///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd
NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5
RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA
//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABNnd2XYeSku7DJURGqltzQpA
T3ggCtIlfhVC4VJjVHAJgfKPcO+YqLJgXWgtIlW5I1dRyTBEIArly6WqrTqyEDc=
-----END PUBLIC KEY-----
)";
const char* const kRsa1024 = R"(-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDJ35jg/k5WUF07bfGSwUpjX0iZ
4xKozHkbXWeQ8OOoj5qfliosZWLDQe7UpfbD0irXWEcFxlvtGeXcTAKs85LGwQ9H
mw7flXdOFrpsZS+0+ByYslnIqJ52QwqwTAToN3sr2QPSp1wnIW3tWM316fDXOvOo
XHopqKbK6S5DHdlZYwIDAQAB
-----END PUBLIC KEY-----
)";

}  // namespace

TEST_CASE("published signatures verify, altered ones do not", "[crypto][keys]") {
  const auto ed = PublicKey::from_ed25519(*hex_decode(kEd25519Public));
  REQUIRE(ed.has_value());
  const Bytes message = {0x72};
  CHECK(ed->verify(message, *hex_decode(kEd25519Signature)).has_value());
  CHECK(ed->verify(as_bytes("s"), *hex_decode(kEd25519Signature)).error().reason == "SIGNATURE_INVALID");

  const auto ec = PublicKey::from_ec_point(KeyAlgorithm::ec_p256, *hex_decode(kP256Point));
  REQUIRE(ec.has_value());
  CHECK(hex_encode(*ec->ec_point()) == kP256Point);
  Bytes fixed = *hex_decode(kP256Signature);
  const Bytes der = *ecdsa_fixed_to_der(fixed, KeyAlgorithm::ec_p256);
  CHECK(ec->verify(as_bytes("sample"), der).has_value());
  CHECK(*ecdsa_der_to_fixed(der, KeyAlgorithm::ec_p256) == fixed);
  CHECK(ec->verify(as_bytes("Sample"), der).error().code == ErrorCode::unauthenticated);
  CHECK(ec->verify(as_bytes("sample"), der, Hash::sha384).error().reason == "SIGNATURE_INVALID");
  CHECK(ec->verify(as_bytes("sample"), fixed).error().reason == "SIGNATURE_INVALID");
  CHECK(ec->verify(as_bytes("sample"), {}).error().reason == "SIGNATURE_INVALID");
  fixed[40] ^= 1;
  CHECK_FALSE(ec->verify(as_bytes("sample"), *ecdsa_fixed_to_der(fixed, KeyAlgorithm::ec_p256)).has_value());
}

TEST_CASE("both forms of an ECDSA signature are taken exactly", "[crypto][keys]") {
  const auto reason = [](const auto& result) { return result.error().reason; };
  const Bytes der = make(KeyType::ec_p256).sign(as_bytes("x")).value_or({});
  CHECK(reason(ecdsa_fixed_to_der(Bytes(63), KeyAlgorithm::ec_p256)) == "ECDSA_SIGNATURE_MALFORMED");
  CHECK(reason(ecdsa_fixed_to_der(Bytes(64), KeyAlgorithm::rsa)) == "ECDSA_SIGNATURE_MALFORMED");
  CHECK(reason(ecdsa_der_to_fixed(ByteView(der).first(der.size() - 1), KeyAlgorithm::ec_p256)) ==
        "ECDSA_SIGNATURE_MALFORMED");
  Bytes trailing = der;
  trailing.push_back(0);
  CHECK(reason(ecdsa_der_to_fixed(trailing, KeyAlgorithm::ec_p256)) == "ECDSA_SIGNATURE_MALFORMED");
  const Bytes wide = make(KeyType::ec_p521).sign(as_bytes("x"), Hash::sha512).value_or({});
  CHECK(ecdsa_der_to_fixed(wide, KeyAlgorithm::ec_p521)->size() == 132);
  CHECK(reason(ecdsa_der_to_fixed(wide, KeyAlgorithm::ec_p256)) == "ECDSA_SIGNATURE_MALFORMED");
  // SEQUENCE { INTEGER -1, INTEGER 1 }
  CHECK(reason(ecdsa_der_to_fixed(*hex_decode("30060201ff020101"), KeyAlgorithm::ec_p256)) ==
        "ECDSA_SIGNATURE_MALFORMED");
}

TEST_CASE("a public key is its SubjectPublicKeyInfo, whole", "[crypto][keys]") {
  const auto key = make(KeyType::ec_p384).public_key();
  CHECK(*PublicKey::parse_spki(key.spki()) == key);
  CHECK(*PublicKey::parse_pem(key.pem()) == key);
  CHECK(key.fingerprint_sha256() == sha256(key.spki()));
  CHECK(key.key_id_sha1() == sha1_for_key_id(*key.ec_point()));
  CHECK(key.key_id_sha256() == sha256(*key.ec_point()));
  CHECK_FALSE(make(KeyType::ec_p384).public_key() == key);

  Bytes trailing = key.spki();
  trailing.push_back(0);
  CHECK(PublicKey::parse_spki(trailing).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::parse_spki(ByteView(key.spki()).first(60)).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::parse_spki({}).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::parse_spki(Bytes(kMaxSpkiSize + 1)).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::parse_pem("nothing").error().reason == "PUBLIC_KEY_INVALID");
  // One that claims to be encrypted: nobody is asked for a passphrase.
  auto sealed = key.pem();
  sealed.insert(sealed.find('\n') + 1,
                "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n");
  CHECK(PublicKey::parse_pem(sealed).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::from_ed25519(Bytes(31)).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(make(KeyType::ed25519).public_key().ec_point().error().reason == "KEY_NOT_EC");
}

TEST_CASE("a point must be on its curve", "[crypto][keys]") {
  Bytes point = *hex_decode(kP256Point);
  const Bytes compressed = *hex_decode("03" + std::string(kP256Point).substr(2, 64));
  CHECK(*PublicKey::from_ec_point(KeyAlgorithm::ec_p256, compressed)->ec_point() == point);
  point[64] ^= 1;
  CHECK(PublicKey::from_ec_point(KeyAlgorithm::ec_p256, point).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::from_ec_point(KeyAlgorithm::ec_p384, compressed).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::from_ec_point(KeyAlgorithm::rsa, compressed).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::from_ec_point(KeyAlgorithm::ec_p256, {}).error().reason == "PUBLIC_KEY_INVALID");
  // The point at infinity, for which anyone can sign.
  CHECK(PublicKey::from_ec_point(KeyAlgorithm::ec_p256, Bytes{0}).error().reason == "PUBLIC_KEY_INVALID");
  CHECK(PublicKey::parse_spki(*hex_decode("3019301306072a8648ce3d020106082a8648ce3d03010703020000")).error().reason ==
        "PUBLIC_KEY_INVALID");
}

TEST_CASE("the same key spelled otherwise is the same key", "[crypto][keys]") {
  SECTION("a compressed point") {
    // SubjectPublicKeyInfo of kP256Point: SEQUENCE { AlgorithmIdentifier, BIT STRING (point) }.
    const std::string algorithm = "301306072a8648ce3d020106082a8648ce3d030107";
    const std::string x = std::string(kP256Point).substr(2, 64);
    const auto key = *PublicKey::parse_spki(*hex_decode("3059" + algorithm + "034200" + kP256Point));
    const auto compressed = *PublicKey::parse_spki(*hex_decode("3039" + algorithm + "03220003" + x));
    const auto opposite = *PublicKey::parse_spki(*hex_decode("3039" + algorithm + "03220002" + x));
    CHECK(compressed.spki() != key.spki());
    CHECK(compressed == key);
    CHECK(key == compressed);
    CHECK(compressed == *PublicKey::parse_spki(compressed.spki()));
    // The other point of the same abscissa is another key.
    CHECK_FALSE(opposite == key);
    CHECK_FALSE(opposite == compressed);
    CHECK_FALSE(compressed == make(KeyType::ec_p256).public_key());
  }
  SECTION("RSA with and without NULL parameters") {
    const auto key = make(KeyType::rsa_2048).public_key();
    // SEQUENCE (30 82 ll ll) { SEQUENCE (30 0d) { OID of 11 bytes, NULL (05 00) }, … }
    Bytes bare = key.spki();
    REQUIRE(hex_encode(ByteView(bare).subspan(17, 2)) == "0500");
    bare.erase(bare.begin() + 17, bare.begin() + 19);
    bare[5] = 0x0b;
    bare[3] = static_cast<std::uint8_t>(bare[3] - 2);
    const auto without = PublicKey::parse_spki(bare);
    REQUIRE(without);
    CHECK(without->spki() == bare);
    CHECK(*without == key);
    CHECK_FALSE(*without == make(KeyType::rsa_2048).public_key());
  }
  SECTION("keys of other kinds, and a curve that is spelled out, are other keys") {
    const auto spelt_out = *PublicKey::parse_pem(kExplicitP256);
    // Its point, on the curve by its name.
    const auto spki = ByteView(spelt_out.spki());
    const auto named = PublicKey::from_ec_point(KeyAlgorithm::ec_p256, spki.last(65));
    REQUIRE(named);
    CHECK_FALSE(*named == spelt_out);
    CHECK(spelt_out == *PublicKey::parse_pem(kExplicitP256));
    CHECK_FALSE(*named == *PublicKey::parse_pem(kRsa1024));
    CHECK_FALSE(*PublicKey::parse_pem(kRsa1024) == *PublicKey::from_ed25519(*hex_decode(kEd25519Public)));
    CHECK_FALSE(*PublicKey::parse_pem(kSecp256k1) == spelt_out);
    CHECK_FALSE(make(KeyType::ed25519).public_key() == make(KeyType::ed25519).public_key());
  }
}

TEST_CASE("the usual form is read as OpenSSL's decoder reads it", "[crypto][keys]") {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    const auto key = make(type);
    const auto& usual = key.public_key();
    CAPTURE(usual.description());
    CHECK(usual.spki() == to_der<i2d_PUBKEY>(key.handle().get()));
    CHECK(EVP_PKEY_eq(usual.handle().get(), key.handle().get()) == 1);
    CHECK(PublicKey::copy_public(key.handle())->spki() == usual.spki());
    // The public half alone: its private key cannot be had from it.
    BIGNUM* secret = nullptr;
    CHECK(EVP_PKEY_get_bn_param(usual.handle().get(), "priv", &secret) == 0);
    take_openssl_error();

    // Where both read a changed one they agree, and whatever the decoder refuses is refused.
    for (std::size_t bit = 0; bit < usual.spki().size() * 8; ++bit) {
      Bytes bent = usual.spki();
      bent[bit / 8] = static_cast<std::uint8_t>(bent[bit / 8] ^ (1U << (bit % 8)));
      const auto decoded = from_der<EvpPkeyPtr, d2i_PUBKEY>(bent);
      const auto read = PublicKey::parse_spki(bent);
      take_openssl_error();
      if (decoded == nullptr) REQUIRE_FALSE(read.has_value());
      if (read) REQUIRE(EVP_PKEY_eq(decoded.get(), read->handle().get()) == 1);
    }
    // Coordinates that are no numbers of the field.
    Bytes large = usual.spki();
    std::fill(large.end() - static_cast<std::ptrdiff_t>(2 * ecdsa_scalar_size(usual.algorithm())), large.end(), 0xff);
    CHECK(PublicKey::parse_spki(large).error().reason == "PUBLIC_KEY_INVALID");
  }
}

TEST_CASE("weak and foreign keys are refused by name", "[crypto][keys]") {
  CHECK(judge_key(make(KeyType::ec_p256).public_key()).accepted());
  CHECK(judge_key(make(KeyType::rsa_2048).public_key()).accepted());
  CHECK(judge_key(make(KeyType::ed25519).public_key()).accepted());

  const auto rsa = PublicKey::parse_pem(kRsa1024);
  REQUIRE(rsa.has_value());
  CHECK(rsa->description() == "RSA-1024");
  CHECK(judge_key(*rsa).first().code == "KEY_TOO_SHORT");

  const auto k1 = PublicKey::parse_pem(kSecp256k1);
  REQUIRE(k1.has_value());
  CHECK(k1->algorithm() == KeyAlgorithm::other);
  CHECK(judge_key(*k1).first().code == "KEY_ALGORITHM_REFUSED");
  CHECK(k1->verify(as_bytes("x"), Bytes(70)).error().reason == "KEY_ALGORITHM_REFUSED");

  const auto spelt_out = PublicKey::parse_pem(kExplicitP256);
  REQUIRE(spelt_out.has_value());
  CHECK(judge_key(*spelt_out).first().code == "KEY_ALGORITHM_REFUSED");
}
