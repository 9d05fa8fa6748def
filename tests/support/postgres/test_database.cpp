#include "tests/support/postgres/test_database.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <unistd.h>

#include <memory>
#include <stdexcept>

#include <libpq-fe.h>

#include "tests/support/postgres/cluster_process.h"

namespace pratique::support {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Answer run(const std::string& conninfo, std::string_view sql) {
  const Connection connection(PQconnectdb(conninfo.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeReceiver(connection.get(), [](void*, const PGresult*) {}, nullptr);
  Answer answer(PQexec(connection.get(), std::string(sql).c_str()), PQclear);
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  return answer;
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
  const auto answer = run(conninfo_, sql);
  if (PQntuples(answer.get()) == 0) return {};
  return PQgetvalue(answer.get(), 0, 0);  // "" for NULL
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
