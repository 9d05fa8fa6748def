#include "tests/fuzz/corpus.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace pratique::fuzz {

std::filesystem::path corpus_folder(std::string_view target) {
  return std::filesystem::path(PRATIQUE_CORPUS) / std::string(target);
}

std::vector<std::filesystem::path> corpus_files(std::string_view target) {
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(corpus_folder(target), absent))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

Bytes read_seed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void write_seed(const std::filesystem::path& file, ByteView bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << as_text(bytes);
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace pratique::fuzz
