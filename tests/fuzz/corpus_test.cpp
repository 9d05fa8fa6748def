// Every seed of every target, without a fuzzer; and the seeds themselves, made anew on request.
#include <catch2/catch.hpp>

#include <filesystem>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/targets.h"

using namespace pratique;
using namespace pratique::fuzz;

TEST_CASE("fuzz: every target passes its corpus", "[fuzz]") {
  for (const auto& target : targets()) {
    const auto files = corpus_files(target.name);
    INFO(target.name);
    CHECK(std::filesystem::exists(corpus_folder(target.name) / "empty"));
    CHECK(std::filesystem::exists(corpus_folder(target.name) / "one-byte"));
    CHECK(files.size() >= 5);
    for (const auto& file : files) {
      INFO(file.string());
      CHECK_NOTHROW(target.run(read_seed(file)));
    }
  }
}

TEST_CASE("fuzz: a broken promise is heard", "[fuzz]") {
  CHECK_NOTHROW(require(true, "kept"));
  CHECK_THROWS_AS(require(false, "not kept"), std::logic_error);
}

TEST_CASE("fuzz: seeds cut short and with a byte flipped", "[fuzz]") {
  // What a fuzzer does first, so that a day without one still tries it.
  for (const auto& target : targets())
    for (const auto& file : corpus_files(target.name)) {
      INFO(target.name << " " << file.string());
      const auto seed = read_seed(file);
      const std::size_t stride = seed.size() / 6 + 1;
      for (std::size_t at = 0; at < seed.size(); at += stride) {
        auto flipped = seed;
        flipped[at] ^= 0x20;
        CHECK_NOTHROW(target.run(flipped));
        CHECK_NOTHROW(target.run(ByteView(seed).first(at)));
      }
    }
}
