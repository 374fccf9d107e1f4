#include "store/sqlite/backend.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/token_rows.h"

namespace oidcop::store::sqlite {
namespace {

Result<model::PresentedToken> read_presented(Query& row) {
  model::PresentedToken presented;
  presented.token = read_token(row);
  auto grant = read_grant(row);
  if (!grant) return fail(std::move(grant).error());
  presented.grant = std::move(*grant);
  presented.client_session = read_client_session(row);
  presented.user_session_ended_at = row.optional_time();
  auto user = read_user(row);
  if (!user) return fail(std::move(user).error());
  presented.user = std::move(*user);
  presented.client_enabled = row.boolean();
  return presented;
}

constexpr std::string_view kRevokeWithDescendants =
    "UPDATE tokens SET revoked_at = ?2 WHERE revoked_at IS NULL AND digest IN ("
    "  WITH RECURSIVE below (grant_id, digest) AS ("
    "    SELECT grant_id, digest FROM tokens WHERE digest = ?1"
    "    UNION SELECT t.grant_id, t.digest FROM tokens t"
    "      JOIN below b ON t.grant_id = b.grant_id AND t.based_on = b.digest)"
    "  SELECT digest FROM below)";

}  // namespace

Result<std::optional<model::PresentedToken>> load_token(Connection& connection, const Digest& digest) {
  auto query = connection.query(
      "SELECT " OIDCOP_TOKEN_COLUMNS ", " OIDCOP_GRANT_COLUMNS ", " OIDCOP_CLIENT_SESSION_COLUMNS
      ", us.ended_at, " OIDCOP_USER_COLUMNS
      ", c.enabled FROM tokens t JOIN grants g ON g.id = t.grant_id "
      "JOIN client_sessions cs ON cs.id = g.client_session JOIN user_sessions us ON us.id = cs.user_session "
      "JOIN users u ON u.id = us.user_id JOIN clients c ON c.id = cs.client_id WHERE t.digest = ?");
  const auto row = query.bind(digest).next();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<model::PresentedToken>();
  auto presented = read_presented(query);
  if (!presented) return fail(std::move(presented).error());
  return std::optional(std::move(*presented));
}

Result<bool> take_jti(Connection& connection, const UsedJti& jti, TimePoint now) {
  auto query = connection.query(
      "INSERT INTO used_jtis (key, expires_at) VALUES (?1, ?2) "
      "ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE expires_at <= ?3");
  const auto changed = query.bind(jti.key, jti.expires_at, now).run();
  if (!changed) return fail(changed.error());
  return *changed != 0;
}

Result<model::PresentedToken> Backend::find_token(const Digest& digest) {
  return read([&](Connection& connection) -> Result<model::PresentedToken> {
    auto found = load_token(connection, digest);
    if (!found) return fail(std::move(found).error());
    if (!*found) return fail(Errc::not_found, "no such token");
    return std::move(**found);
  });
}

Result<void> Backend::revoke_token(const Digest& digest, TimePoint now) {
  return write([&](Connection& connection) -> Result<void> {
    auto find = connection.query("SELECT 1 FROM tokens WHERE digest = ?");
    const auto row = find.bind(digest).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such token");
    auto revoke = connection.query(kRevokeWithDescendants);
    return finish(revoke.bind(digest, now));
  });
}

Result<bool> Backend::use_jti(const UsedJti& jti, TimePoint now) {
  return write([&](Connection& connection) { return take_jti(connection, jti, now); });
}

}  // namespace oidcop::store::sqlite
