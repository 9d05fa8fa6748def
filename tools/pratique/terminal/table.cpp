#include "tools/pratique/terminal/table.h"

#include <algorithm>
#include <numeric>

#include "tools/pratique/terminal/printable.h"

namespace pratique::cli {
namespace {

constexpr std::size_t kGap = 2;          // columns between columns
constexpr std::size_t kLeastColumn = 8;  // a shrinking one keeps this much

}  // namespace

void Table::row(std::vector<Cell> cells) {
  cells.resize(columns_.size(), Cell(""));
  for (auto& cell : cells) cell.text = printable(cell.text);
  rows_.push_back(std::move(cells));
}

// 0: the column is left out.
std::vector<std::size_t> Table::widths(std::size_t limit) const {
  std::vector<std::size_t> out(columns_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) out[i] = std::max(out[i], display_width(row[i].text));
  std::size_t total = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0) continue;
    out[i] = std::max(out[i], display_width(columns_[i].title));
    total += out[i] + kGap;
  }
  total -= std::min(total, kGap);
  while (limit > 0 && total > limit) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < out.size(); ++i)
      if (columns_[i].fit == Column::shrinks && out[i] > kLeastColumn && (widest == out.size() || out[i] > out[widest]))
        widest = i;
    if (widest == columns_.size()) break;
    --out[widest];
    --total;
  }
  return out;
}

std::string Table::text(const Console& console) const {
  const auto width = widths(console.traits().width);
  std::string out;
  const auto put = [&](std::size_t last, std::size_t i, std::string_view text, Tone tone) {
    const auto shown = shortened(text, width[i]);
    out += console.painted(shown, tone);
    if (i != last) out.append(width[i] - display_width(shown) + kGap, ' ');
  };
  std::size_t last = columns_.size();
  for (std::size_t i = 0; i < width.size(); ++i)
    if (width[i] > 0) last = i;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (width[i] > 0) put(last, i, columns_[i].title, Tone::strong);
  out += "\n";
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      if (width[i] > 0) put(last, i, row[i].text, row[i].tone);
    out += "\n";
  }
  return out;
}

void Table::print(Console& console, std::string_view nothing) const {
  if (rows_.empty()) console.line(nothing);
  else console.block(text(console));
}

}  // namespace pratique::cli
