// How fields of the API look to people, whatever they belong to.
#pragma once

#include <string>

#include <google/protobuf/map.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <pratique/common/v1/finding.pb.h>

#include "tools/pratique/context.h"
#include "tools/pratique/link/message_text.h"
#include "tools/pratique/terminal/details.h"
#include "tools/pratique/terminal/printable.h"
#include "tools/pratique/terminal/table.h"
#include "tools/pratique/terminal/time_text.h"

namespace pratique::cli {

/// Scripts get the message, people what `for_people` writes.
template <typename ForPeople>
Result<void> answer(Context& context, const google::protobuf::Message& message, ForPeople&& for_people) {
  if (context.console.json()) {
    TRY(const auto text, json_of(message));
    context.console.data_text(text);
    return {};
  }
  for_people();
  return {};
}

/// A word in the colour of what it means: "admitted" is good, "refused" bad, "pending" waits.
Cell state_cell(std::string word);
/// "2026-11-24 07:30 UTC, 3 min ago"; "" where unset.
std::string when(const Context& context, const google::protobuf::Timestamp& time);
/// "3 min ago", for tables; "" where unset.
std::string since(const Context& context, const google::protobuf::Timestamp& time);
/// "a=1, b=2".
std::string pairs_text(const google::protobuf::Map<std::string, std::string>& pairs);
template <typename Texts>
std::string joined(const Texts& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + std::string(text);
  return out;
}
/// The UUID of a resource name; the name itself where it has no '/'.
std::string short_name(const std::string& name);

/// Code and message, then cause, remedy and evidence, indented.
void print_finding(Context& context, const pratique::common::v1::Finding& finding, std::size_t indent);

/// Says that a list was cut, where it was.
void tell_cut(Context& context, const google::protobuf::Message& list, const std::string& next_page_token);

}  // namespace pratique::cli
