// A real, fresh PostgreSQL database for one test.
//
//   TestDatabase database;                                  // dropped at the end of the test
//   auto pool = pg::Pool::open({.database = {.conninfo = database.conninfo(), .schema = "registrar"}});
//
// The cluster is the one that PRATIQUE_TEST_PG names (a superuser's conninfo, as `./run test` sets it); without it the
// process starts a private one through tools/run/postgres.sh when first needed, and removes it at exit.
// A cluster that cannot be had ends the test by an exception: there is nothing to test without it.
#pragma once

#include <string>
#include <string_view>

namespace pratique::support {

class TestCluster;

class TestDatabase {
 public:
  /// A database in the shared cluster, or in one of the test's own, which must outlive it.
  TestDatabase();
  explicit TestDatabase(const TestCluster& cluster);
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();

  /// libpq keyword form, as superuser.
  const std::string& conninfo() const { return conninfo_; }
  const std::string& name() const { return name_; }
  /// Runs SQL as superuser in this database, several statements allowed; throws on failure.
  void execute(std::string_view sql) const;
  /// The first column of the first row, "" for NULL or no row; throws on failure.
  std::string query(std::string_view sql) const;

 private:
  std::string cluster_;
  std::string name_;
  std::string conninfo_;
};

/// A cluster of one's own, for tests that kill it. Slower (about a second): one a test case, not one a section.
class TestCluster {
 public:
  TestCluster();
  TestCluster(const TestCluster&) = delete;
  TestCluster& operator=(const TestCluster&) = delete;
  ~TestCluster();

  /// Superuser's conninfo of database "postgres".
  const std::string& conninfo() const { return conninfo_; }
  /// kill -9 of the whole server, as a power failure would; then the socket is dead.
  void kill_server();
  /// Starts it again on the same data and the same socket.
  void start_server();

 private:
  std::string folder_;
  std::string conninfo_;
};

}  // namespace pratique::support
