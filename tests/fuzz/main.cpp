// libFuzzer's entry for one target; the library brings main().
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

#define PRATIQUE_JOIN_(a, b) a##b
#define PRATIQUE_JOIN(a, b) PRATIQUE_JOIN_(a, b)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pratique::fuzz::PRATIQUE_JOIN(fuzz_, PRATIQUE_FUZZ_TARGET)({data, size});
  return 0;
}
