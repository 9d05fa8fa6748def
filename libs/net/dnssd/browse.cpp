#include "libs/net/dnssd/browse.h"

#include <net/if.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>

#include <avahi-common/address.h>
#include <avahi-common/malloc.h>
#include <avahi-common/strlst.h>
#include <avahi-core/lookup.h>

#include "libs/net/dnssd/responder.h"

namespace pratique::dnssd {
namespace {

using Steady = std::chrono::steady_clock;

Txt read_txt(AvahiStringList* list) {
  Txt txt;
  for (auto* entry = list; entry != nullptr; entry = avahi_string_list_get_next(entry)) {
    const std::string_view text(reinterpret_cast<const char*>(avahi_string_list_get_text(entry)),
                                avahi_string_list_get_size(entry));
    const auto equals = text.find('=');
    std::string key(text.substr(0, equals));
    if (key.empty()) continue;  // RFC 6763 section 6.4: silently ignored
    std::ranges::transform(key, key.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // Avahi's list runs backwards, so the last one written here is the first of the record.
    txt.insert_or_assign(std::move(key), equals == std::string_view::npos ? "" : std::string(text.substr(equals + 1)));
  }
  return txt;
}

// One browse: the service browser, and two resolvers (an address family each) for every instance that it reports.
// The resolvers go with the server.
class Search {
 public:
  Search(AvahiServer* server, std::string type, const BrowseOptions& options)
      : server_(server), type_(std::move(type)), options_(options) {}

  bool start() {
    return avahi_s_service_browser_new(server_, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, type_.c_str(), nullptr,
                                       static_cast<AvahiLookupFlags>(0), on_browse, this) != nullptr;
  }
  std::vector<Service> take() { return std::move(found_); }
  bool full() const { return found_.size() >= options_.max_services; }
  std::optional<Steady::time_point> first_answer() const { return first_answer_; }

 private:
  static void on_browse(AvahiSServiceBrowser*, AvahiIfIndex interface, AvahiProtocol protocol, AvahiBrowserEvent event,
                        const char* name, const char* type, const char* domain, AvahiLookupResultFlags, void* self) {
    if (event == AVAHI_BROWSER_NEW) static_cast<Search*>(self)->resolve(interface, protocol, name, type, domain);
  }

  void resolve(AvahiIfIndex interface, AvahiProtocol protocol, const char* name, const char* type, const char* domain) {
    for (const AvahiProtocol family : {AVAHI_PROTO_INET, AVAHI_PROTO_INET6}) {
      if (!(family == AVAHI_PROTO_INET ? options_.ipv4 : options_.ipv6)) continue;
      if (resolvers_ >= 4 * options_.max_services) return;
      ++resolvers_;
      avahi_s_service_resolver_new(server_, interface, protocol, name, type, domain, family,
                                   static_cast<AvahiLookupFlags>(0), on_resolved, this);
    }
  }

  static void on_resolved(AvahiSServiceResolver*, AvahiIfIndex interface, AvahiProtocol, AvahiResolverEvent event,
                          const char* name, const char* type, const char*, const char* host,
                          const AvahiAddress* address, std::uint16_t port, AvahiStringList* txt,
                          AvahiLookupResultFlags, void* self) {
    if (event == AVAHI_RESOLVER_FOUND && address != nullptr && name != nullptr && host != nullptr)
      static_cast<Search*>(self)->add(interface, name, type, host, *address, port, txt);
  }

  void add(AvahiIfIndex interface, const char* name, const char* type, const char* host, const AvahiAddress& address,
           std::uint16_t port, AvahiStringList* txt) {
    char text[AVAHI_ADDRESS_STR_MAX] = {};
    if (port == 0 || avahi_address_snprint(text, sizeof text, &address) == nullptr || full()) return;
    char interface_name[IF_NAMESIZE] = {};
    if (if_indextoname(static_cast<unsigned>(interface), interface_name) == nullptr) return;
    if (!first_answer_) first_answer_ = Steady::now();

    Service service{name, type == nullptr ? type_ : type, host, text, port, interface, interface_name, read_txt(txt)};
    const auto same = std::ranges::find_if(found_, [&](const Service& other) {
      return other.instance == service.instance && other.address == service.address &&
             other.interface_index == service.interface_index;
    });
    if (same == found_.end()) found_.push_back(std::move(service));
    else *same = std::move(service);  // heard again over the other IP version, or changed meanwhile
  }

  AvahiServer* server_;
  std::string type_;
  const BrowseOptions& options_;
  std::vector<Service> found_;
  std::size_t resolvers_ = 0;
  std::optional<Steady::time_point> first_answer_;
};

}  // namespace

Result<std::vector<Service>> browse(std::string_view type, std::chrono::milliseconds timeout,
                                    const BrowseOptions& options) {
  TRY_VOID(check_type(type));
  const auto deadline = Steady::now() + timeout;
  ResponderOptions silent{.interfaces = options.interfaces, .ipv4 = options.ipv4, .ipv6 = options.ipv6};
  TRY(const auto responder, Responder::open(silent, [](AvahiServer*, int) {}));
  Search search(responder->server(), std::string(type), options);
  if (!search.start()) return responder_error("cannot browse", avahi_server_errno(responder->server()));

  while (!search.full()) {
    const auto end = search.first_answer() ? std::min(deadline, *search.first_answer() + options.settle) : deadline;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
    if (left.count() <= 0) break;
    if (!responder->run(left)) return unavailable("DNSSD_UNAVAILABLE", "the multicast DNS loop ended");
  }
  return search.take();
}

}  // namespace pratique::dnssd
