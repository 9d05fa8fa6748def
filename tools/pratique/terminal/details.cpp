#include "tools/pratique/terminal/details.h"

#include <algorithm>

#include "tools/pratique/terminal/printable.h"

namespace pratique::cli {

Details& Details::add(std::string_view label, Cell value) {
  if (value.text.empty()) return *this;
  value.text = printable(value.text);
  rows_.emplace_back(printable(label), std::move(value));
  return *this;
}

std::string Details::text(const Console& console) const {
  std::size_t width = 0;
  for (const auto& [label, value] : rows_) width = std::max(width, display_width(label));
  std::string out;
  for (const auto& [label, value] : rows_) {
    out.append(indent_, ' ');
    out += console.painted(label, Tone::faint);
    out.append(width - display_width(label) + 2, ' ');
    out += console.painted(value.text, value.tone) + "\n";
  }
  return out;
}

}  // namespace pratique::cli
