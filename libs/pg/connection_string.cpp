#include "libs/pg/connection_string.h"

#include <algorithm>

#include <fmt/format.h>

namespace pratique::pg {
namespace {

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

bool is_plain_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && name.size() <= kMaxSchemaName && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<std::string> connection_string(const DatabaseConfig& config) {
  if (config.conninfo.starts_with("postgres://") || config.conninfo.starts_with("postgresql://"))
    return invalid("DATABASE_CONFIG_INVALID", "conninfo must have libpq's keyword form (host=… dbname=…), not a URI");
  if (!config.schema.empty() && !is_plain_name(config.schema))
    return invalid("DATABASE_CONFIG_INVALID", fmt::format("schema '{}' must be of a-z, 0-9 and _, at most {} bytes",
                                                          config.schema, kMaxSchemaName));
  if (config.statement_timeout.count() <= 0 || config.lock_timeout.count() <= 0 || config.connect_timeout.count() <= 0)
    return invalid("DATABASE_CONFIG_INVALID", "time-outs must be positive");
  const auto password = as_text(config.password.reveal());
  if (password.contains('\0') || config.application_name.contains('\0') || config.conninfo.contains('\0'))
    return invalid("DATABASE_CONFIG_INVALID", "a zero byte stands in conninfo, password or application_name");

  std::string out = fmt::format(
      "connect_timeout={} application_name={} keepalives_idle=10 keepalives_interval=5 keepalives_count=2 "
      "tcp_user_timeout={} ",
      config.connect_timeout.count(), quoted(config.application_name),
      std::chrono::milliseconds(kDeadPeerLimit).count());
  if (!password.empty()) out += "password=" + quoted(password) + " ";
  return out + config.conninfo + " client_encoding=UTF8";
}

std::string session_settings(const DatabaseConfig& config) {
  std::string out = fmt::format(
      "SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'; SET bytea_output = 'hex'; SET extra_float_digits = 1; "
      "SET client_min_messages = warning; SET statement_timeout = {}; SET lock_timeout = {}; "
      "SET idle_in_transaction_session_timeout = {};",
      config.statement_timeout.count(), config.lock_timeout.count(),
      std::chrono::milliseconds(kIdleInTransactionLimit).count());
  if (!config.schema.empty()) out += fmt::format(" SET search_path = \"{}\", pg_temp;", config.schema);
  return out;
}

}  // namespace pratique::pg
