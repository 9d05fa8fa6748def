#include "libs/runtime/config_reader.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <vector>

namespace pratique::runtime {
namespace {

inline constexpr std::size_t kMaxComplaints = 50;

struct Complaint {
  int line;
  std::string text;
};

// One load: where complaints of all its readers gather.
struct Load {
  std::string file_name;
  std::filesystem::path folder;
  std::vector<Complaint> complaints;

  void add(int line, std::string_view path, std::string_view why) {
    complaints.push_back({line, path.empty() ? fmt::format("{}:{}: {}", file_name, line, why)
                                             : fmt::format("{}:{}: {}: {}", file_name, line, path, why)});
  }
  Result<void> outcome() {
    if (complaints.empty()) return {};
    std::ranges::stable_sort(complaints, {}, &Complaint::line);
    std::string all;
    for (std::size_t i = 0; i < complaints.size() && i < kMaxComplaints; ++i)
      all += (i == 0 ? "" : "\n") + complaints[i].text;
    return invalid("CONFIG_INVALID", all);
  }
};

int line_of(const YAML::Node& node) { return std::max(node.Mark().line, 0) + 1; }
bool is_quoted(const YAML::Node& node) { return node.Tag() == "!"; }

std::string_view kind_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Null: return "nothing";
    case YAML::NodeType::Scalar: return "a single value";
    case YAML::NodeType::Sequence: return "a list";
    case YAML::NodeType::Map: return "a mapping";
    case YAML::NodeType::Undefined: break;
  }
  return "nothing";
}

}  // namespace

struct ConfigReader::Inside {
  Load& load;
  YAML::Node node;  // a mapping, or nothing
  std::string path;
  std::set<std::string, std::less<>> asked = {};

  std::string path_of(std::string_view key) const {
    if (key.empty()) return path;
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }
  // The value at `key`, undefined if absent. From then on the key is known.
  YAML::Node at(std::string_view key) {
    asked.emplace(key);
    if (node.IsMap())
      for (const auto& pair : node)
        if (pair.first.IsScalar() && pair.first.Scalar() == key) return pair.second;
    return YAML::Node(YAML::NodeType::Undefined);
  }
  // A value that must be a single one; nothing after a complaint or when absent.
  std::optional<YAML::Node> scalar(std::string_view key, bool required, std::string_view expected) {
    const auto value = at(key);
    if (!value.IsDefined()) {
      if (required) load.add(line_of(node), path_of(key), "is required");
      return std::nullopt;
    }
    if (value.IsScalar()) return value;
    load.add(line_of(value), path_of(key), fmt::format("expected {}, found {}", expected, kind_of(value)));
    return std::nullopt;
  }
  void refuse(const YAML::Node& value, std::string_view key, std::string_view expected) {
    load.add(line_of(value), path_of(key), fmt::format("expected {}, found '{}'", expected, value.Scalar()));
  }
  // A mapping's or list's own node, or nothing after a complaint or when absent.
  std::optional<YAML::Node> collection(std::string_view key, bool required, bool list) {
    const auto value = at(key);
    const std::string_view expected = list ? "a list" : "a mapping";
    if (!value.IsDefined()) {
      if (required) load.add(line_of(node), path_of(key), "is required");
      return std::nullopt;
    }
    if (value.IsNull() && !required) return std::nullopt;
    if (list ? value.IsSequence() : value.IsMap()) return value;
    load.add(line_of(value), path_of(key), fmt::format("expected {}, found {}", expected, kind_of(value)));
    return std::nullopt;
  }
  std::filesystem::path resolve(const std::string& text) const {
    const std::filesystem::path given(text);
    return given.is_absolute() || given.empty() ? given : (load.folder / given).lexically_normal();
  }
  // Keys that nobody asked for, and keys that stand twice.
  void finish() {
    if (!node.IsMap()) return;
    std::set<std::string> seen;
    for (const auto& pair : node) {
      if (!pair.first.IsScalar()) {
        load.add(line_of(pair.first), path, "has a key that is no word");
        continue;
      }
      const auto& key = pair.first.Scalar();
      if (!seen.insert(key).second) load.add(line_of(pair.first), path_of(key), "stands twice");
      else if (!asked.contains(key)) load.add(line_of(pair.first), path_of(key), "is no setting that is known here");
    }
  }
};

ConfigReader::ConfigReader(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
ConfigReader::~ConfigReader() = default;

bool ConfigReader::has(std::string_view key) const { return inside_->at(key).IsDefined(); }

void ConfigReader::refuse(std::string_view key, std::string_view why) {
  const auto value = key.empty() ? inside_->node : inside_->at(key);
  inside_->load.add(line_of(value.IsDefined() ? value : inside_->node), inside_->path_of(key), why);
}

void ConfigReader::take(std::string_view key, std::string& out, bool required) {
  if (const auto value = inside_->scalar(key, required, "a text")) out = value->Scalar();
}

void ConfigReader::take(std::string_view key, bool& out, bool required) {
  const auto value = inside_->scalar(key, required, "true or false");
  if (!value) return;
  if (!is_quoted(*value) && value->Scalar() == "true") out = true;
  else if (!is_quoted(*value) && value->Scalar() == "false") out = false;
  else inside_->refuse(*value, key, "true or false");
}

void ConfigReader::take(std::string_view key, double& out, bool required) {
  const auto value = inside_->scalar(key, required, "a number");
  if (!value) return;
  const auto& text = value->Scalar();
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (is_quoted(*value) || failed != std::errc{} || end != text.data() + text.size())
    return inside_->refuse(*value, key, "a number");
  out = number;
}

std::optional<std::int64_t> ConfigReader::integer(std::string_view key, bool required, Range range) {
  const auto value = inside_->scalar(key, required, "a whole number");
  if (!value) return std::nullopt;
  const auto& text = value->Scalar();
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (is_quoted(*value) || failed != std::errc{} || end != text.data() + text.size()) {
    inside_->refuse(*value, key, "a whole number");
    return std::nullopt;
  }
  if (number < range.least || number > range.most) {
    inside_->refuse(*value, key, fmt::format("a whole number from {} to {}", range.least, range.most));
    return std::nullopt;
  }
  return number;
}

std::optional<std::chrono::milliseconds> ConfigReader::duration(std::string_view key, bool required) {
  const auto value = inside_->scalar(key, required, "a duration");
  if (!value) return std::nullopt;
  auto parsed = parse_duration(value->Scalar());
  if (parsed) return *parsed;
  inside_->load.add(line_of(*value), inside_->path_of(key), parsed.error().message);
  return std::nullopt;
}

std::optional<std::size_t> ConfigReader::choose(std::string_view key, const std::vector<std::string_view>& words) {
  const auto expected = fmt::format("one of {}", fmt::join(words, ", "));
  const auto value = inside_->scalar(key, false, expected);
  if (!value) return std::nullopt;
  const auto found = std::ranges::find(words, std::string_view(value->Scalar()));
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  inside_->refuse(*value, key, expected);
  return std::nullopt;
}

void ConfigReader::take(std::string_view key, Address& out, bool required) {
  const auto value = inside_->scalar(key, required, "an address");
  if (!value) return;
  auto parsed = Address::parse(value->Scalar());
  if (parsed) out = *std::move(parsed);
  else inside_->load.add(line_of(*value), inside_->path_of(key), parsed.error().message);
}

void ConfigReader::take(std::string_view key, ByteSize& out, bool required) {
  const auto value = inside_->scalar(key, required, "a size");
  if (!value) return;
  auto parsed = parse_size(value->Scalar());
  if (parsed) out = *parsed;
  else inside_->load.add(line_of(*value), inside_->path_of(key), parsed.error().message);
}

void ConfigReader::take(std::string_view key, std::filesystem::path& out, bool required) {
  const auto value = inside_->scalar(key, required, "a path");
  if (!value) return;
  if (value->Scalar().empty()) return inside_->load.add(line_of(*value), inside_->path_of(key), "is empty");
  out = inside_->resolve(value->Scalar());
}

void ConfigReader::take(std::string_view key, SecretFile& out, bool required) { take(key, out.path, required); }

void ConfigReader::take(std::string_view key, std::vector<std::string>& out, bool required) {
  const auto list = inside_->collection(key, required, true);
  if (!list) return;
  out.clear();
  for (const auto& item : *list) {
    if (item.IsScalar()) out.push_back(item.Scalar());
    else
      inside_->load.add(line_of(item), inside_->path_of(key), fmt::format("expected texts, found {}", kind_of(item)));
  }
}

void ConfigReader::take(std::string_view key, std::vector<Address>& out, bool required) {
  const auto list = inside_->collection(key, required, true);
  if (!list) return;
  out.clear();
  for (const auto& item : *list) {
    auto parsed = item.IsScalar() ? Address::parse(item.Scalar())
                                  : Result<Address>(invalid("ADDRESS_INVALID", "expected an address"));
    if (parsed) out.push_back(*std::move(parsed));
    else inside_->load.add(line_of(item), inside_->path_of(key), parsed.error().message);
  }
}

void ConfigReader::take(std::string_view key, std::map<std::string, std::string>& out, bool required) {
  const auto map = inside_->collection(key, required, false);
  if (!map) return;
  out.clear();
  for (const auto& pair : *map) {
    const auto path = inside_->path_of(key);
    if (!pair.first.IsScalar() || !pair.second.IsScalar())
      inside_->load.add(line_of(pair.first), path, "expected names with a text each");
    else if (!out.emplace(pair.first.Scalar(), pair.second.Scalar()).second)
      inside_->load.add(line_of(pair.first), path + "." + pair.first.Scalar(), "stands twice");
  }
}

void ConfigReader::enter(std::string_view key, bool required,
                         const std::function<void(ConfigReader&)>& read_section) {
  const auto value = inside_->collection(key, required, false);
  // Read even when absent: a required key of the section is then missed by name.
  const bool wrong = !value && inside_->at(key).IsDefined() && !inside_->at(key).IsNull();
  if (wrong || (required && !value)) return;
  ConfigReader in(std::make_unique<Inside>(
      Inside{inside_->load, value ? *value : YAML::Node(YAML::NodeType::Null), inside_->path_of(key)}));
  read_section(in);
  in.inside_->finish();
}

void ConfigReader::each(std::string_view key, const std::function<void(ConfigReader&)>& read_item) {
  const auto list = inside_->collection(key, false, true);
  if (!list) return;
  std::size_t index = 0;
  for (const auto& item : *list) {
    const auto path = fmt::format("{}[{}]", inside_->path_of(key), index++);
    if (!item.IsMap()) {
      inside_->load.add(line_of(item), path, fmt::format("expected a mapping, found {}", kind_of(item)));
      continue;
    }
    ConfigReader in(std::make_unique<Inside>(Inside{inside_->load, item, path}));
    read_item(in);
    in.inside_->finish();
  }
}

void ConfigReader::each_named(std::string_view key,
                              const std::function<void(const std::string&, ConfigReader&)>& read_item) {
  const auto map = inside_->collection(key, false, false);
  if (!map) return;
  std::set<std::string> seen;
  for (const auto& pair : *map) {
    const auto name = pair.first.IsScalar() ? pair.first.Scalar() : std::string();
    const auto path = inside_->path_of(key) + "." + name;
    if (name.empty() || !seen.insert(name).second) {
      inside_->load.add(line_of(pair.first), path, name.empty() ? "expected a name" : "stands twice");
      continue;
    }
    if (!pair.second.IsMap()) {
      inside_->load.add(line_of(pair.first), path, fmt::format("expected a mapping, found {}", kind_of(pair.second)));
      continue;
    }
    ConfigReader in(std::make_unique<Inside>(Inside{inside_->load, pair.second, path}));
    read_item(name, in);
    in.inside_->finish();
  }
}

Result<void> ConfigReader::load(const std::filesystem::path& file,
                                const std::function<void(ConfigReader&)>& read_root) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxConfigBytes + 1, '\0');
  if (!in || !std::filesystem::is_regular_file(file))
    return not_found("CONFIG_UNREADABLE", fmt::format("cannot read {}", file.native()));
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse(text, file.native(), read_root);
}

Result<void> ConfigReader::parse(std::string_view text, std::string_view file_name,
                                 const std::function<void(ConfigReader&)>& read_root) {
  Load load{std::string(file_name), std::filesystem::path(file_name).parent_path(), {}};
  if (text.size() > kMaxConfigBytes)
    return invalid("CONFIG_INVALID", fmt::format("{} has more than {} bytes", file_name, kMaxConfigBytes));
  try {
    const auto documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1)
      return invalid("CONFIG_INVALID", fmt::format("{} holds more than one document", file_name));
    auto root = documents.empty() ? YAML::Node(YAML::NodeType::Null) : documents.front();
    if (!root.IsMap() && !root.IsNull()) {
      load.add(line_of(root), "", fmt::format("expected a mapping, found {}", kind_of(root)));
      return load.outcome();
    }
    ConfigReader in(std::make_unique<Inside>(Inside{load, root, ""}));
    read_root(in);
    in.inside_->finish();
  } catch (const YAML::Exception& failure) {
    load.add(std::max(failure.mark.line, 0) + 1, "", failure.msg);
  }
  return load.outcome();
}

}  // namespace pratique::runtime
