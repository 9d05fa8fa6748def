// A named SQL text with parameters $1, $2, …: a constant of a storage file.
#pragma once

#include <string_view>

namespace pratique::pg {

/// Literals only: the views are kept.
struct Statement {
  std::string_view name;
  std::string_view sql;
};

}  // namespace pratique::pg
