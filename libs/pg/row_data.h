// What stands behind Rows: the driver's result. For this room's own .cpp files.
#pragma once

#include <pqxx/result>

namespace pratique::pg {

struct RowData {
  pqxx::result result;
};

}  // namespace pratique::pg
