#include "libs/runtime/periodic.h"

#include <catch2/catch.hpp>

#include <semaphore>

using namespace pratique::runtime;
using namespace std::chrono_literals;

TEST_CASE("work is done at once, and again whenever it is woken", "[periodic]") {
  std::counting_semaphore<> done(0);
  Periodic periodic(1h, [&] { done.release(); });
  done.acquire();
  periodic.wake();
  done.acquire();
  periodic.wake();
  done.acquire();
  CHECK_FALSE(done.try_acquire());
}

TEST_CASE("a wake-up while the work runs is not lost, and many are one", "[periodic]") {
  std::counting_semaphore<> began(0), go_on(0);
  Periodic periodic(1h, [&] {
    began.release();
    go_on.acquire();
  });
  began.acquire();
  for (int i = 0; i < 5; ++i) periodic.wake();
  go_on.release();
  began.acquire();
  go_on.release(2);  // also for one too many, so that a failure does not hang
  CHECK_FALSE(began.try_acquire());
}

TEST_CASE("its end does not wait for the interval, nor for the rest", "[periodic]") {
  std::counting_semaphore<> done(0);
  {
    Periodic periodic(1h, [&] { done.release(); }, 1h);
    done.acquire();
    periodic.wake();
  }
  CHECK_FALSE(done.try_acquire());
}
