// What stands behind Rows: libpq's answer, with the names of its columns. For this room's own .cpp files.
#pragma once

#include <string_view>
#include <vector>

#include "libs/pg/driver.h"

namespace pratique::pg {

struct RowData {
  explicit RowData(DriverAnswer given) : answer(std::move(given)) {
    const int count = PQnfields(answer.get());
    columns.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) columns.emplace_back(PQfname(answer.get(), i));
  }
  DriverAnswer answer;
  std::vector<std::string_view> columns;  // of the answer, in its order
};

}  // namespace pratique::pg
