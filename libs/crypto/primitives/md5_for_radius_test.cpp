#include "libs/crypto/primitives/md5_for_radius.h"

#include <catch2/catch.hpp>

#include "libs/base/hex.h"

using namespace pratique;
using namespace pratique::crypto;

TEST_CASE("MD5 gives the values of RFC 1321 appendix A.5", "[crypto]") {
  CHECK(hex_encode(md5_for_radius({})) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(hex_encode(md5_for_radius({as_bytes("abc")})) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(hex_encode(md5_for_radius({as_bytes("message "), {}, as_bytes("digest")})) ==
        "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST_CASE("HMAC-MD5 gives the values of RFC 2202", "[crypto]") {
  // Test cases 1, 2, 3 and 6 (a key longer than a block).
  CHECK(hex_encode(hmac_md5_for_radius(Secret(Bytes(16, 0x0b)), as_bytes("Hi There"))) ==
        "9294727a3638bb1c13f48ef8158bfc9d");
  CHECK(hex_encode(hmac_md5_for_radius(Secret("Jefe"), as_bytes("what do ya want for nothing?"))) ==
        "750c783e6ab0b503eaa86e310a5db738");
  CHECK(hex_encode(hmac_md5_for_radius(Secret(Bytes(16, 0xaa)), Bytes(50, 0xdd))) ==
        "56be34521d144c88dbb8c733f0e8b3f6");
  CHECK(hex_encode(hmac_md5_for_radius(Secret(Bytes(80, 0xaa)),
                                       as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
        "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
  CHECK(hmac_md5_for_radius(Secret(), as_bytes("x")) != hmac_md5_for_radius(Secret("k"), as_bytes("x")));
}
