#include "libs/runtime/worker_pool.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <latch>

using namespace pratique::runtime;

TEST_CASE("a full queue refuses, and a stop finishes what was taken") {
  std::latch running(1), go(1);
  std::atomic<int> done = 0;
  WorkerPool pool("test", {.threads = 1, .queue_limit = 2});
  REQUIRE(pool.try_post([&] {
    running.count_down();
    go.wait();
    ++done;
  }));
  running.wait();  // the one thread is taken, the queue is empty
  CHECK(pool.try_post([&] { ++done; }));
  CHECK(pool.try_post([&] { ++done; }));
  CHECK_FALSE(pool.try_post([&] { done = 100; }));
  CHECK(pool.queued() == 2);
  go.count_down();
  pool.stop();
  CHECK(done == 3);
  CHECK_FALSE(pool.try_post([&] { done = 100; }));
  CHECK(done == 3);
}

TEST_CASE("workers run side by side") {
  WorkerPool pool("test", {.threads = 3, .queue_limit = 3});
  std::latch all(3);
  for (int i = 0; i < 3; ++i) REQUIRE(pool.try_post([&] { all.arrive_and_wait(); }));  // deadlocks unless they meet
  pool.stop();
  CHECK(all.try_wait());
}
