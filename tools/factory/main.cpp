// pratique-factory: the command line over Factory and Masa.
#include <signal.h>
#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <string>

#include "libs/codec/json/value.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/runtime/build_version.h"
#include "tools/factory/factory.h"
#include "tools/factory/masa_server.h"

namespace {

using namespace pratique;
using namespace pratique::factory;

struct Words {
  Settings settings;
  DeviceOrder order;
  MasaConfig masa;
  std::filesystem::path out, known_owners;
  std::string serial, listen = "127.0.0.1:9443", profile = "strict";
  std::vector<std::string> misbehave;
  int retry_after = 5;
  bool json = false, unblock = false;
};

Result<void> tell_made(const std::vector<Made>& made) {
  for (const auto& one : made) std::cout << (one.anew ? "made " : "kept ") << one.path.string() << "\n";
  return {};
}

Result<void> make_device(Factory& maker, const Words& words, Random& random) {
  const auto tell = [&](const char* word, const device::Manufactured& made) -> Result<void> {
    std::cout << word << " " << words.out.string() << ": " << made.idevid().subject() << "\n";
    return {};
  };
  TRY(const auto before, maker.devices().find(words.order.serial));
  if (before)
    if (const auto kept = device::load_manufactured(words.out); kept && kept->idevid().public_key() == before->key)
      return tell("kept", *kept);
  TRY(const auto made, maker.manufacture(words.order));
  TRY_VOID(device::put_manufactured(words.out, made, random));
  return tell("made", made);
}

Result<void> copy_anchors(const Factory& maker, const std::filesystem::path& out) {
  const pki::Folder from(maker.anchors_folder()), to(out);
  for (const char* name : {"idevid.pem", "voucher.pem", "masa-tls.pem"}) {
    TRY(const auto pem, from.get(name));
    if (!out.empty()) TRY_VOID(to.put(name, pem));
    std::cout << ((out.empty() ? from : to).root() / name).string() << "\n";
  }
  return {};
}

json::Value to_json(const MadeDevice& device) {
  auto out = json::Value::object();
  out.set("serial", device.serial)
      .set("model", device.model)
      .set("mud_url", device.mud_url)
      .set("made_on", format_rfc3339(device.made_on))
      .set("blocked", device.blocked);
  return out;
}

Result<void> show(const Factory& maker, const Words& words) {
  if (!words.serial.empty()) {
    if (!is_serial(words.serial)) return invalid("SERIAL_INVALID", "'" + words.serial + "' is no serial number");
    TRY(const auto log, AuditBook(maker.audit_folder()).get(words.serial));
    std::cout << brski::encode_audit_log(log) << "\n";
    return {};
  }
  TRY(const auto devices, maker.devices().list());
  auto list = json::Value::array();
  for (const auto& device : devices) {
    if (words.json) list.push_back(to_json(device));
    else std::cout << device.serial << "  " << device.model << (device.blocked ? "  blocked" : "") << "\n";
  }
  if (words.json) std::cout << (devices.empty() ? "[]" : list.dump()) << "\n";
  return {};
}

Result<void> block(const Factory& maker, const Words& words) {
  TRY(auto device, maker.devices().find(words.serial));
  if (!device) return not_found("DEVICE_UNKNOWN", "no device of that serial number was made here");
  device->blocked = !words.unblock;
  TRY_VOID(maker.devices().put(*device));
  std::cout << words.serial << (device->blocked ? " is blocked\n" : " is not blocked\n");
  return {};
}

Result<void> run_masa(const Factory& maker, Words words, const Clock& clock, Random& random) {
  // Before any thread is made, so that all inherit it and the signal waits for us.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  std::vector<OrderedMisdeed> misdeeds;
  for (const auto& text : words.misbehave) {
    TRY(const auto some, parse_misdeeds(text));
    misdeeds.insert(misdeeds.end(), some.begin(), some.end());
  }
  TRY(auto mischief, Mischief::make(std::move(misdeeds), clock, random));
  words.masa.profile = words.profile == "lenient" ? voucher::WireProfile::lenient : voucher::WireProfile::strict;
  words.masa.retry_after = std::chrono::seconds(words.retry_after);
  if (!words.known_owners.empty()) {
    TRY(const auto pem, pki::Folder(words.known_owners.parent_path()).get(words.known_owners.filename()));
    TRY(words.masa.known_owners, crypto::Certificate::parse_pem_bundle(pem));
  }
  TRY(const auto listen, net::parse_endpoint(words.listen));
  TRY(auto keys, maker.masa_keys());
  const auto server_identity = keys.server;
  Masa masa(std::move(keys), maker.devices(), maker.audit_folder(), std::move(words.masa), std::move(mischief), clock,
            random, [](std::string_view line) { std::cerr << line << std::endl; });
  TRY(const auto server, MasaServer::start(masa, listen, server_identity));
  std::cerr << "MASA of " << maker.name() << " on port " << server->port() << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A manufacturer: device identities, vouchers, audit log.", "pratique-factory");
  app.require_subcommand(1);
  app.set_version_flag("--version", "pratique-factory " + std::string(runtime::build_version()));
  Words words;
  const SystemClock clock;
  crypto::SystemRandom random;
  std::function<Result<void>()> run;

  const auto command = [&](const char* word, const char* help, std::function<Result<void>()> act) {
    auto* sub = app.add_subcommand(word, help);
    sub->add_option("--dir", words.settings.folder, "the manufacturer's folder")->required();
    sub->callback([&run, act = std::move(act)] { run = act; });
    return sub;
  };
  const auto with_maker = [&](std::function<Result<void>(Factory&)> act) {
    return [&, act = std::move(act)]() -> Result<void> {
      TRY(auto maker, Factory::open(words.settings.folder, clock, random));
      return act(maker);
    };
  };

  auto* init = command("init", "the CAs and the MASA's keys", [&]() -> Result<void> {
    TRY(const auto maker, Factory::init(words.settings, clock, random));
    return tell_made(maker.made());
  });
  init->add_option("--name", words.settings.name, "of the manufacturer")->required();
  init->add_option("--masa-host", words.settings.masa.host, "as the IDevIDs name it")->capture_default_str();
  init->add_option("--masa-port", words.settings.masa.port)->capture_default_str();
  init->add_option("--masa-name", words.settings.masa_names, "further DNS name or address of the MASA's certificate");

  auto* make = command("device", "a device: identity, folder, entry in the register",
                       with_maker([&](Factory& maker) { return make_device(maker, words, random); }));
  make->add_option("--serial", words.order.serial)->required();
  make->add_option("--model", words.order.model)->required();
  make->add_option("--mud-url", words.order.mud_url, "https URL of its MUD file");
  make->add_option("--out", words.out, "the device's folder")->required();

  auto* masa = command("masa", "serve vouchers until SIGTERM",
                       with_maker([&](Factory& maker) { return run_masa(maker, words, clock, random); }));
  masa->add_option("--listen", words.listen, "ADDRESS:PORT")->capture_default_str();
  masa->add_option("--profile", words.profile, "wire profile")->check(CLI::IsMember({"strict", "lenient"}));
  masa->add_option("--known-owners", words.known_owners, "PEM: CAs whose registrars get vouchers without a nonce");
  masa->add_option("--answer-after", words.masa.answer_after, "answer 202 so many times to each request first");
  masa->add_option("--retry-after", words.retry_after, "seconds, told with 202")->check(CLI::PositiveNumber);
  masa->add_option("--misbehave", words.misbehave,
                   "MISDEED[=SERIAL],…: forged, other-owner, wrong-serial, replay-nonce, silent, audit-other-owner");

  command("anchors", "the certificates that an operator registers",
          with_maker([&](Factory& maker) { return copy_anchors(maker, words.out); }))
      ->add_option("--out", words.out, "copy them into this folder");
  auto* list = command("show", "the devices, or the audit log of one",
                       with_maker([&](Factory& maker) { return show(maker, words); }));
  list->add_option("--serial", words.serial, "show this device's audit log");
  list->add_flag("--json", words.json);
  auto* blocking = command("block", "give no voucher for a device any more",
                           with_maker([&](Factory& maker) { return block(maker, words); }));
  blocking->add_option("--serial", words.serial)->required();
  blocking->add_flag("--undo", words.unblock, "give them again");

  CLI11_PARSE(app, argc, argv);
  const auto done = run();
  if (done) return 0;
  std::cerr << "pratique-factory: " << done.error().message << " (" << done.error().reason << ")\n";
  return 1;
}
