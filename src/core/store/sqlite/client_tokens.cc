#include "store/sqlite/backend.h"
#include "store/sqlite/client_rows.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/token_rows.h"

namespace oidcop::store::sqlite {
namespace {

Result<bool> client_stands(Connection& connection, const model::ClientId& id) {
  auto query = connection.query("SELECT enabled FROM clients WHERE id = ?");
  const auto row = query.bind(id.text()).next();
  if (!row || !*row) return row;
  return query.boolean();
}

Result<IssueOutcome> issue(Connection& connection, const IssueClientToken& command) {
  if (command.jti) {
    const auto is_new = take_jti(connection, *command.jti, command.now);
    if (!is_new) return fail(is_new.error());
    if (!*is_new) return IssueOutcome::jti_seen;
  }
  const auto& token = command.token;
  const auto stands = client_stands(connection, token.client);
  if (!stands) return fail(stands.error());
  if (!*stands) return IssueOutcome::client_gone;
  auto query = connection.query(
      "INSERT INTO client_tokens (digest, client_id, scope, audience, issued_at, expires_at, revoked_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  auto done =
      finish(query.bind(token.digest, token.client.text(), token.scope.text(), joined_words(token.audience),
                        token.issued_at, token.expires_at, token.revoked_at));
  if (!done) return fail(std::move(done).error());
  if (auto kept = keep_used_client(connection, token.client); !kept) return fail(std::move(kept).error());
  return IssueOutcome::issued;
}

}  // namespace

Result<model::ClientToken> Backend::find_client_token(const Digest& digest) {
  return read([&](Connection& connection) -> Result<model::ClientToken> {
    auto query = connection.query(
        "SELECT t.digest, t.client_id, t.scope, t.audience, t.issued_at, t.expires_at, t.revoked_at, "
        "c.enabled FROM client_tokens t JOIN clients c ON c.id = t.client_id WHERE t.digest = ?");
    const auto row = query.bind(digest).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such token of a client");
    model::ClientToken token;
    token.digest = query.digest();
    token.client = model::ClientId(query.text());
    token.scope = scope_from(query.text_view());
    token.audience = words_from(query.text_view());
    token.issued_at = query.time();
    token.expires_at = query.time();
    token.revoked_at = query.optional_time();
    token.client_enabled = query.boolean();
    return token;
  });
}

Result<IssueOutcome> Backend::commit(const IssueClientToken& command) {
  return write([&](Connection& connection) { return issue(connection, command); });
}

Result<void> Backend::revoke_client_token(const Digest& digest, TimePoint now) {
  return write([&](Connection& connection) -> Result<void> {
    auto find = connection.query("SELECT 1 FROM client_tokens WHERE digest = ?");
    const auto row = find.bind(digest).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no such token of a client");
    auto revoke =
        connection.query("UPDATE client_tokens SET revoked_at = ?2 WHERE digest = ?1 AND revoked_at IS NULL");
    return finish(revoke.bind(digest, now));
  });
}

}  // namespace oidcop::store::sqlite
