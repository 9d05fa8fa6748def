#include "tests/bench/crypto/stopwatch.h"

#include <algorithm>
#include <ctime>
#include <limits>

namespace pratique::bench {

namespace {

double thread_cpu() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

double time_each(double seconds, int rounds, const std::function<void()>& call) {
  double least = std::numeric_limits<double>::max();
  call();  // what is made once is not counted
  for (int round = 0; round < rounds; ++round) {
    const double begin = thread_cpu();
    int calls = 0;
    do {
      call();
      ++calls;
    } while (thread_cpu() - begin < seconds);
    least = std::min(least, (thread_cpu() - begin) / calls);
  }
  return least;
}

}  // namespace pratique::bench
