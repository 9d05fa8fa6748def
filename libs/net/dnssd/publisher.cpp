#include "libs/net/dnssd/publisher.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <avahi-common/alternative.h>
#include <avahi-common/domain.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/strlst.h>
#include <avahi-core/publish.h>

#include "libs/net/dnssd/responder.h"

namespace pratique::dnssd {
namespace {

constexpr std::size_t kMaxTxtEntry = 255;    // RFC 6763 section 6.1
constexpr std::size_t kMaxTxtRecord = 1300;  // RFC 6763 section 6.2: what fits one Ethernet packet

Error invalid_publication(std::string_view what) { return invalid("DNSSD_PUBLICATION_INVALID", what); }

Result<void> check(const Publication& publication) {
  TRY_VOID(check_type(publication.type));
  if (publication.instance.contains('\0') || avahi_is_valid_service_name(publication.instance.c_str()) == 0)
    return invalid_publication("instance: expected 1 to 63 bytes of UTF-8 without control characters");
  if (publication.port == 0) return invalid_publication("port: expected 1 to 65535");
  std::size_t size = 0;
  for (const auto& [key, value] : publication.txt) {
    const bool printable = std::ranges::all_of(key, [](char c) { return c >= 0x20 && c < 0x7f && c != '='; });
    if (key.empty() || !printable) return invalid_publication("txt: a key is printable ASCII without '='");
    const std::size_t entry = key.size() + 1 + value.size();
    if (entry > kMaxTxtEntry) return invalid_publication("txt: '" + key + "' is longer than 255 bytes");
    size += entry + 1;
  }
  if (size > kMaxTxtRecord) return invalid_publication("txt: longer than 1300 bytes in all");
  return {};
}

struct TxtList {
  explicit TxtList(const Txt& txt) {
    for (const auto& [key, value] : txt) {
      const std::string entry = value.empty() ? key : key + "=" + value;
      list = avahi_string_list_add_arbitrary(list, reinterpret_cast<const std::uint8_t*>(entry.data()), entry.size());
    }
  }
  ~TxtList() { avahi_string_list_free(list); }
  TxtList(const TxtList&) = delete;
  TxtList& operator=(const TxtList&) = delete;
  AvahiStringList* list = nullptr;
};

std::string take(char* text) {
  std::string copy(text == nullptr ? "" : text);
  avahi_free(text);
  return copy;
}

}  // namespace

// The thread runs the loop; every callback arrives on it (or, while start() runs, on the caller before the thread
// exists). What others read, names and progress, is under the mutex.
class Publisher::Impl {
 public:
  explicit Impl(std::vector<Publication> publications) {
    for (auto& publication : publications)
      entries_.push_back(std::make_unique<Entry>(this, std::move(publication)));
  }

  ~Impl() {
    if (thread_.joinable()) {
      stopping_ = true;
      responder_->wake();
      thread_.join();
    }
    responder_.reset();  // says goodbye
  }

  Result<void> start(const PublisherOptions& options) {
    const ResponderOptions speaking{options.host_name, options.interfaces, options.ipv4, options.ipv6, true};
    const auto on_state = [this](AvahiServer* server, int state) { server_changed(server, state); };
    TRY(responder_, Responder::open(speaking, on_state));
    thread_ = std::thread([this] {
      while (!stopping_)
        if (!responder_->run(std::chrono::milliseconds(-1))) return fail("the multicast DNS loop ended");
    });
    return {};
  }

  Result<void> wait_published(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    const auto settled = [this] { return !failure_.empty() || all_established(); };
    if (!changed_.wait_for(lock, timeout, settled))
      return Error{ErrorCode::deadline_exceeded, "DNSSD_NOT_PUBLISHED", "the names are not established yet"};
    if (!failure_.empty()) return unavailable("DNSSD_UNAVAILABLE", failure_);
    return {};
  }

  std::vector<std::string> instances() {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> names;
    for (const auto& entry : entries_) names.push_back(entry->publication.instance);
    return names;
  }

 private:
  struct Entry {
    Entry(Impl* impl, Publication what) : owner(impl), publication(std::move(what)) {}
    Impl* owner;
    Publication publication;
    AvahiSEntryGroup* group = nullptr;  // owned by the server
    bool established = false;
  };

  bool all_established() const {
    return std::ranges::all_of(entries_, [](const auto& entry) { return entry->established; });
  }

  void server_changed(AvahiServer* server, int state) {
    switch (state) {
      case AVAHI_SERVER_RUNNING:
        for (const auto& entry : entries_) publish(server, *entry);
        break;
      case AVAHI_SERVER_COLLISION: {
        withdraw();
        const std::string next = take(avahi_alternative_host_name(avahi_server_get_host_name(server)));
        const int code = avahi_server_set_host_name(server, next.c_str());
        if (code < 0) fail(avahi_strerror(code));
        break;
      }
      case AVAHI_SERVER_REGISTERING: withdraw(); break;  // the host's name is being probed; the services follow it
      case AVAHI_SERVER_FAILURE: fail(avahi_strerror(avahi_server_errno(server))); break;
      default: break;
    }
  }

  void withdraw() {
    for (const auto& entry : entries_) {
      if (entry->group != nullptr) avahi_s_entry_group_reset(entry->group);
      set_established(*entry, false);
    }
  }

  void publish(AvahiServer* server, Entry& entry) {
    if (entry.group == nullptr) entry.group = avahi_s_entry_group_new(server, on_group, &entry);
    if (entry.group == nullptr) return fail(avahi_strerror(avahi_server_errno(server)));
    if (!avahi_s_entry_group_is_empty(entry.group)) return;

    const TxtList txt(entry.publication.txt);
    int code = AVAHI_ERR_COLLISION;
    while (code == AVAHI_ERR_COLLISION) {  // taken by a neighbour entry of this very publisher
      code = avahi_server_add_service_strlst(server, entry.group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                             static_cast<AvahiPublishFlags>(0), entry.publication.instance.c_str(),
                                             entry.publication.type.c_str(), nullptr, nullptr, entry.publication.port,
                                             txt.list);
      if (code == AVAHI_ERR_COLLISION) {
        avahi_s_entry_group_reset(entry.group);
        rename(entry);
      }
    }
    if (code >= 0) code = avahi_s_entry_group_commit(entry.group);
    if (code < 0) fail(avahi_strerror(code));
  }

  static void on_group(AvahiServer* server, AvahiSEntryGroup* group, AvahiEntryGroupState state, void* data) {
    auto& entry = *static_cast<Entry*>(data);
    Impl& self = *entry.owner;
    entry.group = group;  // the first call comes before avahi_s_entry_group_new returns
    switch (state) {
      case AVAHI_ENTRY_GROUP_ESTABLISHED: self.set_established(entry, true); break;
      case AVAHI_ENTRY_GROUP_COLLISION:
        self.set_established(entry, false);
        avahi_s_entry_group_reset(group);
        self.rename(entry);
        self.publish(server, entry);
        break;
      case AVAHI_ENTRY_GROUP_FAILURE: self.fail(avahi_strerror(avahi_server_errno(server))); break;
      default: break;
    }
  }

  void rename(Entry& entry) {
    std::string next = take(avahi_alternative_service_name(entry.publication.instance.c_str()));
    const std::scoped_lock lock(mutex_);
    entry.publication.instance = std::move(next);
  }

  void set_established(Entry& entry, bool established) {
    const std::scoped_lock lock(mutex_);
    entry.established = established;
    changed_.notify_all();
  }

  void fail(const char* why) {
    const std::scoped_lock lock(mutex_);
    failure_ = std::string("the responder failed: ") + why;
    changed_.notify_all();
  }

  std::unique_ptr<Responder> responder_;
  std::thread thread_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::string failure_;
};

Result<Publisher> Publisher::start(const PublisherOptions& options, std::vector<Publication> publications) {
  if (publications.empty()) return invalid_publication("expected at least one publication");
  if (!options.host_name.empty() &&
      (options.host_name.contains('\0') || options.host_name.contains('.') ||
       avahi_is_valid_host_name(options.host_name.c_str()) == 0))
    return invalid_publication("host_name: expected a single label");
  for (const auto& publication : publications) TRY_VOID(check(publication));
  auto impl = std::make_unique<Impl>(std::move(publications));
  TRY_VOID(impl->start(options));
  return Publisher(std::move(impl));
}

Publisher::Publisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Publisher::Publisher(Publisher&&) noexcept = default;
Publisher& Publisher::operator=(Publisher&&) noexcept = default;
Publisher::~Publisher() = default;

Result<void> Publisher::wait_published(std::chrono::milliseconds timeout) const {
  return impl_->wait_published(timeout);
}
std::vector<std::string> Publisher::instances() const { return impl_->instances(); }

}  // namespace pratique::dnssd
