#include "libs/codec/json/value.h"

#include <charconv>
#include <cmath>

#include "libs/codec/json/utf8.h"

namespace pratique::json {
namespace {

void dump_string(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[i++];
    } else if (byte < 0x20) {
      ++i;
      switch (byte) {
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
          out += "\\u00";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
      }
    } else if (const auto length = utf8_length(text.substr(i)); length > 0) {
      out += text.substr(i, length);
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  out += '"';
}

void dump_integer(std::int64_t value, std::string& out) { out += std::to_string(value); }

// Keeps a mark of its kind, so that 1.0 is read back as a number and not as an integer.
void dump_double(double value, std::string& out) {
  char buffer[32];
  const std::string_view text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void dump_value(const Value& value, std::string& out);

void dump_array(const Value::Array& array, std::string& out) {
  out += '[';
  for (bool first = true; const auto& element : array) {
    if (!first) out += ',';
    first = false;
    dump_value(element, out);
  }
  out += ']';
}

void dump_object(const Value::Object& object, std::string& out) {
  out += '{';
  for (bool first = true; const auto& [name, value] : object) {
    if (!first) out += ',';
    first = false;
    dump_string(name, out);
    out += ':';
    dump_value(value, out);
  }
  out += '}';
}

// As deep as the value is nested: what parse() gives is bounded, what we build ourselves is shallow.
void dump_value(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::null: out += "null"; break;
    case Kind::boolean: out += *value.as_bool() ? "true" : "false"; break;
    case Kind::integer: dump_integer(*value.as_int(), out); break;
    case Kind::number:
      if (std::isfinite(*value.as_double())) dump_double(*value.as_double(), out);
      else out += "null";
      break;
    case Kind::string: dump_string(*value.as_string(), out); break;
    case Kind::array: dump_array(*value.as_array(), out); break;
    case Kind::object: dump_object(*value.as_object(), out); break;
  }
}

}  // namespace

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "a boolean";
    case Kind::integer: return "an integer";
    case Kind::number: return "a number";
    case Kind::string: return "a string";
    case Kind::array: return "an array";
    case Kind::object: return "an object";
  }
  return "nothing";
}

Value Value::object() {
  Value out;
  out.inner_ = Object{};
  return out;
}

Value Value::array() {
  Value out;
  out.inner_ = Array{};
  return out;
}

const Value* Value::find(std::string_view name) const {
  if (const auto* object = as_object())
    for (const auto& member : *object)
      if (member.name == name) return &member.value;
  return nullptr;
}

Value& Value::set(std::string_view name, Value value) {
  if (!as_object()) inner_ = Object{};
  auto& object = std::get<Object>(inner_);
  for (auto& member : object)
    if (member.name == name) {
      member.value = std::move(value);
      return *this;
    }
  object.push_back({std::string(name), std::move(value)});
  return *this;
}

Value& Value::append(std::string name, Value value) {
  if (!as_object()) inner_ = Object{};
  std::get<Object>(inner_).push_back({std::move(name), std::move(value)});
  return *this;
}

Value& Value::push_back(Value value) {
  if (!as_array()) inner_ = Array{};
  std::get<Array>(inner_).push_back(std::move(value));
  return *this;
}

std::string Value::dump() const {
  std::string out;
  dump_value(*this, out);
  return out;
}

}  // namespace pratique::json
