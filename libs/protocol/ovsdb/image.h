// The rows of monitored tables as they are now, kept up to date by changes of either version (changes.h).
//
//   Image image(schema, requests);
//   for (const auto& change : event.changes) TRY_VOID(image.apply(change, version));
//   for (const auto& [uuid, row] : image.rows("Port")) …
//
// Every row has all columns that were asked for: those that v2 leaves out are filled in with their defaults. An error
// means that we no longer know what the database holds: forget the image and monitor anew. Watch with all four of
// initial, insert, modify and remove: an image of half of them cannot be kept.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>

#include "libs/base/result.h"
#include "libs/protocol/ovsdb/changes.h"
#include "libs/protocol/ovsdb/monitor.h"
#include "libs/protocol/ovsdb/schema.h"

namespace pratique::ovsdb {

inline constexpr std::size_t kMaxImageRows = std::size_t{1} << 18;

class Image {
 public:
  using Rows = std::map<Uuid, Row>;

  /// Nothing is known of what is not in the schema: see Schema::find_column before asking for it.
  Image(Schema schema, MonitorRequests requests, std::size_t max_rows = kMaxImageRows);

  /// FAILED_PRECONDITION OVSDB_IMAGE_DIVERGED: a row that is there is inserted, one that is not is modified or removed;
  /// a value that its column cannot hold, a table or column that was not asked for. RESOURCE_EXHAUSTED
  /// OVSDB_IMAGE_FULL. The row is unchanged then.
  Result<void> apply(const RowChange& change, MonitorVersion version);

  /// Empty for a table that is not monitored.
  const Rows& rows(std::string_view table) const;
  const Row* find(std::string_view table, const Uuid& uuid) const;
  std::size_t size() const { return size_; }

 private:
  Result<void> check(std::string_view table, const Row& row, bool differences) const;
  Row complete(std::string_view table, const Row& given) const;
  Row merge(std::string_view table, const Row& before, const Row& differences) const;

  Schema schema_;
  MonitorRequests requests_;
  std::map<std::string, Rows, std::less<>> tables_;
  std::size_t max_rows_;
  std::size_t size_ = 0;
};

}  // namespace pratique::ovsdb
