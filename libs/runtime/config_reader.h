// Configuration is YAML, one struct a component with its defaults; each struct has a read() beside it:
//
//   struct DatabaseConfig { std::string host; int pool_size = 8; std::chrono::milliseconds timeout{3000}; };
//   void read(runtime::ConfigReader& in, DatabaseConfig& out) {
//     in.required("host", out.host);
//     in.optional("pool_size", out.pool_size, {.least = 1, .most = 256});
//     in.optional("timeout", out.timeout);
//   }
//   void read(runtime::ConfigReader& in, RegistrarConfig& out) { in.section("database", out.database); }
//   Result<RegistrarConfig> config = runtime::load_config<RegistrarConfig>("registrar.yaml");
//
// A key that nobody asked for, a value of the wrong type or out of range, and an absent required key are all
// reported together, each as "file:line: registrar.database.pool_size: …". Secrets stand in files of their own.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/runtime/address.h"
#include "libs/runtime/quantity.h"
#include "libs/runtime/secret_file.h"

namespace pratique::runtime {

/// A larger file is refused before it is parsed.
inline constexpr std::size_t kMaxConfigBytes = 1 << 20;

struct Range {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// Reads one mapping of the file. Not thread-safe; lives only during a load.
class ConfigReader {
 public:
  ~ConfigReader();
  ConfigReader(const ConfigReader&) = delete;
  ConfigReader& operator=(const ConfigReader&) = delete;

  /// Takes the value if the key is there, else leaves the default. T is one of: std::string, bool, double, an
  /// integer, std::chrono duration ("30s", "15m", "250ms", "12h", "7d"), ByteSize ("64KiB"), Address
  /// ("127.0.0.1:8443"), SecretFile (a path), std::filesystem::path (relative ones from the file's folder),
  /// std::vector<std::string>, std::vector<Address>, std::map<std::string, std::string>.
  template <typename T>
  void optional(std::string_view key, T& out) {
    take(key, out, false);
  }
  template <typename T>
  void required(std::string_view key, T& out) {
    take(key, out, true);
  }
  template <std::integral T>
  void optional(std::string_view key, T& out, Range range) {
    take_integer(key, out, false, range);
  }
  template <std::integral T>
  void required(std::string_view key, T& out, Range range) {
    take_integer(key, out, true, range);
  }
  template <typename T>
  void optional(std::string_view key, std::optional<T>& out) {
    T value{};
    if (!has(key)) return;
    take(key, value, false);
    out = std::move(value);
  }

  /// One of some words: in.one_of("mode", out.mode, {{"strict", Mode::strict}, {"lenient", Mode::lenient}}).
  template <typename Enum>
  void one_of(std::string_view key, Enum& out, std::initializer_list<std::pair<std::string_view, Enum>> words) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : words) names.push_back(name);
    if (const auto chosen = choose(key, names)) out = (words.begin() + *chosen)->second;
  }

  /// A nested mapping, read by read(ConfigReader&, T&); its defaults hold when the key is absent.
  template <typename T>
  void section(std::string_view key, T& out) {
    enter(key, false, [&](ConfigReader& in) { read(in, out); });
  }
  template <typename T>
  void required_section(std::string_view key, T& out) {
    enter(key, true, [&](ConfigReader& in) { read(in, out); });
  }
  /// A nested mapping that may be absent as a whole.
  template <typename T>
  void section(std::string_view key, std::optional<T>& out) {
    if (!has(key)) return;
    out.emplace();
    enter(key, false, [&](ConfigReader& in) { read(in, *out); });
  }
  /// A list of mappings.
  template <typename T>
  void list(std::string_view key, std::vector<T>& out) {
    each(key, [&](ConfigReader& in) { read(in, out.emplace_back()); });
  }
  /// A mapping from free names to mappings.
  template <typename T>
  void table(std::string_view key, std::map<std::string, T>& out) {
    each_named(key, [&](const std::string& name, ConfigReader& in) { read(in, out[name]); });
  }

  bool has(std::string_view key) const;
  /// A complaint of the component's own, named by line and path of the key ("" for the mapping itself).
  void refuse(std::string_view key, std::string_view why);

  struct Inside;
  /// For load_config; `read_root` is handed the top mapping.
  static Result<void> load(const std::filesystem::path& file, const std::function<void(ConfigReader&)>& read_root);
  static Result<void> parse(std::string_view text, std::string_view file_name,
                            const std::function<void(ConfigReader&)>& read_root);

 private:
  explicit ConfigReader(std::unique_ptr<Inside> inside);

  void take(std::string_view key, std::string& out, bool required);
  void take(std::string_view key, bool& out, bool required);
  void take(std::string_view key, double& out, bool required);
  void take(std::string_view key, Address& out, bool required);
  void take(std::string_view key, ByteSize& out, bool required);
  void take(std::string_view key, SecretFile& out, bool required);
  void take(std::string_view key, std::filesystem::path& out, bool required);
  void take(std::string_view key, std::vector<std::string>& out, bool required);
  void take(std::string_view key, std::vector<Address>& out, bool required);
  void take(std::string_view key, std::map<std::string, std::string>& out, bool required);
  template <std::integral T>
  void take(std::string_view key, T& out, bool required) {
    take_integer(key, out, required, Range{});
  }
  template <typename Rep, typename Period>
  void take(std::string_view key, std::chrono::duration<Rep, Period>& out, bool required) {
    using Duration = std::chrono::duration<Rep, Period>;
    const auto milliseconds = duration(key, required);
    if (!milliseconds) return;
    out = std::chrono::duration_cast<Duration>(*milliseconds);
    if (out != *milliseconds) refuse(key, "is finer than this setting can be");
  }
  template <std::integral T>
  void take_integer(std::string_view key, T& out, bool required, Range range) {
    range.least = std::cmp_less(range.least, std::numeric_limits<T>::min())
                      ? static_cast<std::int64_t>(std::numeric_limits<T>::min())
                      : range.least;
    range.most = std::cmp_greater(range.most, std::numeric_limits<T>::max())
                     ? static_cast<std::int64_t>(std::numeric_limits<T>::max())
                     : range.most;
    if (const auto value = integer(key, required, range)) out = static_cast<T>(*value);
  }
  std::optional<std::int64_t> integer(std::string_view key, bool required, Range range);
  std::optional<std::chrono::milliseconds> duration(std::string_view key, bool required);
  std::optional<std::size_t> choose(std::string_view key, const std::vector<std::string_view>& words);
  void enter(std::string_view key, bool required, const std::function<void(ConfigReader&)>& read_section);
  void each(std::string_view key, const std::function<void(ConfigReader&)>& read_item);
  void each_named(std::string_view key, const std::function<void(const std::string&, ConfigReader&)>& read_item);

  std::unique_ptr<Inside> inside_;
};

/// INVALID_ARGUMENT CONFIG_INVALID with every complaint, one a line; NOT_FOUND CONFIG_UNREADABLE.
template <typename Config>
Result<Config> load_config(const std::filesystem::path& file) {
  Config config;
  TRY_VOID(ConfigReader::load(file, [&](ConfigReader& in) { read(in, config); }));
  return config;
}
/// The same from text; for tests and for embedded examples.
template <typename Config>
Result<Config> parse_config(std::string_view text, std::string_view file_name = "config.yaml") {
  Config config;
  TRY_VOID(ConfigReader::parse(text, file_name, [&](ConfigReader& in) { read(in, config); }));
  return config;
}

}  // namespace pratique::runtime
