// Judges a database with nothing of the store's own code: only SQLite's C interface.
//
//   store_checker DATABASE TOKEN-DIGEST-IN-HEX
//
// Prints "used N", "access N", "refresh N" (what was minted from the token), "revoked N" (of its grant),
// and "winner HEX" for each refresh token minted from it. Exits 1 when a rule that holds for every database
// is broken.

#include <sqlite3.h>

#include <cstdio>
#include <string>

namespace {

sqlite3* database = nullptr;
bool is_sound = true;

std::string text(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    return sqlite3_errmsg(database);
  std::string result;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    if (!result.empty()) result += ' ';
    const auto* cell = sqlite3_column_text(statement, 0);
    if (cell != nullptr) result += reinterpret_cast<const char*>(cell);  // NOLINT: octets as chars
  }
  sqlite3_finalize(statement);
  return result;
}

void expect(const char* rule, const std::string& wanted, const std::string& sql) {
  const auto found = text(sql);
  if (found == wanted) return;
  std::printf("broken: %s: %s\n", rule, found.c_str());
  is_sound = false;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  if (sqlite3_open_v2(arguments[1], &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) return 2;
  const std::string digest = "x'" + std::string(arguments[2]) + "'";
  expect("structure", "ok", "PRAGMA integrity_check");
  expect("references", "", "PRAGMA foreign_key_check");
  expect("a code is used once at most", "0", "SELECT count(*) FROM tokens WHERE class = 0 AND used > 1");
  expect("a used token bought one pair, an unused one nothing", "0",
         "SELECT count(*) FROM tokens p WHERE class IN (0, 2) AND ("
         "(SELECT count(*) FROM tokens t WHERE t.based_on = p.digest AND t.class = 1) <> p.used OR "
         "(SELECT count(*) FROM tokens t WHERE t.based_on = p.digest AND t.class = 2) <> p.used)");
  expect("all under a revoked grant is revoked", "0",
         "SELECT count(*) FROM tokens t JOIN grants g ON g.id = t.grant_id "
         "WHERE g.revoked_at IS NOT NULL AND t.revoked_at IS NULL");
  expect(
      "a pair belongs to one winner", "0",
      "SELECT count(*) FROM tokens t JOIN tokens p ON p.digest = t.based_on WHERE t.grant_id <> p.grant_id");
  std::printf("used %s\n", text("SELECT used FROM tokens WHERE digest = " + digest).c_str());
  std::printf("access %s\n",
              text("SELECT count(*) FROM tokens WHERE class = 1 AND based_on = " + digest).c_str());
  std::printf("refresh %s\n",
              text("SELECT count(*) FROM tokens WHERE class = 2 AND based_on = " + digest).c_str());
  std::printf("revoked %s\n", text("SELECT g.revoked_at IS NOT NULL FROM tokens t JOIN grants g "
                                   "ON g.id = t.grant_id WHERE t.digest = " +
                                   digest)
                                  .c_str());
  std::printf("winner %s\n",
              text("SELECT lower(hex(digest)) FROM tokens WHERE class = 2 AND based_on = " + digest).c_str());
  sqlite3_close(database);
  return is_sound ? 0 : 1;
}
