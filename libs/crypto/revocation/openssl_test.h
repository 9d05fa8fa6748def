// The openssl program as a judge of what this room makes, and as a maker of what it reads.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libs/base/bytes.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace pratique::crypto::test {

inline const std::string kOpenssl = "/usr/bin/openssl";

/// A folder of files, and the program run upon them.
class OpensslFolder {
 public:
  static bool is_there() { return std::filesystem::exists(kOpenssl); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string write(const std::string& name, ByteView bytes) const {
    std::ofstream out(path(name), std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }
  std::string write(const std::string& name, std::string_view text) const { return write(name, as_bytes(text)); }
  Bytes read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  struct Outcome {
    int exit_code;
    std::string said;
    bool says(std::string_view text) const { return said.contains(text); }
  };
  static Outcome run(std::vector<std::string> arguments) {
    Program program(kOpenssl, std::move(arguments));
    const int code = program.exit_code();
    return {code, program.heard};
  }

 private:
  ScratchFolder folder_;
};

}  // namespace pratique::crypto::test
