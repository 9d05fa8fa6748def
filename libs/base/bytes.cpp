#include "libs/base/bytes.h"

#include <algorithm>

namespace pratique {

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

}  // namespace pratique
