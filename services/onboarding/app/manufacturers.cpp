#include "services/onboarding/app/manufacturers.h"

namespace pratique::onboarding {

void Manufacturers::remember(const SessionId& session, const ManufacturerFacts& facts) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMost) entries_.clear();
  entries_.insert_or_assign(session, Entry{facts, clock_.now() + kKeep});
}

std::optional<ManufacturerFacts> Manufacturers::find(const SessionId& session) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(session);
  if (found == entries_.end() || found->second.until < clock_.now()) return std::nullopt;
  return found->second.facts;
}

}  // namespace pratique::onboarding
