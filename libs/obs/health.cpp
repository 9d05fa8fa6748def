#include "libs/obs/health.h"

namespace pratique::obs {

void Health::add_check(std::string_view name, Check check) {
  const std::scoped_lock lock(mutex_);
  checks_.emplace_back(name, std::move(check));
}

void Health::set_serving(bool serving) {
  std::vector<std::function<void(bool)>> listeners;
  {
    const std::scoped_lock lock(mutex_);
    if (serving_ == serving) return;
    serving_ = serving;
    listeners = listeners_;
  }
  for (const auto& listener : listeners) listener(serving);
}

void Health::on_change(std::function<void(bool serving)> listener) {
  bool serving = false;
  {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(listener);
    serving = serving_;
  }
  listener(serving);
}

Result<void> Health::ready() const {
  std::vector<std::pair<std::string, Check>> checks;
  {
    const std::scoped_lock lock(mutex_);
    if (!serving_) return unavailable("NOT_READY", "starting or stopping");
    checks = checks_;
  }
  for (const auto& [name, check] : checks)
    if (const auto outcome = check(); !outcome)
      return unavailable("NOT_READY", name + ": " + outcome.error().message);
  return {};
}

}  // namespace pratique::obs
