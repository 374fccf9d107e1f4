// bare_commits FOLDER COUNT: what a durable SQLite commit costs in this folder, with nothing around it: one
// row into one table, write-ahead log, synchronous=FULL. Prints JSON: CPU and elapsed milliseconds for each
// commit.

#include "bench/cpu_time.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace {

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

bool execute(const Database& database, const char* sql) {
  return sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool measure(const std::string& path, int count) {
  sqlite3* handle = nullptr;
  if (sqlite3_open(path.c_str(), &handle) != SQLITE_OK) return false;
  const Database database(handle);
  if (!execute(database,
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
               "CREATE TABLE rows (key BLOB PRIMARY KEY, document TEXT) WITHOUT ROWID;")) {
    return false;
  }
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(handle, "INSERT INTO rows VALUES (randomblob(32), ?)", -1, &prepared, nullptr);
  const Statement insert(prepared);
  const std::string document(200, 'x');
  const double cpu = oidcop::bench::cpu_milliseconds();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    sqlite3_bind_text(prepared, 1, document.c_str(), -1, SQLITE_STATIC);
    if (sqlite3_step(prepared) != SQLITE_DONE || sqlite3_reset(prepared) != SQLITE_OK) return false;
  }
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - begin;
  std::printf("{\"cpu_ms\": %.4f, \"elapsed_ms\": %.4f}\n", (oidcop::bench::cpu_milliseconds() - cpu) / count,
              elapsed.count() / count);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc == 3 ? std::atoi(argv[2]) : 0;  // NOLINT(cert-err34-c): nothing but a number will do
  if (count <= 0) {
    std::fputs("usage: bare_commits FOLDER COUNT\n", stderr);
    return 2;
  }
  const std::string path = std::filesystem::path(argv[1]) / "bare-commits.db";
  const bool done = measure(path, count);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  if (!done) std::fputs("bare_commits: the database cannot be used\n", stderr);
  return done ? 0 : 1;
}
