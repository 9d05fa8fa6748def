#include "libs/obs/health.h"

namespace pratique::obs {

void Health::add_check(std::string_view name, Check check) {
  const std::scoped_lock lock(mutex_);
  checks_.emplace_back(name, std::move(check));
}

void Health::set_serving(bool serving) {
  {
    const std::scoped_lock lock(mutex_);
    serving_ = serving;
  }
  // A stop is told at once, even where a check takes its time; then that check is waited for.
  if (!serving) tell(false);
  (void)ready();
}

void Health::on_change(std::function<void(bool ready)> listener) {
  const std::scoped_lock in_order(telling_);
  bool told = false;
  {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(listener);
    told = told_;
  }
  listener(told);
}

Result<void> Health::ready() {
  const std::scoped_lock one_at_a_time(looking_);
  auto seen = look();
  tell(seen.has_value());
  return seen;
}

Result<void> Health::look() const {
  std::vector<std::pair<std::string, Check>> checks;
  {
    const std::scoped_lock lock(mutex_);
    if (!serving_) return unavailable("NOT_READY", "starting or stopping");
    checks = checks_;
  }
  for (const auto& [name, check] : checks)
    if (const auto outcome = check(); !outcome) return unavailable("NOT_READY", name + ": " + outcome.error().message);
  return {};
}

void Health::tell(bool ready) {
  const std::scoped_lock in_order(telling_);
  std::vector<std::function<void(bool)>> listeners;
  {
    const std::scoped_lock lock(mutex_);
    ready = ready && serving_;  // a stop may have come while the checks ran
    if (told_ == ready) return;
    told_ = ready;
    listeners = listeners_;
  }
  for (const auto& listener : listeners) listener(ready);
}

}  // namespace pratique::obs
