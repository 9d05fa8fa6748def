#include "services/registrar/storage/findings.h"

#include "libs/codec/json/parse.h"

namespace pratique::registrar {
namespace {

const std::string* text_of(const json::Value& object, std::string_view name) {
  const auto* member = object.find(name);
  return member == nullptr ? nullptr : member->as_string();
}

bool read_evidence(const json::Value& entry, Evidence& out) {
  const auto* pair = entry.as_array();
  if (pair == nullptr || pair->size() != 2) return false;
  const auto *key = (*pair)[0].as_string(), *value = (*pair)[1].as_string();
  if (key == nullptr || value == nullptr) return false;
  out.emplace_back(*key, *value);
  return true;
}

bool read_finding(const json::Value& object, std::vector<Finding>& out) {
  const auto *code = text_of(object, "code"), *message = text_of(object, "message");
  const auto* evidence = object.find("evidence");
  if (code == nullptr || message == nullptr || evidence == nullptr || evidence->as_array() == nullptr) return false;
  Finding finding{*code, *message};
  for (const auto& entry : *evidence->as_array())
    if (!read_evidence(entry, finding.evidence)) return false;
  out.push_back(std::move(finding));
  return true;
}

}  // namespace

std::string encode_findings(const std::vector<Finding>& findings) {
  json::Value array = json::Value::array();
  for (const auto& finding : findings) {
    json::Value evidence = json::Value::array();
    for (const auto& [key, value] : finding.evidence) {
      json::Value pair = json::Value::array();
      pair.push_back(key);
      pair.push_back(value);
      evidence.push_back(std::move(pair));
    }
    json::Value object = json::Value::object();
    object.set("code", finding.code).set("message", finding.message).set("evidence", std::move(evidence));
    array.push_back(std::move(object));
  }
  return array.dump();
}

Result<std::vector<Finding>> parse_findings(std::string_view text) {
  const Error malformed{ErrorCode::data_loss, "FINDINGS_MALFORMED", "stored findings cannot be read"};
  const auto parsed = json::parse(text);
  if (!parsed || parsed->as_array() == nullptr) return malformed;
  std::vector<Finding> out;
  for (const auto& object : *parsed->as_array())
    if (!read_finding(object, out)) return malformed;
  return out;
}

}  // namespace pratique::registrar
