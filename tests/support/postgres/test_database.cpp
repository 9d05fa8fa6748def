#include "tests/support/postgres/test_database.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <unistd.h>

#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/nontransaction>
#include <pqxx/result>

#include "tests/support/postgres/cluster_process.h"

// libpqxx 6.4 does not clear the last result of a connection that broke (some 2 kB each); known to the leak sanitizer
// here, because every test that kills a server links this file.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx"; }

namespace pratique::support {
namespace {

pqxx::result run(const std::string& conninfo, std::string_view sql) {
  pqxx::connection connection(conninfo);
  const pqxx::quiet_errorhandler quiet(connection);
  return pqxx::nontransaction(connection).exec(std::string(sql));
}

// One a process, started when the first test wants it.
const std::string& shared_cluster() {
  struct Shared {
    Shared() {
      if (const char* given = std::getenv("PRATIQUE_TEST_PG"); given && *given) {
        conninfo = given;
        return;
      }
      auto started = start_new_cluster();
      folder = std::move(started.folder);
      conninfo = std::move(started.conninfo);
    }
    ~Shared() {
      if (!folder.empty()) remove_cluster(folder);
    }
    std::string folder, conninfo;
  };
  static const Shared shared;
  return shared.conninfo;
}

// Processes on several machines may share a cluster, so a part of the name is random.
std::string fresh_name() {
  static const unsigned salt = std::random_device{}();
  static std::atomic<int> counter{0};
  return "t_" + std::to_string(::getpid()) + "_" + std::to_string(salt) + "_" + std::to_string(++counter);
}

std::string make_database(const std::string& cluster, const std::string& name) {
  run(cluster, "CREATE DATABASE " + name + " TEMPLATE template0");
  return cluster + " dbname=" + name;  // the last mention of a keyword wins
}

}  // namespace

TestDatabase::TestDatabase()
    : cluster_(shared_cluster()), name_(fresh_name()), conninfo_(make_database(cluster_, name_)) {}

TestDatabase::TestDatabase(const TestCluster& cluster)
    : cluster_(cluster.conninfo()), name_(fresh_name()), conninfo_(make_database(cluster_, name_)) {}

TestDatabase::~TestDatabase() {
  try {
    run(cluster_, "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "test database %s stays behind: %s\n", name_.c_str(), failed.what());
  }
}

void TestDatabase::execute(std::string_view sql) const { run(conninfo_, sql); }

std::string TestDatabase::query(std::string_view sql) const {
  const auto rows = run(conninfo_, sql);
  return rows.empty() || rows[0][0].is_null() ? std::string() : rows[0][0].c_str();
}

TestCluster::TestCluster() {
  auto started = start_new_cluster();
  folder_ = std::move(started.folder);
  conninfo_ = std::move(started.conninfo);
}
TestCluster::~TestCluster() { remove_cluster(folder_); }
void TestCluster::kill_server() { kill_cluster(folder_); }
void TestCluster::start_server() { start_cluster(folder_); }

}  // namespace pratique::support
