#include "store/sqlite/backend.h"
#include "store/sqlite/client_rows.h"
#include "store/sqlite/rows.h"

namespace oidcop::store::sqlite {
namespace {

#define OIDCOP_INITIAL_TOKEN_COLUMNS \
  "id, digest, note, created_at, expires_at, max_uses, uses, revoked_at FROM initial_access_tokens"

model::InitialAccessToken read_initial_token(Query& row) {
  model::InitialAccessToken token;
  token.id = row.text();
  token.digest = row.digest();
  token.note = row.text();
  token.created_at = row.time();
  token.expires_at = row.time();
  token.max_uses = static_cast<int>(row.integer());
  token.uses = static_cast<int>(row.integer());
  token.revoked_at = row.optional_time();
  return token;
}

/// Spends one use. \return whether there was one.
Result<bool> use_initial_token(Connection& connection, const Digest& token, TimePoint now) {
  auto query = connection.query(
      "UPDATE initial_access_tokens SET uses = uses + 1 WHERE digest = ?1 AND uses < max_uses "
      "AND expires_at > ?2 AND revoked_at IS NULL");
  const auto changed = query.bind(token, now).run();
  if (!changed) return fail(changed.error());
  return *changed != 0;
}

Result<bool> has_room(Connection& connection, const RegisterClient& command) {
  if (command.client.vetted) return true;
  const auto unvetted = connection.number("SELECT count(*) FROM registrations WHERE vetted = 0");
  if (!unvetted) return fail(unvetted.error());
  return *unvetted < command.most_unvetted;
}

Result<RegisterOutcome> register_client(Connection& connection, const RegisterClient& command,
                                        const std::string& document) {
  const auto room = has_room(connection, command);
  if (!room) return fail(room.error());
  if (!*room) return RegisterOutcome::full;
  if (command.initial_token) {
    const auto used = use_initial_token(connection, *command.initial_token, command.now);
    if (!used) return fail(used.error());
    if (!*used) return RegisterOutcome::token_spent;
  }
  if (auto inserted = insert_client(connection, command.client, document); !inserted) {
    return fail(std::move(inserted).error());
  }
  auto query = connection.query(
      "INSERT INTO registrations (client_id, access_token, vetted, unused_until) VALUES (?1, ?2, ?3, ?4)");
  auto done = finish(query.bind(command.client.id.text(), command.access_token, command.client.vetted,
                                command.unused_until));
  if (!done) return fail(std::move(done).error());
  return RegisterOutcome::registered;
}

Result<bool> owns(Connection& connection, const Digest& access_token, const model::ClientId& client) {
  auto query = connection.query("SELECT 1 FROM registrations WHERE access_token = ?1 AND client_id = ?2");
  return query.bind(access_token, client.text()).next();
}

Result<UpdateOutcome> update(Connection& connection, const UpdateRegistration& command,
                             const std::string& document) {
  const auto& client = command.client;
  const auto is_owner = owns(connection, command.access_token, client.id);
  if (!is_owner) return fail(is_owner.error());
  if (!*is_owner) return UpdateOutcome::token_gone;
  auto replace = connection.query(
      "UPDATE clients SET version = version + 1, enabled = ?3, document = ?4 WHERE id = ?1 AND version = ?2");
  const auto changed = replace.bind(client.id.text(), client.version, client.enabled, document).run();
  if (!changed) return fail(changed.error());
  if (*changed == 0) return UpdateOutcome::changed;
  if (auto noted = note_vetting(connection, client); !noted) return fail(std::move(noted).error());
  if (!command.rotated) return UpdateOutcome::updated;
  auto rotate = connection.query("UPDATE registrations SET access_token = ?2 WHERE client_id = ?1");
  if (auto done = finish(rotate.bind(client.id.text(), *command.rotated)); !done) {
    return fail(std::move(done).error());
  }
  return UpdateOutcome::updated;
}

}  // namespace

Result<RegisterOutcome> Backend::commit(const RegisterClient& command) {
  auto document = client_document(command.client);
  if (!document) return fail(std::move(document).error());
  return write([&](Connection& connection) { return register_client(connection, command, *document); });
}

Result<UpdateOutcome> Backend::commit(const UpdateRegistration& command) {
  auto document = client_document(command.client);
  if (!document) return fail(std::move(document).error());
  return write([&](Connection& connection) { return update(connection, command, *document); });
}

Result<Registration> Backend::find_registration(const Digest& access_token) {
  return read([&](Connection& connection) -> Result<Registration> {
    auto query = connection.query("SELECT client_id, unused_until FROM registrations WHERE access_token = ?");
    const auto row = query.bind(access_token).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such registration access token");
    Registration registration;
    registration.client = model::ClientId(query.text());
    registration.unused_until = query.optional_time();
    return registration;
  });
}

Result<void> Backend::delete_registration(const Digest& access_token) {
  return write([&](Connection& connection) -> Result<void> {
    auto query = connection.query(
        "DELETE FROM clients WHERE id = (SELECT client_id FROM registrations WHERE access_token = ?)");
    const auto changed = query.bind(access_token).run();
    if (!changed) return fail(changed.error());
    if (*changed == 0) return fail(Errc::not_found, "no such registration access token");
    return {};
  });
}

Result<void> Backend::put_initial_token(const model::InitialAccessToken& token) {
  return write([&](Connection& connection) -> Result<void> {
    auto query = connection.query(
        "INSERT INTO initial_access_tokens (id, digest, note, created_at, expires_at, max_uses, uses, "
        "revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query.bind(token.id, token.digest, token.note, token.created_at, token.expires_at);
    return finish(query.bind(token.max_uses, token.uses, token.revoked_at));
  });
}

Result<model::InitialAccessToken> Backend::find_initial_token(const Digest& digest) {
  return read([&](Connection& connection) -> Result<model::InitialAccessToken> {
    auto query = connection.query("SELECT " OIDCOP_INITIAL_TOKEN_COLUMNS " WHERE digest = ?");
    const auto row = query.bind(digest).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such initial access token");
    return read_initial_token(query);
  });
}

Result<std::vector<model::InitialAccessToken>> Backend::list_initial_tokens() {
  return read([&](Connection& connection) -> Result<std::vector<model::InitialAccessToken>> {
    auto query = connection.query("SELECT " OIDCOP_INITIAL_TOKEN_COLUMNS " ORDER BY created_at, id");
    std::vector<model::InitialAccessToken> tokens;
    while (true) {
      const auto row = query.next();
      if (!row) return fail(row.error());
      if (!*row) return tokens;
      tokens.push_back(read_initial_token(query));
    }
  });
}

Result<void> Backend::revoke_initial_token(const std::string& id, TimePoint now) {
  return write([&](Connection& connection) -> Result<void> {
    auto query = connection.query(
        "UPDATE initial_access_tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1");
    const auto changed = query.bind(id, now).run();
    if (!changed) return fail(changed.error());
    if (*changed == 0) return fail(Errc::not_found, "no such initial access token");
    return {};
  });
}

}  // namespace oidcop::store::sqlite
