#include <catch2/catch.hpp>

#include "libs/base/hex.h"
#include "libs/crypto/primitives/digest.h"
#include "libs/crypto/primitives/system_random.h"

using namespace pratique;
using namespace pratique::crypto;

TEST_CASE("digests give the values of FIPS 180-4's examples", "[crypto]") {
  const auto abc = as_bytes("abc");
  CHECK(hex_encode(sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_encode(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex_encode(sha1_for_key_id(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex_encode(digest(Hash::sha384, abc)) ==
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  CHECK(digest(Hash::sha512, abc).size() == digest_size(Hash::sha512));
}

TEST_CASE("pieces hash like the whole", "[crypto]") {
  Sha256 pieces;
  pieces.update(as_bytes("a")).update({}).update(as_bytes("bc"));
  CHECK(pieces.finish() == sha256(as_bytes("abc")));
}

TEST_CASE("HMAC gives the values of RFC 4231", "[crypto]") {
  // Test case 2 and test case 6 (a key longer than a block).
  CHECK(hex_encode(hmac_sha256(Secret("Jefe"), as_bytes("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex_encode(hmac_sha256(Secret(Bytes(131, 0xaa)),
                               as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hmac_sha256(Secret(), as_bytes("x")) != hmac_sha256(Secret("k"), as_bytes("x")));
}

TEST_CASE("the system's randomness does not repeat", "[crypto]") {
  SystemRandom random;
  const auto first = random.bytes(32);
  CHECK(first != random.bytes(32));
  CHECK(random.bytes(0).empty());
}
