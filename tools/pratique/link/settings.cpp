#include "tools/pratique/link/settings.h"

#include <fmt/format.h>

#include <optional>

#include "libs/runtime/config_reader.h"
#include "libs/runtime/quantity.h"

namespace pratique::cli {
namespace {

namespace fs = std::filesystem;

// What one source says.
struct Layer {
  std::vector<runtime::Address> registrar = {}, onboarding = {}, network = {};
  fs::path identity = {}, certificate = {}, key = {}, passphrase_file = {}, ca = {};
  std::string trust_domain = {};
  std::optional<std::chrono::milliseconds> timeout = {};
};

void read(runtime::ConfigReader& in, Layer& out) {
  in.optional("registrar", out.registrar);
  in.optional("onboarding", out.onboarding);
  in.optional("network", out.network);
  in.optional("identity", out.identity);
  in.optional("certificate", out.certificate);
  in.optional("key", out.key);
  in.optional("passphrase_file", out.passphrase_file);
  in.optional("ca", out.ca);
  in.optional("trust_domain", out.trust_domain);
  in.optional("timeout", out.timeout);
}

void apply(const Layer& layer, Settings& out) {
  if (!layer.registrar.empty()) out.registrar = layer.registrar;
  if (!layer.onboarding.empty()) out.onboarding = layer.onboarding;
  if (!layer.network.empty()) out.network = layer.network;
  auto& identity = out.identity;
  if (!layer.identity.empty()) {
    identity = {layer.identity / "tls.crt", {layer.identity / "tls.key"}, {}, identity.trust_anchors};
    if (fs::exists(layer.identity / "tls.pass")) identity.key_passphrase = {layer.identity / "tls.pass"};
    for (const auto& ca : {layer.identity / "ca.crt", fs::absolute(layer.identity) / "../../service-ca/ca.crt"})
      if (fs::exists(ca)) {
        identity.trust_anchors = ca.lexically_normal();
        break;
      }
  }
  if (!layer.certificate.empty()) identity.certificate = layer.certificate;
  if (!layer.key.empty()) {
    identity.key = {layer.key};
    identity.key_passphrase = {};  // another key has another passphrase, or none
  }
  if (!layer.passphrase_file.empty()) identity.key_passphrase = {layer.passphrase_file};
  if (!layer.ca.empty()) identity.trust_anchors = layer.ca;
  if (!layer.trust_domain.empty()) out.trust_domain = layer.trust_domain;
  if (layer.timeout) out.timeout = *layer.timeout;
}

Result<std::vector<runtime::Address>> addresses(const std::string& name, const std::string& text) {
  std::vector<runtime::Address> out;
  const Arguments list({{"list", {text}}});
  for (const auto& one : text.empty() ? std::vector<std::string>() : list.all("list", true)) {
    auto address = runtime::Address::parse(one).with_context(name);
    if (!address) return std::move(address).error();
    out.push_back(*std::move(address));
  }
  return out;
}

/// `value` gives the setting of a name ("passphrase-file"), `shown` how it is called where it was given.
using Lookup = std::function<std::string(const std::string&)>;
Result<Layer> layer_of(const Lookup& value, const Lookup& shown) {
  Layer out;
  TRY(out.registrar, addresses(shown("registrar"), value("registrar")));
  TRY(out.onboarding, addresses(shown("onboarding"), value("onboarding")));
  TRY(out.network, addresses(shown("network"), value("network")));
  out.identity = value("identity");
  out.certificate = value("certificate");
  out.key = value("key");
  out.passphrase_file = value("passphrase-file");
  out.ca = value("ca");
  out.trust_domain = value("trust-domain");
  if (const auto text = value("timeout"); !text.empty()) {
    TRY(out.timeout, runtime::parse_duration(text).with_context(shown("timeout")));
  }
  return out;
}

std::string variable_of(std::string name) {
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return "PRATIQUE_" + name;
}

// The file that was asked for, or the one at its usual place if it is there.
fs::path config_file(const Arguments& arguments, const Environment& environment) {
  if (arguments.has("config")) return arguments.text("config");
  if (const auto named = environment("PRATIQUE_CONFIG"); !named.empty()) return named;
  fs::path folder = environment("XDG_CONFIG_HOME");
  if (folder.empty()) {
    const auto home = environment("HOME");
    if (home.empty()) return {};
    folder = fs::path(home) / ".config";
  }
  const auto usual = folder / "pratique" / "cli.yaml";
  std::error_code ignored;
  return fs::exists(usual, ignored) ? usual : fs::path();
}

}  // namespace

std::vector<Option> connection_options() {
  return {Option::text("registrar", "HOST:PORT", "gRPC address of the registrar; several: commas between"),
          Option::text("onboarding", "HOST:PORT", "gRPC address of the onboarding service"),
          Option::text("network", "HOST:PORT", "gRPC address of the network service"),
          Option::text("identity", "DIR", "folder with tls.crt, tls.key, tls.pass (and ca.crt)"),
          Option::text("certificate", "FILE", "operator's certificate chain, PEM"),
          Option::text("key", "FILE", "its private key, PEM, plain or encrypted"),
          Option::text("passphrase-file", "FILE", "passphrase of the key, mode 0600"),
          Option::text("ca", "FILE", "CA of the services, PEM"),
          Option::text("trust-domain", "NAME", "of the services; that of the own certificate if left out"),
          Option::text("timeout", "TIME", "for one call, e.g. 10s"),
          Option::text("config", "FILE", "instead of ~/.config/pratique/cli.yaml")};
}

Result<Settings> load_settings(const Arguments& arguments, const Environment& environment) {
  Settings out;
  if (const auto file = config_file(arguments, environment); !file.empty()) {
    TRY(const auto layer, runtime::load_config<Layer>(file));
    apply(layer, out);
  }
  TRY(const auto of_environment,
      layer_of([&](const std::string& name) { return environment(variable_of(name)); }, variable_of));
  apply(of_environment, out);
  TRY(const auto of_arguments, layer_of([&](const std::string& name) { return arguments.text(name); },
                                        [](const std::string& name) { return "--" + name; }));
  apply(of_arguments, out);
  return out;
}

}  // namespace pratique::cli
