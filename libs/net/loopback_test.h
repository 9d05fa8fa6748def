// What the tests of this room share: a small PKI, a pool, raw sockets, and independent peers run as programs.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "libs/crypto/keys/software_key.h"
#include "libs/crypto/primitives/system_random.h"
#include "libs/crypto/x509/issue.h"
#include "libs/net/executor.h"
#include "libs/net/tls.h"

namespace pratique::net::loopback {

using namespace std::chrono_literals;

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
  return *std::move(result);
}
inline void must(Result<void> result) {
  if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
}

inline Timestamp date(int year) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::January / 1);
}

/// A root and what it issues.
class Pki {
 public:
  explicit Pki(const std::string& name)
      : key_(must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256))),
        root_(must(crypto::issue_self_signed(
            crypto::CertificateProfile::root_ca({.common_name = name}, date(2020), date(2090)), key_, random_))) {}

  const crypto::Certificate& root() const { return root_; }
  struct Issued {
    crypto::Certificate certificate;
    crypto::SoftwareKey key;
  };
  Issued issue(const std::string& name, crypto::SubjectAltNames names = {.dns = {"localhost"}, .ip = {"127.0.0.1"}},
               Timestamp until = date(2080)) {
    auto key = must(crypto::SoftwareKey::generate(crypto::KeyType::ec_p256));
    const auto profile = crypto::CertificateProfile::tls({.common_name = name}, std::move(names), date(2021), until);
    return {must(crypto::issue_certificate(profile, key.public_key(), root_, key_, random_)), key};
  }
  TlsIdentity identity(const std::string& name) {
    const auto issued = issue(name);
    return must(TlsIdentity::make({issued.certificate, root_}, issued.key));
  }

 private:
  crypto::SystemRandom random_;
  crypto::SoftwareKey key_;
  crypto::Certificate root_;
};

/// A bounded pool.
class Pool final : public Executor {
 public:
  explicit Pool(std::size_t threads = 4, std::size_t queue_limit = 64) : queue_limit_(queue_limit) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~Pool() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  bool try_post(std::move_only_function<void()> work) override {
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= queue_limit_) return false;
      queue_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      {
        auto work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work();
      }
      lock.lock();
    }
  }
  std::size_t queue_limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::move_only_function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// A door that one thread opens and others wait at.
class Door {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  bool wait(std::chrono::milliseconds timeout = 10s) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// Waits for what another thread is about to do.
template <typename Test>
bool eventually(Test&& test) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!test()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

inline sockaddr_in loopback_address(const char* address, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &where.sin_addr);
  return where;
}

/// A blocking TCP socket.
class RawSocket {
 public:
  explicit RawSocket(int fd) : fd_(fd) { limit(); }
  /// Connects from `source`, any address of 127/8.
  explicit RawSocket(std::uint16_t port, const char* source = "127.0.0.1") : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    limit();
    const auto from = loopback_address(source, 0);
    const auto to = loopback_address("127.0.0.1", port);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
        ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("cannot connect");
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool send(std::string_view text) const {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void half_close() const { ::shutdown(fd_, SHUT_WR); }
  /// At most `limit` bytes; "" at the end.
  std::string receive(std::size_t most = 4096) const {
    std::string out(most, '\0');
    const auto size = ::recv(fd_, out.data(), out.size(), 0);
    out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return out;
  }
  std::string receive_exactly(std::size_t size) const {
    std::string out;
    while (out.size() < size) {
      const auto more = receive(size - out.size());
      if (more.empty()) break;
      out += more;
    }
    return out;
  }
  /// Everything until the peer closes.
  std::string receive_all() const {
    std::string out;
    for (std::string more; !(more = receive()).empty();) out += more;
    return out;
  }

 private:
  void limit() const {
    const timeval five_seconds{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &five_seconds, sizeof five_seconds);
  }
  int fd_;
};

/// A listening TCP socket; what is not accepted waits in the backlog.
class RawListener {
 public:
  explicit RawListener(int backlog = 16) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    auto where = loopback_address("127.0.0.1", 0);
    socklen_t size = sizeof where;
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&where), size) != 0 || ::listen(fd_, backlog) != 0 ||
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(where.sin_port);
  }
  ~RawListener() { close(); }
  std::uint16_t port() const { return port_; }
  RawSocket accept() const { return RawSocket(::accept(fd_, nullptr, nullptr)); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

/// A port of the loopback on which nobody listens.
inline std::uint16_t closed_port() {
  RawListener listener;
  return listener.port();
}

/// A folder that goes with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "net-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string write(const std::string& name, std::string_view content) const {
    const auto path = (path_ / name).string();
    std::ofstream(path) << content;
    return path;
  }

 private:
  std::filesystem::path path_;
};

/// Runs a program of the machine and gives what it wrote, errors too.
inline std::string run_program(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string out;
  std::array<char, 4096> chunk;
  for (std::size_t size; (size = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;) out.append(chunk.data(), size);
  ::pclose(pipe);
  return out;
}

}  // namespace pratique::net::loopback
