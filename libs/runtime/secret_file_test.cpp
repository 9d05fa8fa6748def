#include "libs/runtime/secret_file.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/scratch_folder.h"

using namespace pratique;
using runtime::SecretFile;

namespace {

struct Fixture {
  ScratchFolder folder;
  SecretFile write(std::string_view content, mode_t mode = 0600) const {
    const auto file = folder.path() / "secret";
    std::filesystem::remove(file);
    std::ofstream(file, std::ios::binary) << content;
    REQUIRE(chmod(file.c_str(), mode) == 0);
    return {file};
  }
};

void refuses(const SecretFile& file, std::string_view reason) {
  const auto secret = file.load();
  REQUIRE_FALSE(secret);
  CHECK(secret.error().reason == reason);
  CHECK(secret.error().message.contains(file.path.native()));
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a secret file is read when it is closed to others") {
  CHECK(to_string(write("a\n", 0600).load()->reveal()) == "a\n");
  CHECK(to_string(write("a\n", 0400).load_text()->reveal()) == "a");
  CHECK(to_string(write("a b\r\n\n").load_text()->reveal()) == "a b\r\n");
}

TEST_CASE_METHOD(Fixture, "a symbolic link is followed, as Kubernetes mounts secrets") {
  const auto file = write("a");
  std::filesystem::create_symlink(file.path, folder.path() / "link");
  CHECK(SecretFile{folder.path() / "link"}.load());
}

TEST_CASE_METHOD(Fixture, "a secret file that others could read or that holds nothing is refused") {
  refuses(write("a", 0640), "SECRET_FILE_UNSAFE");
  refuses(write("a", 0604), "SECRET_FILE_UNSAFE");
  refuses(write("a", 0620), "SECRET_FILE_UNSAFE");
  refuses(write("a", 0700), "SECRET_FILE_UNSAFE");
  refuses(write(""), "SECRET_FILE_EMPTY");
  refuses(write(std::string(SecretFile::kMaxBytes + 1, 'x')), "SECRET_FILE_TOO_LARGE");
  refuses({folder.path()}, "SECRET_FILE_UNSAFE");
  refuses({folder.path() / "none"}, "SECRET_FILE_MISSING");
  REQUIRE(mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
  refuses({folder.path() / "pipe"}, "SECRET_FILE_UNSAFE");
  CHECK(write("\n").load_text().error().reason == "SECRET_FILE_EMPTY");
  if (geteuid() == 0) {
    const auto file = write("a");
    REQUIRE(chown(file.path.c_str(), 65534, 65534) == 0);
    refuses(file, "SECRET_FILE_UNSAFE");
  }
}
