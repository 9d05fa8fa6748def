// Internal to this room: how many connections are open, in all and from one source, and where that ends.
//
//   ConnectionBook book(limits, tally, &HttpServerStats::open_connections);
//   if (auto place = book.admit("192.0.2.7")) …      // counted as open while the place lives
//
// Belongs to one thread, its places too; the counts in the tally may be read by any. The book outlives its places.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "libs/net/tally.h"

namespace pratique::net {

struct ConnectionLimits {
  std::size_t in_all;
  std::size_t per_source;
};

/// `Stats` counts `accepted`, `refused_total_limit` and `refused_source_limit`; `open` says under what name it counts
/// what is open.
template <typename Stats>
class ConnectionBook {
 public:
  ConnectionBook(ConnectionLimits limits, Tally<Stats>& tally, std::size_t Stats::*open)
      : limits_(limits), tally_(tally), open_(open) {}

  class Place {
   public:
    Place(Place&& other) noexcept : book_(std::exchange(other.book_, nullptr)), source_(std::move(other.source_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (book_ != nullptr) book_->leave(source_);
    }

   private:
    friend class ConnectionBook;
    Place(ConnectionBook& book, std::string source) : book_(&book), source_(std::move(source)) {}
    ConnectionBook* book_;
    std::string source_;
  };

  /// Nothing where a limit is reached.
  std::optional<Place> admit(const std::string& source) {
    tally_.count([](auto& stats) { ++stats.accepted; });
    if (in_all_ >= limits_.in_all) {
      tally_.count([](auto& stats) { ++stats.refused_total_limit; });
      return std::nullopt;
    }
    if (const auto known = by_source_.find(source);
        known != by_source_.end() && known->second >= limits_.per_source) {
      tally_.count([](auto& stats) { ++stats.refused_source_limit; });
      return std::nullopt;
    }
    ++in_all_;
    ++by_source_[source];
    tally_.count([this](auto& stats) { ++(stats.*open_); });
    return Place(*this, source);
  }

 private:
  void leave(const std::string& source) {
    --in_all_;
    if (const auto entry = by_source_.find(source); --entry->second == 0) by_source_.erase(entry);
    tally_.count([this](auto& stats) { --(stats.*open_); });
  }

  ConnectionLimits limits_;
  Tally<Stats>& tally_;
  std::size_t Stats::*open_;
  std::size_t in_all_ = 0;
  std::map<std::string, std::size_t> by_source_;
};

}  // namespace pratique::net
