#include "libs/obs/log.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <mutex>

#include "libs/base/timestamp.h"
#include "libs/codec/json/utf8.h"

namespace pratique::obs {
namespace {

thread_local std::string this_thread_trace;

// A length that does not cut a UTF-8 sequence in two.
std::size_t cut_at(std::string_view text) {
  if (text.size() <= kMaxFieldBytes) return text.size();
  std::size_t end = kMaxFieldBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end;
}

void append_text(std::string& out, std::string_view text) {
  const auto length = cut_at(text);
  const bool cut = length < text.size();
  text = text.substr(0, length);
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    const auto bytes = json::utf8_length(text);
    if (bytes == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  if (cut) out += "…";
  out += '"';
}

void append(std::string& out, std::string_view key, const decltype(Field::value)& value) {
  out += ',';
  append_text(out, key);
  out += ':';
  if (const auto* text = std::get_if<std::string_view>(&value)) append_text(out, *text);
  else if (const auto* integer = std::get_if<std::int64_t>(&value)) out += fmt::format("{}", *integer);
  else if (const auto* flag = std::get_if<bool>(&value)) out += *flag ? "true" : "false";
  else if (const auto number = std::get<double>(value); std::isfinite(number)) out += fmt::format("{}", number);
  else out += "null";
}

void write_stderr(std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); }

}  // namespace

struct Log::Inside {
  Catalogue catalogue;
  Level least;
  const Clock& clock;
  Sink sink;
  std::mutex mutex;  // whole lines

  std::string begin(const Event& event) const {
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","service":)",
                                   format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(clock.now())),
                                   to_string(event.level));
    append_text(line, catalogue.service());
    append(line, "event", event.id);
    if (!this_thread_trace.empty()) append(line, "trace", std::string_view(this_thread_trace));
    if (!catalogue.declares(event)) append(line, "undeclared", true);
    return line;
  }
  void end(std::string line) {
    line += "}\n";
    const std::scoped_lock lock(mutex);
    sink(line);
  }
};

Log::Log(const Catalogue& catalogue, Level least, const Clock& clock) : Log(catalogue, least, clock, write_stderr) {}
Log::Log(const Catalogue& catalogue, Level least, const Clock& clock, Sink sink)
    : inside_(new Inside{catalogue, least, clock, std::move(sink), {}}) {}
Log::~Log() = default;

void Log::write(const Event& event, std::initializer_list<Field> fields) const {
  if (event.level < inside_->least) return;
  auto line = inside_->begin(event);
  for (const auto& field : fields) append(line, field.key, field.value);
  inside_->end(std::move(line));
}

void Log::write(const Event& event, const Error& error, std::initializer_list<Field> fields) const {
  if (event.level < inside_->least) return;
  auto line = inside_->begin(event);
  for (const auto& field : fields) append(line, field.key, field.value);
  append(line, "code", to_string(error.code));
  append(line, "reason", std::string_view(error.reason));
  append(line, "message", std::string_view(error.message));
  if (!error.evidence.empty()) {
    std::string evidence;
    for (const auto& [key, value] : error.evidence) append(evidence, key, std::string_view(value));
    line += ",\"evidence\":{" + evidence.substr(1) + "}";
  }
  inside_->end(std::move(line));
}

TraceScope::TraceScope(std::string trace_id) : before_(std::exchange(this_thread_trace, std::move(trace_id))) {}
TraceScope::~TraceScope() { this_thread_trace = std::move(before_); }
const std::string& TraceScope::current() { return this_thread_trace; }

}  // namespace pratique::obs
