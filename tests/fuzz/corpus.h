// The seeds in corpus/<target>/: where a fuzzer starts, and what the unit tests run. Found inputs that once broke
// something stay there for good, named for what they broke.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "libs/base/bytes.h"

namespace pratique::fuzz {

std::filesystem::path corpus_folder(std::string_view target);
/// Sorted by name.
std::vector<std::filesystem::path> corpus_files(std::string_view target);
Bytes read_seed(const std::filesystem::path& file);
void write_seed(const std::filesystem::path& file, ByteView bytes);

}  // namespace pratique::fuzz
