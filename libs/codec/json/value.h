// A JSON value (RFC 8259) as our own type: objects keep the order of their members and hold each name once,
// whole numbers are int64, other numbers are double, strings are UTF-8.
//
//   Value out = Value::object();
//   out.set("version", 1).set("status", true);
//   out.dump()                                 {"version":1,"status":true}
//
// Values are plain data: copy and move them freely. Reading with checks: json::Reader (reader.h).
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pratique::json {

enum class Kind { null, boolean, integer, number, string, array, object };
/// "a string", "an object", … for messages.
std::string_view describe(Kind kind);

struct Member;

class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  Value() = default;  // null
  Value(std::same_as<bool> auto value) : inner_(value) {}  // NOLINT: implicit
  Value(std::int64_t value);                               // NOLINT
  Value(int value);                                        // NOLINT
  Value(double value);                                     // NOLINT
  Value(std::string value);                                // NOLINT
  Value(std::string_view value);                           // NOLINT
  Value(const char* value);                                // NOLINT
  static Value object();
  static Value array();

  Kind kind() const { return static_cast<Kind>(inner_.index()); }
  bool is_null() const { return kind() == Kind::null; }

  /// The value when it is of that kind, else nullptr.
  const bool* as_bool() const { return std::get_if<bool>(&inner_); }
  const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&inner_); }
  const double* as_double() const { return std::get_if<double>(&inner_); }
  const std::string* as_string() const { return std::get_if<std::string>(&inner_); }
  const Array* as_array() const { return std::get_if<Array>(&inner_); }
  const Object* as_object() const { return std::get_if<Object>(&inner_); }

  /// The member of that name, or nullptr when there is none or this is no object.
  const Value* find(std::string_view name) const;
  /// Adds a member, or replaces the one of that name in its place. A value that is no object becomes one.
  Value& set(std::string_view name, Value value);
  /// Adds a member whose name is known to be new; for building large objects.
  Value& append(std::string name, Value value);
  /// Adds an element. A value that is no array becomes one.
  Value& push_back(Value value);

  /// Compact text: no white space, members in their order, shortest form of numbers, only what must be escaped
  /// is escaped. The same value always gives the same bytes. Not-a-number and infinity, which JSON cannot say,
  /// become null; bytes of a string that are not UTF-8 become U+FFFD.
  std::string dump() const;

  bool operator==(const Value&) const = default;

 private:
  // The order of the alternatives is the order of Kind.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> inner_;
};

struct Member {
  std::string name;
  Value value;
  bool operator==(const Member&) const = default;
};

// Here, where Member is whole: what makes a Value can also destroy one.
inline Value::Value(std::int64_t value) : inner_(value) {}
inline Value::Value(int value) : inner_(std::int64_t{value}) {}
inline Value::Value(double value) : inner_(value) {}
inline Value::Value(std::string value) : inner_(std::move(value)) {}
inline Value::Value(std::string_view value) : inner_(std::string(value)) {}
inline Value::Value(const char* value) : inner_(std::string(value)) {}

}  // namespace pratique::json
