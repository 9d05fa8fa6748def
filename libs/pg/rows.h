// What a statement gave: rows with typed getters by column name.
//
//   TRY(const auto rows, tx.run(kFindDevices, segment));
//   for (const pg::Row row : rows)
//     out.push_back({row.id<DeviceId>("device"), row.text("serial"), row.optional_timestamp("wiped_at")});
//
// Getters give plain values: a column that is absent, NULL (for a getter that is not optional_*) or of another type is
// a defect of ours, not a state of the world. They throw RowDefect, which Pool::with turns into INTERNAL
// DATABASE_ROW_DEFECT and a rollback; so read rows inside `with`. Rows own their data and may outlive the Tx.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"
#include "libs/base/timestamp.h"

namespace pratique::pg {

/// Our code and our SQL disagree about a column. Caught by Pool::with; nobody else should.
class RowDefect : public std::logic_error {
 public:
  RowDefect(std::string_view column, std::string_view what);
};

struct RowData;  // the answer as the driver holds it

class Row {
 public:
  bool is_null(std::string_view column) const;

  std::string text(std::string_view column) const;             // any type, as PostgreSQL writes it
  std::int64_t integer(std::string_view column) const;         // smallint, integer, bigint, count(*)
  bool boolean(std::string_view column) const;
  double real(std::string_view column) const;
  Timestamp timestamp(std::string_view column) const;          // timestamptz
  Bytes bytes(std::string_view column) const;                  // bytea
  std::vector<std::string> texts(std::string_view column) const;  // one-dimensional array without NULLs

  std::optional<std::string> optional_text(std::string_view column) const;
  std::optional<std::int64_t> optional_integer(std::string_view column) const;
  std::optional<bool> optional_boolean(std::string_view column) const;
  std::optional<double> optional_real(std::string_view column) const;
  std::optional<Timestamp> optional_timestamp(std::string_view column) const;
  std::optional<Bytes> optional_bytes(std::string_view column) const;

  /// A uuid column as a typed id: row.id<DeviceId>("device").
  template <typename IdType>
  IdType id(std::string_view column) const {
    auto parsed = IdType::parse(text(column));
    if (!parsed) throw RowDefect(column, parsed.error().message);
    return *std::move(parsed);
  }
  /// NULL gives the empty id.
  template <typename IdType>
  IdType optional_id(std::string_view column) const {
    return is_null(column) ? IdType{} : id<IdType>(column);
  }

 private:
  friend class Rows;
  Row(std::shared_ptr<const RowData> data, std::size_t index) : data_(std::move(data)), index_(index) {}
  std::shared_ptr<const RowData> data_;
  std::size_t index_;
};

class Rows {
 public:
  explicit Rows(std::shared_ptr<const RowData> data) : data_(std::move(data)) {}

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  /// Rows that an INSERT, UPDATE or DELETE touched.
  std::int64_t affected() const;
  Row operator[](std::size_t index) const { return Row(data_, index); }  // index < size()
  Row front() const { return Row(data_, 0); }                            // not on empty rows

  class Iterator {
   public:
    Iterator(const Rows* rows, std::size_t index) : rows_(rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Rows* rows_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  std::shared_ptr<const RowData> data_;
};

}  // namespace pratique::pg
