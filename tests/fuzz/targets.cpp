#include "tests/fuzz/targets.h"

namespace pratique::fuzz {

std::span<const Target> targets() {
#define PRATIQUE_ROW(name) Target{#name, &fuzz_##name},
  static constexpr Target kAll[] = {PRATIQUE_FUZZ_TARGETS(PRATIQUE_ROW)};
#undef PRATIQUE_ROW
  return kAll;
}

}  // namespace pratique::fuzz
