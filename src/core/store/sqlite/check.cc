#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"

#include <sys/stat.h>

#include <array>
#include <utility>

namespace oidcop::store::sqlite {
namespace {

using Findings = std::vector<std::string>;

struct Invariant {
  std::string_view broken;  ///< what it means when a row is found
  std::string_view count;   ///< counts the offending rows
};

constexpr std::array kInvariants{
    Invariant{"codes with more than one refresh token",
              "SELECT count(*) FROM (SELECT 1 FROM tokens c JOIN tokens t ON t.based_on = c.digest "
              "WHERE c.class = 0 AND t.class = 2 GROUP BY c.digest HAVING count(*) > 1)"},
    Invariant{"codes with more than one access token",
              "SELECT count(*) FROM (SELECT 1 FROM tokens c JOIN tokens t ON t.based_on = c.digest "
              "WHERE c.class = 0 AND t.class = 1 GROUP BY c.digest HAVING count(*) > 1)"},
    Invariant{"unspent codes that something was minted from",
              "SELECT count(*) FROM tokens c WHERE c.class = 0 AND c.used = 0 AND EXISTS "
              "(SELECT 1 FROM tokens t WHERE t.based_on = c.digest)"},
    Invariant{"refresh tokens with more successors than uses",
              "SELECT count(*) FROM (SELECT 1 FROM tokens p JOIN tokens t ON t.based_on = p.digest "
              "WHERE p.class = 2 AND t.class = 2 GROUP BY p.digest, p.used HAVING count(*) > p.used)"},
    Invariant{"tokens whose parent belongs to another grant",
              "SELECT count(*) FROM tokens t JOIN tokens p ON p.digest = t.based_on "
              "WHERE t.grant_id <> p.grant_id"},
    Invariant{"live tokens under a revoked grant",
              "SELECT count(*) FROM tokens t JOIN grants g ON g.id = t.grant_id "
              "WHERE g.revoked_at IS NOT NULL AND t.revoked_at IS NULL"},
    Invariant{"live grants under an ended session",
              "SELECT count(*) FROM grants g JOIN client_sessions cs ON cs.id = g.client_session "
              "JOIN user_sessions us ON us.id = cs.user_session "
              "WHERE us.ended_at IS NOT NULL AND g.offline = 0 AND g.revoked_at IS NULL"},
    Invariant{"sessions that would be swept before their grants",
              "SELECT count(*) FROM grants g JOIN client_sessions cs ON cs.id = g.client_session "
              "JOIN user_sessions us ON us.id = cs.user_session WHERE us.kept_until < g.expires_at"},
    Invariant{"clients whose registration says otherwise whether they are vetted",
              "SELECT count(*) FROM registrations r JOIN clients c ON c.id = r.client_id "
              "WHERE json_valid(c.document) AND r.vetted <> json_extract(c.document, '$.vetted')"},
    Invariant{
        "documents that are no JSON",
        "SELECT (SELECT count(*) FROM clients WHERE NOT json_valid(document)) + "
        "(SELECT count(*) FROM users WHERE NOT (json_valid(groups) AND json_valid(claims))) + "
        "(SELECT count(*) FROM user_sessions WHERE NOT json_valid(amr)) + "
        "(SELECT count(*) FROM grants WHERE NOT (json_valid(amr) AND json_valid(authorization_request))) + "
        "(SELECT count(*) FROM consents WHERE NOT json_valid(claims))"},
};

/// What SQLite finds wrong with the pages, trees and indexes; one row "ok" when nothing.
Result<void> check_structure(Connection& connection, Findings& findings) {
  auto query = connection.query("PRAGMA integrity_check(20)");
  while (true) {
    const auto row = query.next();
    if (!row) return fail(row.error());
    if (!*row) return {};
    if (auto finding = query.text(); finding != "ok") findings.push_back("structure: " + finding);
  }
}

Result<void> check_references(Connection& connection, Findings& findings) {
  auto query = connection.query(
      "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent");
  while (true) {
    const auto row = query.next();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const auto table = query.text();
    const auto parent = query.text();
    findings.push_back("references: " + std::to_string(query.integer()) + " rows of " + table +
                       " refer to missing rows of " + parent);
  }
}

Result<void> check_invariants(Connection& connection, Findings& findings) {
  for (const auto& [broken, count] : kInvariants) {
    const auto found = connection.number(count);
    if (!found) return fail(found.error());
    if (*found != 0) findings.push_back(std::string(broken) + ": " + std::to_string(*found));
  }
  return {};
}

void check_mode(const std::string& path, Findings& findings) {
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    const auto name = path + suffix;
    struct stat status {};
    if (::stat(name.c_str(), &status) != 0 || (status.st_mode & 0007U) == 0) continue;
    findings.push_back("files: " + name +
                       " can be used by every user of this machine; mend with: chmod o= " + name);
  }
}

}  // namespace

Result<std::vector<std::string>> Backend::check() {
  Findings findings;
  auto checked = read([&](Connection& connection) -> Result<void> {
    if (auto done = check_structure(connection, findings); !done) return done;
    if (!findings.empty()) return {};  // what stands in damaged pages proves nothing
    if (auto done = check_references(connection, findings); !done) return done;
    return check_invariants(connection, findings);
  });
  if (!checked) return fail(std::move(checked).error());
  check_mode(path_, findings);
  return findings;
}

}  // namespace oidcop::store::sqlite
