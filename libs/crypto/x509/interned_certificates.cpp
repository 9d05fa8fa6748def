#include "libs/crypto/x509/interned_certificates.h"

#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace pratique::crypto {
namespace {

struct Interned {
  std::mutex mutex;
  std::size_t bytes = 0;  // of DER
  std::list<Certificate> newest_first;
  // Keys are views of the certificates' own DER.
  std::unordered_map<std::string_view, std::list<Certificate>::iterator> by_der;
};

// Never destroyed: at the end of the process OpenSSL may be gone before it.
Interned& interned() {
  static auto& table = *new Interned;
  return table;
}

}  // namespace

std::optional<Certificate> find_interned(ByteView der) {
  if (der.size() > kMaxInternedSize) return std::nullopt;
  auto& table = interned();
  const std::lock_guard lock(table.mutex);
  const auto found = table.by_der.find(as_text(der));
  if (found == table.by_der.end()) return std::nullopt;
  table.newest_first.splice(table.newest_first.begin(), table.newest_first, found->second);
  return *found->second;
}

void intern(const Certificate& certificate) {
  if (certificate.der().size() > kMaxInternedSize) return;
  auto& table = interned();
  std::list<Certificate> dropped;  // freed after the lock is
  const std::lock_guard lock(table.mutex);
  if (table.by_der.contains(as_text(certificate.der()))) return;
  table.newest_first.push_front(certificate);
  table.by_der.emplace(as_text(table.newest_first.front().der()), table.newest_first.begin());
  table.bytes += certificate.der().size();
  while (table.newest_first.size() > kMaxInterned || table.bytes > kMaxInternedBytes) {
    const auto oldest = std::prev(table.newest_first.end());
    table.by_der.erase(as_text(oldest->der()));
    table.bytes -= oldest->der().size();
    dropped.splice(dropped.begin(), table.newest_first, oldest);
  }
}

}  // namespace pratique::crypto
