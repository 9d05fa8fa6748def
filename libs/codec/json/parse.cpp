#include "libs/codec/json/parse.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace pratique::json {
namespace {

// nlohmann's parser keeps its own stack and calls this handler; a handler that returns false stops it.
class Handler {
 public:
  explicit Handler(const Limits& limits) : limits_(limits) {}

  bool null() { return leaf({}); }
  bool boolean(bool value) { return leaf(value); }
  bool number_integer(std::int64_t value) { return leaf(value); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return number_range();
    return leaf(static_cast<std::int64_t>(value));
  }
  // A whole number too long for 64 bits arrives here too.
  bool number_float(double value, const std::string& text) {
    if (text.find_first_of(".eE") == std::string::npos) return number_range();
    return leaf(value);
  }
  bool string(std::string& value) { return leaf(std::move(value)); }
  bool binary(nlohmann::json::binary_t&) { return fail("JSON_INVALID", "binary is not JSON"); }

  bool start_object(std::size_t) { return open(Value::object()); }
  bool start_array(std::size_t) { return open(Value::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    auto& frame = frames_.back();
    if (frame.names.size() >= limits_.max_members)
      return fail("JSON_TOO_MANY", fmt::format("{}: more than {} members", path(), limits_.max_members));
    frame.name = name;
    if (!frame.names.insert(std::move(name)).second)
      return fail("JSON_DUPLICATE_NAME", fmt::format("{}: the name occurs twice", path()));
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
    if (error.id == 406) return fail("JSON_NUMBER_RANGE", fmt::format("byte {}: the number is too large", position));
    return fail("JSON_INVALID", fmt::format("byte {}: not JSON", position));
  }

  Result<Value> take() && {
    if (error_) return *std::move(error_);
    return std::move(root_);
  }

 private:
  struct Frame {
    Value value;
    std::string name;  // of the member being read
    std::unordered_set<std::string> names;
    std::size_t count = 0;
  };

  std::string path() const {
    std::string out = "$";
    for (const auto& frame : frames_) {
      if (frame.value.as_array()) out += fmt::format("[{}]", frame.count);
      else if (!frame.name.empty()) out += "." + frame.name;
    }
    return out;
  }

  bool fail(std::string_view reason, std::string_view message) {
    error_ = invalid(reason, message);
    return false;
  }
  bool number_range() {
    return fail("JSON_NUMBER_RANGE", fmt::format("{}: whole numbers are limited to 64 bits", path()));
  }

  bool count_value() {
    if (++values_ > limits_.max_values)
      return fail("JSON_TOO_MANY", fmt::format("more than {} values", limits_.max_values));
    if (!frames_.empty() && frames_.back().value.as_array() && frames_.back().count >= limits_.max_elements)
      return fail("JSON_TOO_MANY", fmt::format("{}: more than {} elements", path(), limits_.max_elements));
    return true;
  }

  bool leaf(Value value) { return count_value() && place(std::move(value)); }

  bool open(Value empty) {
    if (!count_value()) return false;
    if (frames_.size() >= limits_.max_depth)
      return fail("JSON_TOO_DEEP", fmt::format("{}: nesting is limited to {}", path(), limits_.max_depth));
    frames_.push_back({.value = std::move(empty), .name = {}, .names = {}, .count = 0});
    return true;
  }

  bool close() {
    Value done = std::move(frames_.back().value);
    frames_.pop_back();
    return place(std::move(done));
  }

  bool place(Value value) {
    if (frames_.empty()) {
      root_ = std::move(value);
      return true;
    }
    auto& frame = frames_.back();
    ++frame.count;
    if (frame.value.as_array()) frame.value.push_back(std::move(value));
    else frame.value.append(std::move(frame.name), std::move(value));
    return true;
  }

  const Limits& limits_;
  std::vector<Frame> frames_;
  Value root_;
  std::size_t values_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes)
    return invalid("JSON_TOO_LARGE", fmt::format("{} bytes, more than {}", text.size(), limits.max_bytes));
  // The library skips a byte order mark, and takes a zero byte for the end of the text.
  if (text.starts_with("\xEF\xBB\xBF")) return invalid("JSON_INVALID", "byte 0: a byte order mark");
  if (const auto zero = text.find('\0'); zero != std::string_view::npos)
    return invalid("JSON_INVALID", fmt::format("byte {}: a zero byte", zero));
  Handler handler(limits);
  nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
  return std::move(handler).take();
}

}  // namespace pratique::json
