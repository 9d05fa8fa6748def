// One resource, field by field; what is empty is left out.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/pratique/terminal/table.h"

namespace pratique::cli {

class Details {
 public:
  explicit Details(std::size_t indent = 0) : indent_(indent) {}

  Details& add(std::string_view label, Cell value);
  std::string text(const Console& console) const;
  void print(Console& console) const { console.block(text(console)); }

 private:
  std::size_t indent_;
  std::vector<std::pair<std::string, Cell>> rows_;
};

}  // namespace pratique::cli
