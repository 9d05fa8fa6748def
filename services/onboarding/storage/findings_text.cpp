#include "services/onboarding/storage/findings_text.h"

#include "libs/codec/json/parse.h"
#include "libs/codec/json/reader.h"

namespace pratique::onboarding {

std::string findings_text(const std::vector<Finding>& findings) {
  json::Value out = json::Value::array();
  for (const auto& finding : findings) {
    json::Value evidence = json::Value::object();
    for (const auto& [key, value] : finding.evidence) evidence.set(key, value);
    out.push_back(json::Value::object()
                      .set("code", finding.code)
                      .set("message", finding.message)
                      .set("evidence", std::move(evidence)));
  }
  return out.dump();
}

namespace {

Result<std::vector<Finding>> read_findings(std::string_view text) {
  TRY(const auto root, json::parse(text));
  TRY(const auto items, json::Reader(root).as_array());
  std::vector<Finding> out;
  for (const auto& item : items) {
    Finding finding;
    TRY(finding.code, item.string_at("code"));
    TRY(finding.message, item.string_at("message"));
    TRY(const auto evidence, item.object_at("evidence"));
    for (const auto& member : *evidence.value().as_object())
      if (const auto* value = member.value.as_string()) finding.evidence.emplace_back(member.name, *value);
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace

Result<std::vector<Finding>> parse_findings(std::string_view text) {
  auto out = read_findings(text);
  if (!out) return Error{ErrorCode::data_loss, "FINDINGS_MALFORMED", "stored findings do not parse: " + out.error().message};
  return out;
}

}  // namespace pratique::onboarding
