#include "libs/net/dnssd/responder.h"

#include <net/if.h>

#include <avahi-common/domain.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <avahi-core/core.h>

#include "libs/net/dnssd/chatter.h"

namespace pratique::dnssd {
namespace {

constexpr unsigned kMaxCacheEntries = 1024;  // an interface; Avahi's own limit is 4096

Result<AvahiStringList*> known_interfaces(const std::vector<std::string>& names) {
  AvahiStringList* list = nullptr;
  for (const auto& name : names) {
    if (if_nametoindex(name.c_str()) == 0) {
      avahi_string_list_free(list);
      return invalid("DNSSD_INTERFACE_UNKNOWN", "there is no network interface '" + name + "'");
    }
    list = avahi_string_list_add(list, name.c_str());
  }
  return list;
}

}  // namespace

Result<void> check_type(std::string_view type) {
  if (type.contains('\0') || avahi_is_valid_service_type_strict(std::string(type).c_str()) == 0)
    return invalid("DNSSD_TYPE_INVALID", "expected a service type like _brski-proxy._tcp");
  return {};
}

Error responder_error(std::string_view what, int code) {
  return unavailable("DNSSD_UNAVAILABLE", std::string(what) + ": " + avahi_strerror(code));
}

Result<std::unique_ptr<Responder>> Responder::open(const ResponderOptions& options, StateChange on_state) {
  route_chatter();
  TRY(AvahiStringList* const interfaces, known_interfaces(options.interfaces));

  AvahiServerConfig config;
  avahi_server_config_init(&config);
  config.allow_interfaces = interfaces;
  if (!options.host_name.empty()) config.host_name = avahi_strdup(options.host_name.c_str());
  config.use_ipv4 = options.ipv4;
  config.use_ipv6 = options.ipv6;
  config.disable_publishing = !options.publish;
  config.publish_hinfo = 0;  // tells strangers the system and the processor
  config.publish_workstation = 0;
  config.publish_domain = 0;
  config.enable_wide_area = 0;
  config.n_cache_entries_max = kMaxCacheEntries;

  std::unique_ptr<Responder> responder(new Responder(std::move(on_state)));
  int code = AVAHI_ERR_NO_MEMORY;
  responder->poll_ = avahi_simple_poll_new();
  if (responder->poll_ != nullptr) {
    const auto trampoline = [](AvahiServer* server, AvahiServerState state, void* self) {
      static_cast<Responder*>(self)->on_state_(server, state);
    };
    responder->server_ =
        avahi_server_new(avahi_simple_poll_get(responder->poll_), &config, trampoline, responder.get(), &code);
  }
  avahi_server_config_free(&config);
  if (responder->server_ == nullptr) return responder_error("cannot speak multicast DNS", code);
  return responder;
}

Responder::~Responder() {
  if (server_ != nullptr) avahi_server_free(server_);
  if (poll_ != nullptr) avahi_simple_poll_free(poll_);
}

bool Responder::run(std::chrono::milliseconds longest) {
  return avahi_simple_poll_iterate(poll_, static_cast<int>(longest.count())) == 0;
}

void Responder::wake() { avahi_simple_poll_wakeup(poll_); }

}  // namespace pratique::dnssd
