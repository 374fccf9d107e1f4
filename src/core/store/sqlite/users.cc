#include "store/sqlite/backend.h"
#include "store/sqlite/revocation.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {
namespace {

Result<model::User> one_user(Query& query) {
  const auto row = query.next();
  if (!row) return fail(row.error());
  if (!*row) return fail(Errc::not_found, "no such user");
  return read_user(query);
}

/// Inserts, or updates the row of that id: replacing it would take everything that hangs on it along.
constexpr std::string_view kInsert =
    "INSERT INTO users (id, username, subject, password_hash, enabled, groups, claims, created_at, "
    "updated_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
constexpr std::string_view kUpdate =
    "UPDATE users SET username = ?2, subject = ?3, password_hash = ?4, enabled = ?5, groups = ?6, claims = "
    "?7, "
    "created_at = ?8, updated_at = ?9 WHERE id = ?1";

Result<int> put(Connection& connection, std::string_view sql, const model::User& user) {
  auto query = connection.query(sql);
  query.bind(user.id.text(), user.username, user.subject, user.password_hash, user.enabled,
             to_document(user.groups), to_document(user.claims), user.created_at, user.updated_at);
  auto changed = query.run();
  if (!changed && changed.error().code == Errc::conflict) {
    return fail(Errc::conflict, "there is a user with this name, id or subject already");
  }
  return changed;
}

/// Accounts without a password are passed over, but not an unbounded number of them.
constexpr std::string_view kNeighbour =
    "SELECT password_hash FROM (SELECT password_hash FROM users WHERE id >= ?1 ORDER BY id LIMIT 100) "
    "WHERE password_hash <> '' LIMIT 1";

}  // namespace

Result<model::User> Backend::find_user(const model::UserId& id) {
  return read([&](Connection& connection) {
    auto query = connection.query("SELECT " OIDCOP_USER_COLUMNS " FROM users u WHERE u.id = ?");
    return one_user(query.bind(id.text()));
  });
}

Result<model::User> Backend::find_user_by_name(std::string_view username) {
  return read([&](Connection& connection) {
    auto query = connection.query("SELECT " OIDCOP_USER_COLUMNS " FROM users u WHERE u.username = ?");
    return one_user(query.bind(username));
  });
}

Result<std::vector<model::User>> Backend::list_users() {
  return read([&](Connection& connection) -> Result<std::vector<model::User>> {
    auto query = connection.query("SELECT " OIDCOP_USER_COLUMNS " FROM users u ORDER BY u.username");
    std::vector<model::User> users;
    while (true) {
      const auto row = query.next();
      if (!row) return fail(row.error());
      if (!*row) return users;
      auto user = read_user(query);
      if (!user) return fail(std::move(user).error());
      users.push_back(std::move(*user));
    }
  });
}

Result<void> Backend::put_user(const model::User& user, IfExists if_exists) {
  return write([&](Connection& connection) -> Result<void> {
    if (if_exists == IfExists::replace) {
      const auto changed = put(connection, kUpdate, user);
      if (!changed) return fail(changed.error());
      if (*changed != 0) return {};
    }
    const auto inserted = put(connection, kInsert, user);
    if (!inserted) return fail(inserted.error());
    return {};
  });
}

Result<void> Backend::set_password(const model::UserId& id, const std::string& hash, TimePoint now) {
  return write([&](Connection& connection) -> Result<void> {
    auto update = connection.query("UPDATE users SET password_hash = ?2, updated_at = ?3 WHERE id = ?1");
    const auto changed = update.bind(id.text(), hash, now).run();
    if (!changed) return fail(changed.error());
    if (*changed == 0) return fail(Errc::not_found, "no such user");
    return end_sessions_of(connection, id, now);
  });
}

Result<void> Backend::replace_password_hash(const model::UserId& id, const std::string& verified,
                                            const std::string& next) {
  return write([&](Connection& connection) -> Result<void> {
    auto update =
        connection.query("UPDATE users SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2");
    const auto changed = update.bind(id.text(), verified, next).run();
    if (!changed) return fail(changed.error());
    if (*changed == 0) return fail(Errc::conflict, "the user has another password hash by now");
    return {};
  });
}

Result<std::string> Backend::borrow_password_hash(std::string_view key) {
  return read([&](Connection& connection) -> Result<std::string> {
    for (const auto from : {key, std::string_view()}) {  // after the last id comes the first
      auto query = connection.query(kNeighbour);
      const auto row = query.bind(from).next();
      if (!row) return fail(row.error());
      if (*row) return query.text();
    }
    return fail(Errc::not_found, "nobody has a password");
  });
}

Result<void> Backend::delete_user(const model::UserId& id) {
  return write([&](Connection& connection) -> Result<void> {
    auto remove = connection.query("DELETE FROM users WHERE id = ?");
    const auto changed = remove.bind(id.text()).run();
    if (!changed) return fail(changed.error());
    if (*changed == 0) return fail(Errc::not_found, "no such user");
    return {};
  });
}

}  // namespace oidcop::store::sqlite
