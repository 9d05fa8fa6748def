#include "tools/pratique/file_text.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

namespace pratique::cli {

Result<std::string> load_text(const std::filesystem::path& file, std::size_t limit) {
  std::ifstream opened;
  std::error_code ignored;
  if (file != "-") {
    if (std::filesystem::is_directory(file, ignored))
      return invalid("FILE_UNREADABLE", fmt::format("{} is a folder", file.native()));
    opened.open(file, std::ios::binary);
    if (!opened) return invalid("FILE_UNREADABLE", fmt::format("cannot read {}", file.native()));
  }
  std::istream& in = file == "-" ? std::cin : opened;
  std::string out;
  char block[65536];
  while (in.read(block, sizeof block), in.gcount() > 0) {
    out.append(block, static_cast<std::size_t>(in.gcount()));
    if (out.size() > limit)
      return invalid("FILE_TOO_LARGE", fmt::format("{} has more than {} bytes", file.native(), limit));
  }
  return out;
}

}  // namespace pratique::cli
