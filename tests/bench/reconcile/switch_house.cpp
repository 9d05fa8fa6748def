#include "tests/bench/reconcile/switch_house.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "libs/codec/json/parse.h"

namespace pratique::bench {

struct SwitchHouse::Switch {
  Switch(const json::Value& schema, int ports) : database(schema, ports) {}
  SwitchDatabase database;
  FlowTable table;
  int database_port = 0, table_port = 0;
};

struct SwitchHouse::Connection {
  int fd = -1;
  Switch* of = nullptr;
  bool database = false;
  Bytes output = {};
};

namespace {

Error failed(std::string_view what) {
  return internal("BENCH_SWITCH", std::string(what) + ": " + std::strerror(errno));
}

void follow(int poll, int operation, int fd, bool write) {
  epoll_event event{};
  event.events = EPOLLIN | (write ? EPOLLOUT : 0U);
  event.data.fd = fd;
  epoll_ctl(poll, operation, fd, &event);
}

Result<int> listen_anywhere(int& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(fd, 16) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    close(fd);
    return failed("listen");
  }
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

SwitchHouse::SwitchHouse(json::Value schema) : schema_(std::move(schema)), poll_(epoll_create1(EPOLL_CLOEXEC)) {}

Result<std::unique_ptr<SwitchHouse>> SwitchHouse::open(std::string_view schema) {
  TRY(auto parsed, json::parse(schema));
  return std::unique_ptr<SwitchHouse>(new SwitchHouse(std::move(parsed)));
}

SwitchHouse::~SwitchHouse() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  for (const auto& [fd, connection] : connections_) close(fd);
  for (const auto& [fd, on] : listeners_) close(fd);
  close(poll_);
}

Result<std::size_t> SwitchHouse::add(int ports) {
  auto made = std::make_unique<Switch>(schema_, ports);
  for (const bool database : {true, false}) {
    TRY(const int fd, listen_anywhere(database ? made->database_port : made->table_port));
    listeners_.emplace(fd, std::pair(made.get(), database));
    follow(poll_, EPOLL_CTL_ADD, fd, false);
  }
  switches_.push_back(std::move(made));
  return switches_.size() - 1;
}

void SwitchHouse::start() {
  thread_ = std::thread([this] { serve(); });
}

std::string SwitchHouse::ovsdb_address(std::size_t number) const {
  return fmt::format("127.0.0.1:{}", switches_.at(number)->database_port);
}
std::string SwitchHouse::openflow_address(std::size_t number) const {
  return fmt::format("127.0.0.1:{}", switches_.at(number)->table_port);
}

std::chrono::steady_clock::time_point SwitchHouse::last_commit(std::size_t number) const {
  const std::lock_guard lock(mutex_);
  return switches_.at(number)->table.last_commit();
}

std::size_t SwitchHouse::flows(std::size_t first, std::size_t count) const {
  const std::lock_guard lock(mutex_);
  std::size_t out = 0;
  for (std::size_t i = first; i < first + count; ++i) out += switches_.at(i)->table.size();
  return out;
}

void SwitchHouse::restart(std::size_t first, std::size_t count, bool forget) {
  const std::lock_guard lock(mutex_);
  std::vector<int> over;
  for (std::size_t i = first; i < first + count; ++i) {
    if (forget) switches_.at(i)->table.forget();
    for (const auto& [fd, connection] : connections_)
      if (connection->of == switches_[i].get()) over.push_back(fd);
  }
  for (const int fd : over) close_it(fd);
}

std::string SwitchHouse::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void SwitchHouse::serve() {
  std::array<epoll_event, 64> events{};
  while (!stopping_) {
    const int count = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 200);
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const int fd = event.data.fd;
      if (const auto listener = listeners_.find(fd); listener != listeners_.end()) {
        accept_on(fd, *listener->second.first, listener->second.second);
        continue;
      }
      const auto found = connections_.find(fd);
      if (found == connections_.end()) continue;
      if ((event.events & EPOLLOUT) != 0) say(*found->second);
      if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) hear(*found->second);
    }
  }
}

void SwitchHouse::accept_on(int listener, Switch& on, bool database) {
  const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  auto made = std::make_unique<Connection>();
  made->fd = fd;
  made->of = &on;
  made->database = database;
  if (database) on.database.greet();
  else made->output = on.table.greet();
  follow(poll_, EPOLL_CTL_ADD, fd, false);
  say(*connections_.insert_or_assign(fd, std::move(made)).first->second);
}

void SwitchHouse::hear(Connection& connection) {
  std::array<std::uint8_t, 65536> buffer;
  const auto count = read(connection.fd, buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close_it(connection.fd);
  const ByteView heard(buffer.data(), static_cast<std::size_t>(count));
  const auto answer = [&]() -> Result<void> {
    if (connection.database) {
      TRY(const auto text, connection.of->database.hear(heard));
      connection.output.insert(connection.output.end(), text.begin(), text.end());
    } else {
      TRY(const auto bytes, connection.of->table.hear(heard));
      connection.output.insert(connection.output.end(), bytes.begin(), bytes.end());
    }
    return {};
  }();
  if (!answer) {
    trouble_ = answer.error().message;
    return close_it(connection.fd);
  }
  say(connection);
}

void SwitchHouse::say(Connection& connection) {
  auto& output = connection.output;
  std::size_t sent = 0;
  while (sent < output.size()) {
    const auto count = send(connection.fd, output.data() + sent, output.size() - sent, MSG_NOSIGNAL);
    if (count < 0) break;  // full, or over: then reading says so
    sent += static_cast<std::size_t>(count);
  }
  output.erase(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(sent));
  follow(poll_, EPOLL_CTL_MOD, connection.fd, !output.empty());
}

void SwitchHouse::close_it(int fd) {
  connections_.erase(fd);
  close(fd);
}

}  // namespace pratique::bench
