// Aligned columns. A column in which nothing stands is left out; where the terminal is too narrow, those columns that
// may shrink do.
//
//   Table table({{"SERIAL"}, {"MODEL", Column::shrinks}, {"STATE"}});
//   table.row({device.serial_number(), device.model(), {"admitted", Tone::good}});
//   table.print(console);
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/pratique/terminal/console.h"

namespace pratique::cli {

struct Cell {
  Cell(std::string value, Tone its_tone = Tone::plain) : text(std::move(value)), tone(its_tone) {}  // NOLINT: implicit
  Cell(const char* value) : text(value) {}                                                          // NOLINT
  std::string text;
  Tone tone = Tone::plain;
};

struct Column {
  enum Fit { fixed, shrinks };
  std::string title;
  Fit fit = fixed;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell a column.
  void row(std::vector<Cell> cells);
  std::size_t size() const { return rows_.size(); }
  /// Header and rows, a line each.
  std::string text(const Console& console) const;
  /// `nothing` where there are no rows.
  void print(Console& console, std::string_view nothing = "nothing") const;

 private:
  std::vector<std::size_t> widths(std::size_t limit) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace pratique::cli
