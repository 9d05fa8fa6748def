#include "tools/device/patience.h"

#include <thread>

namespace pratique::device {

Patience::Patience(std::chrono::milliseconds limit, Wait wait) : limit_(limit), wait_(std::move(wait)) {
  if (!wait_) wait_ = [](std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); };
}

bool Patience::wait(std::chrono::milliseconds duration) {
  if (duration > left()) return false;
  const auto before = std::chrono::steady_clock::now();
  wait_(duration);
  slept_ += std::chrono::steady_clock::now() - before;
  waited_ += duration;
  return true;
}

std::chrono::milliseconds Patience::spent() const {
  const auto working = std::chrono::steady_clock::now() - began_ - slept_;
  return waited_ + std::chrono::duration_cast<std::chrono::milliseconds>(working);
}

}  // namespace pratique::device
