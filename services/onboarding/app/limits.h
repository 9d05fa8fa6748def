// How long this service waits for others, and lets others wait.
#pragma once

#include <chrono>

namespace pratique::onboarding {

/// For one transaction with the database.
inline constexpr std::chrono::seconds kDatabaseLimit{5};
/// When a device comes again whose MASA did not say when it will have an answer.
inline constexpr std::chrono::seconds kMasaRetry{10};

}  // namespace pratique::onboarding
