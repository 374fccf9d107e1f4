#include "store/sqlite/backend.h"
#include "store/sqlite/revocation.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/session_rows.h"
#include "store/sqlite/token_rows.h"

#include <algorithm>

namespace oidcop::store::sqlite {
namespace {

using model::TokenClass;
using model::TokenState;

/// What was presented, as far as it decides: the rest was read before the transaction, which others wait for.
struct Presented {
  model::TokenRecord token;
  model::ScopeSet grant_scope;
  model::TokenStanding standing;
};

Presented read_presented(Query& row) {
  Presented presented;
  auto& [token, grant_scope, standing] = presented;
  token = read_token(row);
  grant_scope = scope_from(row.text_view());
  standing.token_expires_at = token.expires_at;
  standing.max_usage = token.max_usage;
  standing.used = token.used;
  standing.token_revoked_at = token.revoked_at;
  standing.grant_expires_at = row.time();
  standing.grant_revoked_at = row.optional_time();
  standing.offline = row.boolean();
  standing.client_session_ended_at = row.optional_time();
  standing.user_session_ended_at = row.optional_time();
  standing.user_enabled = row.boolean();
  standing.client_enabled = row.boolean();
  return presented;
}

/// The token of that class and client; another client's is as good as none.
Result<std::optional<Presented>> load_own(Connection& connection, const Digest& digest,
                                          TokenClass token_class, const model::ClientId& client) {
  auto query = connection.query(
      "SELECT " OIDCOP_TOKEN_COLUMNS
      ", g.scope, g.expires_at, g.revoked_at, g.offline, cs.ended_at, us.ended_at, u.enabled, c.enabled "
      "FROM tokens t JOIN grants g ON g.id = t.grant_id JOIN client_sessions cs ON cs.id = g.client_session "
      "JOIN user_sessions us ON us.id = cs.user_session JOIN users u ON u.id = us.user_id "
      "JOIN clients c ON c.id = cs.client_id WHERE t.digest = ?1 AND t.class = ?2 AND cs.client_id = ?3");
  const auto row = query.bind(digest, to_number(token_class), client.text()).next();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<Presented>();
  return std::optional(read_presented(query));
}

/// Whether it would be worth something had it not been used: how often it was is asked apart from that.
bool is_alive(const Presented& presented, TimePoint now) {
  auto unused = presented.standing;
  unused.used = 0;
  return state_of(unused, now) == TokenState::active;
}

/// Decided by the database: of all who try, one changes the row. `yields` is noted for those who come within
/// the grace.
Result<bool> spend(Connection& connection, const Presented& presented,
                   const std::optional<model::ScopeSet>& yields, TimePoint now) {
  auto query = connection.query(
      "UPDATE tokens SET used = 1, used_at = ?2, exchanged_scope = ?3 "
      "WHERE digest = ?1 AND used = 0 RETURNING 1");
  query.bind(presented.token.digest, now);
  const auto row = (yields ? query.bind(yields->text()) : query.bind_null()).next();
  if (!row || !*row) return row;
  if (auto rest = query.run(); !rest) return fail(rest.error());  // only a finished statement has happened
  return true;
}

/// Inserts what was bought under the grant of what was spent, whatever the records say.
Result<void> insert_bought(Connection& connection, const Presented& spent,
                           const std::vector<model::TokenRecord>& tokens) {
  const bool is_code = spent.token.token_class == TokenClass::authorization_code;
  const auto& most = is_code ? spent.grant_scope : spent.token.scope;
  for (auto token : tokens) {
    token.grant = spent.token.grant;
    if (!token.based_on) token.based_on = spent.token.digest;
    const bool is_successor = !is_code && token.token_class == TokenClass::refresh_token;
    token.scope = is_successor ? most : token.scope.intersection(most);
    if (auto done = insert_token(connection, token); !done) return done;
  }
  return {};
}

template <class Outcome>
Result<Outcome> revoke_family(Connection& connection, const Presented& presented, TimePoint now,
                              Outcome outcome) {
  const auto revoked = revoke_grant(connection, presented.token.grant, now);
  if (!revoked) return fail(revoked.error());
  return outcome;
}

/// Revokes the families that are too many: of the code's person at the code's client, the oldest ones.
Result<void> bound_families(Connection& connection, const model::GrantId& newest, int most, TimePoint now) {
  std::vector<model::GrantId> surplus;
  {
    auto query = connection.query(
        "SELECT g.id FROM grants own JOIN client_sessions ocs ON ocs.id = own.client_session "
        "JOIN user_sessions ous ON ous.id = ocs.user_session "
        "JOIN user_sessions us ON us.user_id = ous.user_id "
        "JOIN client_sessions cs ON cs.user_session = us.id AND cs.client_id = ocs.client_id "
        "JOIN grants g ON g.client_session = cs.id "
        "WHERE own.id = ?1 AND g.revoked_at IS NULL AND g.expires_at > ?2 AND EXISTS "
        "(SELECT 1 FROM tokens t WHERE t.grant_id = g.id AND t.class = 2 AND t.revoked_at IS NULL) "
        "ORDER BY g.id = own.id DESC, g.created_at DESC, g.id LIMIT -1 OFFSET ?3");
    query.bind(newest.text(), now, most);
    while (true) {
      const auto row = query.next();
      if (!row) return fail(row.error());
      if (!*row) break;
      surplus.emplace_back(query.text());
    }
  }
  for (const auto& grant : surplus) {
    const auto revoked = revoke_grant(connection, grant, now);
    if (!revoked) return fail(revoked.error());
  }
  return {};
}

bool has_refresh_token(const std::vector<model::TokenRecord>& tokens) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const auto& token) { return token.token_class == TokenClass::refresh_token; });
}

// --- codes -------------------------------------------------------------------------------------------------

Result<ExchangeOutcome> exchange_code(Connection& connection, const CodeExchange& command) {
  if (command.jti) {
    const auto is_new = take_jti(connection, *command.jti, command.now);
    if (!is_new) return fail(is_new.error());
    if (!*is_new) return ExchangeOutcome::jti_seen;
  }
  const auto code = load_own(connection, command.code, TokenClass::authorization_code, command.client);
  if (!code) return fail(code.error());
  if (!*code) return ExchangeOutcome::not_found;
  const auto& presented = **code;
  if (presented.token.used == 0) {
    if (!is_alive(presented, command.now)) return ExchangeOutcome::not_found;
    const auto is_first = spend(connection, presented, std::nullopt, command.now);
    if (!is_first) return fail(is_first.error());
    if (*is_first) {
      auto inserted = insert_bought(connection, presented, command.tokens);
      if (!inserted) return fail(std::move(inserted).error());
      if (command.max_families > 0 && has_refresh_token(command.tokens)) {
        auto bounded = bound_families(connection, presented.token.grant, command.max_families, command.now);
        if (!bounded) return fail(std::move(bounded).error());
      }
      return ExchangeOutcome::first;
    }
  }
  return revoke_family(connection, presented, command.now, ExchangeOutcome::replay);
}

// --- refresh tokens ----------------------------------------------------------------------------------------

/// Whether a refresh token that came of this one was used: then its holder got it, and there is no lost
/// reply. A successor that is not rotated is used as soon as something came of it.
Result<bool> was_successor_used(Connection& connection, const model::TokenRecord& predecessor) {
  auto query = connection.query(
      "SELECT 1 FROM tokens t WHERE t.grant_id = ?1 AND t.based_on = ?2 AND t.class = ?3 AND (t.used > 0 "
      "OR EXISTS (SELECT 1 FROM tokens c WHERE c.grant_id = t.grant_id AND c.based_on = t.digest)) LIMIT 1");
  const auto token_class = to_number(TokenClass::refresh_token);
  return query.bind(predecessor.grant.text(), predecessor.digest, token_class).next();
}

Result<bool> is_within_grace(Connection& connection, const Presented& presented,
                             const RefreshExchange& command) {
  const auto& token = presented.token;
  if (!token.used_at || command.now >= *token.used_at + command.grace) return false;
  if (token.used > command.max_siblings) return false;  // the first use plus that many siblings
  if (token.authentication != command.authentication) return false;
  const auto used = was_successor_used(connection, token);
  if (!used) return fail(used.error());
  return !*used;
}

/// The scope of the access token that the command yields.
model::ScopeSet scope_bought(const Presented& presented, const RefreshExchange& command) {
  model::ScopeSet bought;
  for (const auto& token : command.tokens)
    if (token.token_class == TokenClass::access_token) bought = bought.united_with(token.scope);
  return bought.intersection(presented.token.scope);
}

Result<RefreshOutcome> present_again(Connection& connection, const Presented& presented,
                                     const RefreshExchange& command) {
  const auto within = is_within_grace(connection, presented, command);
  if (!within) return fail(within.error());
  if (!*within) return revoke_family(connection, presented, command.now, RefreshOutcome::reuse);
  if (!is_alive(presented, command.now)) return RefreshOutcome::not_found;
  const auto& most = presented.token.exchanged_scope;
  if (most && !scope_bought(presented, command).is_subset_of(*most)) return RefreshOutcome::too_wide;
  auto count = connection.query("UPDATE tokens SET used = used + 1 WHERE digest = ?");
  if (auto counted = finish(count.bind(presented.token.digest)); !counted)
    return fail(std::move(counted).error());
  auto inserted = insert_bought(connection, presented, command.tokens);
  if (!inserted) return fail(std::move(inserted).error());
  return RefreshOutcome::sibling;
}

Result<RefreshOutcome> present_first(Connection& connection, const Presented& presented,
                                     const RefreshExchange& command) {
  if (!is_alive(presented, command.now)) return RefreshOutcome::not_found;
  if (command.rotate) {
    const auto is_first = spend(connection, presented, scope_bought(presented, command), command.now);
    if (!is_first) return fail(is_first.error());
    if (!*is_first) return revoke_family(connection, presented, command.now, RefreshOutcome::reuse);
  }
  auto inserted = insert_bought(connection, presented, command.tokens);
  if (!inserted) return fail(std::move(inserted).error());
  return command.rotate ? RefreshOutcome::rotated : RefreshOutcome::unrotated;
}

Result<RefreshOutcome> exchange_refresh_token(Connection& connection, const RefreshExchange& command) {
  if (command.jti) {
    const auto is_new = take_jti(connection, *command.jti, command.now);
    if (!is_new) return fail(is_new.error());
    if (!*is_new) return RefreshOutcome::jti_seen;
  }
  const auto token = load_own(connection, command.refresh_token, TokenClass::refresh_token, command.client);
  if (!token) return fail(token.error());
  if (!*token) return RefreshOutcome::not_found;
  if ((*token)->token.used > 0) return present_again(connection, **token, command);
  return present_first(connection, **token, command);
}

}  // namespace

Result<ExchangeOutcome> Backend::commit(const CodeExchange& command) {
  return write([&](Connection& connection) { return exchange_code(connection, command); });
}

Result<RefreshOutcome> Backend::commit(const RefreshExchange& command) {
  return write([&](Connection& connection) { return exchange_refresh_token(connection, command); });
}

}  // namespace oidcop::store::sqlite
