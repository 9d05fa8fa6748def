// Third-party test vectors, where PRATIQUE_VECTORS names their folder. They are never copied into the tree.
//
//   const auto vectors = test::Vectors::find();
//   if (!vectors) { WARN("skipped: PRATIQUE_VECTORS not set"); return; }
//   const Bytes pvr = vectors->base64("brski/rfc8995-appc/vr_00-D0-E5-F2-00-02.b64");
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include "libs/base/base64.h"
#include "libs/base/bytes.h"

namespace pratique::test {

class Vectors {
 public:
  static std::optional<Vectors> find() {
    const char* folder = std::getenv("PRATIQUE_VECTORS");
    if (!folder || !*folder) return std::nullopt;
    return Vectors(folder);
  }

  /// The file's bytes; throws where it cannot be read, which fails the test.
  Bytes bytes(const std::string& path) const {
    std::ifstream in(folder_ / path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read vector " + path);
    return Bytes(std::istreambuf_iterator<char>(in), {});
  }
  std::string text(const std::string& path) const { return to_string(ByteView(bytes(path))); }
  /// The bytes behind a file of base64.
  Bytes base64(const std::string& path) const {
    auto decoded = base64_decode_lenient(text(path));
    if (!decoded) throw std::runtime_error("vector " + path + " is not base64");
    return *std::move(decoded);
  }

 private:
  explicit Vectors(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

}  // namespace pratique::test
