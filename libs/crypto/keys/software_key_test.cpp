#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libs/crypto/keys/memory_file.h"
#include "libs/crypto/keys/software_key.h"

using namespace pratique;
using namespace pratique::crypto;

namespace {

constexpr KeyEncryption kCheap{.pbkdf2_iterations = kMinPbkdf2Iterations};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Made by "openssl pkcs8 -topk8 -scrypt" with the passphrase "harbour".
const char* const kScryptKey = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAijf25VLxEsTQICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBDVljvitL6RiQQjeQ7EgyycBIGQy370ETbCJSjj
oPXwM6pg4xNK2FnWp8KhsCOjHfH+3D4CcKaxkWZp/SZLK7VNhoALfrNZ9WP5x/jV
F9jeg83DXWoLEzHhtA2Egb6bGnfM40B8wDPpBpqzfZv8k/9I1lBxbpV6QLAhuKlR
kvnE5fWccdN9gbXbvQNO0eLOHQX2tdYyyUV2fqR4I8kImbl9rqEq
-----END ENCRYPTED PRIVATE KEY-----
)";

}  // namespace

TEST_CASE("every type of key signs what its public key verifies", "[crypto][keys]") {
  const auto type = GENERATE(KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::rsa_2048,
                             KeyType::ed25519);
  const auto key = SoftwareKey::generate(type);
  REQUIRE(key.has_value());
  const auto hash = natural_hash(key->public_key());
  const auto signature = key->sign(as_bytes("message"), hash);
  REQUIRE(signature.has_value());
  CHECK(key->public_key().verify(as_bytes("message"), *signature, hash).has_value());
  CHECK_FALSE(key->public_key().verify(as_bytes("messagE"), *signature, hash).has_value());
  CHECK_FALSE(SoftwareKey::generate(type)->public_key().verify(as_bytes("message"), *signature, hash).has_value());
  CHECK(key->description() == "software key " + key->public_key().description());

  const auto der = key->plaintext_der();
  REQUIRE(der.has_value());
  CHECK(SoftwareKey::parse_plaintext(*der)->public_key() == key->public_key());
  CHECK(SoftwareKey::parse_plaintext(*key->plaintext_pem())->public_key() == key->public_key());
}

TEST_CASE("a key is stored under a passphrase and opens with it alone", "[crypto][keys]") {
  const auto key = *SoftwareKey::generate(KeyType::ec_p256);
  const auto pem = key.save_encrypted(Secret("correct horse"), kCheap);
  REQUIRE(pem.has_value());
  CHECK(pem->starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  CHECK(SoftwareKey::load_encrypted(*pem, Secret("correct horse"))->public_key() == key.public_key());

  CHECK(SoftwareKey::load_encrypted(*pem, Secret("correct hors")).error().reason == "KEY_PASSPHRASE_WRONG");
  CHECK(SoftwareKey::load_encrypted(*pem, Secret()).error().reason == "KEY_PASSPHRASE_WRONG");
  CHECK(SoftwareKey::parse_plaintext(as_bytes(*pem)).error().reason == "KEY_INVALID");
  CHECK(SoftwareKey::load_encrypted(pem->substr(0, 120), Secret("correct horse")).error().reason == "KEY_INVALID");
  CHECK(SoftwareKey::load_encrypted("", Secret("x")).error().reason == "KEY_INVALID");
  const std::string plain(as_text(key.plaintext_pem()->reveal()));
  CHECK(SoftwareKey::load_encrypted(plain, Secret("x")).error().reason == "KEY_NOT_ENCRYPTED");
  CHECK(key.save_encrypted(Secret()).error().reason == "KEY_PASSPHRASE_EMPTY");
  CHECK(key.save_encrypted(Secret("x"), {.pbkdf2_iterations = 99'999}).error().reason == "KEY_COST_TOO_LOW");
}

TEST_CASE("keys that another program encrypted load", "[crypto][keys]") {
  const auto key = SoftwareKey::load_encrypted(kScryptKey, Secret("harbour"));
  REQUIRE(key.has_value());
  CHECK(key->public_key().algorithm() == KeyAlgorithm::ec_p256);
  CHECK(SoftwareKey::load_encrypted(kScryptKey, Secret("Harbour")).error().reason == "KEY_PASSPHRASE_WRONG");
}

TEST_CASE("plaintext keys are read whole", "[crypto][keys]") {
  const auto der = *SoftwareKey::generate(KeyType::ec_p256)->plaintext_der();
  Bytes trailing = to_bytes(der.reveal());
  trailing.push_back(0);
  CHECK(SoftwareKey::parse_plaintext(trailing).error().reason == "KEY_INVALID");
  CHECK(SoftwareKey::parse_plaintext(der.reveal().first(30)).error().reason == "KEY_INVALID");
  CHECK(SoftwareKey::parse_plaintext(ByteView{}).error().reason == "KEY_INVALID");
  CHECK(SoftwareKey::parse_plaintext(Bytes(kMaxKeyFile + 1)).error().reason == "KEY_INVALID");
}

TEST_CASE("the published test keys load", "[crypto][keys]") {
  const char* vectors = std::getenv("PRATIQUE_VECTORS");
  if (vectors == nullptr) {
    WARN("skipped: PRATIQUE_VECTORS not set");
    return;
  }
  for (const auto* name : {"vendor.key", "masa.key", "jrc_prime256v1.key", "ownerca_secp384r1.key",
                           "idevid_00-D0-E5-F2-00-02.key"}) {
    INFO(name);
    const auto text = read_file(std::string(vectors) + "/brski/rfc8995-appc/" + name);
    CHECK(SoftwareKey::parse_plaintext(as_bytes(text)).has_value());
  }
}

TEST_CASE("a memory file shows its content under a path until it goes", "[crypto][keys]") {
  std::string path;
  {
    auto file = MemoryFile::create("tls-key", Secret("first content"));
    REQUIRE(file.has_value());
    path = file->path();
    CHECK(path.starts_with("/proc/self/fd/"));
    CHECK(read_file(path) == "first content");
    CHECK(read_file(path) == "first content");  // each opening starts at the beginning
    REQUIRE(file->replace(Secret("2nd")).has_value());
    CHECK(read_file(path) == "2nd");
    const MemoryFile moved = *std::move(file);
    CHECK(moved.path() == path);
    CHECK(read_file(path) == "2nd");
  }
  CHECK(read_file(path).empty());
}
