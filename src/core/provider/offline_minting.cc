#include "provider/offline_minting.h"

#include "base/digest.h"
#include "base/system_random.h"
#include "token/refresh_token.h"

#include <algorithm>
#include <vector>

namespace oidcop::provider {
namespace {

/// Says in the record that no person was there (RFC 8176 has no value for it; this one is ours).
constexpr const char* kAmr = "admin";

struct Chain {
  model::UserSession session;
  store::Authorize command;
};

Result<Chain> new_chain(const MintingParts& parts, const MintingOrder& order, TimePoint now) {
  std::string ids[4];
  for (auto& id : ids) {
    auto made = random_id(parts.random);
    if (!made) return fail(std::move(made).error());
    id = std::move(*made);
  }
  auto cookie = random_octets(parts.random, 32);  // nobody gets it: no browser can use this session
  if (!cookie) return fail(std::move(cookie).error());
  auto subject = parts.subjects.subject_of(order.user, order.client);
  if (!subject) return fail(std::move(subject).error());

  const Seconds lifetime = order.lifetime.value_or(parts.usage.grant_lifetime);
  Chain chain;
  chain.session.id = model::SessionId(ids[0]);
  chain.session.user = order.user.id;
  chain.session.cookie = sha256(*cookie);
  chain.session.authentication = {now, "", {kAmr}, {}};
  chain.session.created_at = now;
  chain.session.idle_expires_at = chain.session.expires_at = now + lifetime;

  model::ClientSession& client_session = chain.command.client_session;
  client_session.id = model::ClientSessionId(ids[1]);
  client_session.user_session = chain.session.id;
  client_session.client = order.client.id;
  client_session.subject = std::move(*subject);
  client_session.sid = ids[2];
  client_session.created_at = now;

  model::Grant& grant = chain.command.grant;
  grant.id = model::GrantId(ids[3]);
  grant.client_session = client_session.id;
  grant.scope = order.scope;
  grant.authentication = chain.session.authentication;
  grant.offline = order.scope.contains("offline_access");
  grant.created_at = now;
  grant.expires_at = now + lifetime;

  chain.command.user_session = chain.session.id;
  chain.command.now = now;
  chain.command.idle_expires_at = chain.session.idle_expires_at;
  return chain;
}

Result<std::string> id_token(const MintingParts& parts, const MintingOrder& order, const Chain& chain,
                             std::string_view access_token, TimePoint now) {
  token::IdTokenOrder id_order{.grant = chain.command.grant,
                               .client = order.client,
                               .subject = chain.command.client_session.subject,
                               .parent_class = std::nullopt,
                               .nonce = order.nonce,
                               .access_token = access_token,
                               .now = now};
  id_order.claims =
      parts.release.released(claims::ReleasePoint::id_token, {order.user, order.client, order.scope, {}});
  std::vector<Secret> secrets;
  if (client::needs_plain_secret(order.client)) {
    auto plain = parts.secrets.plain_secrets(order.client, now);
    if (!plain) return fail(std::move(plain).error());
    secrets = std::move(*plain);
    if (!secrets.empty()) id_order.client_secret = &secrets.front();
  }
  return parts.id_tokens.mint(id_order, parts.keys);
}

}  // namespace

Result<MintedOffline> mint_offline(const MintingParts& parts, const MintingOrder& wanted, TimePoint now) {
  MintingOrder order = wanted;
  auto allowed = parts.release.scopes().filter(wanted.scope, wanted.client);
  if (!allowed) return fail(Errc::refused, allowed.error().description);
  order.scope = std::move(*allowed);
  auto chain = new_chain(parts, order, now);
  if (!chain) return fail(std::move(chain).error());
  const model::Grant& grant = chain->command.grant;

  token::AccessTokenOrder access_order{.grant = grant,
                                       .client = order.client,
                                       .subject = chain->command.client_session.subject,
                                       .scope = order.scope,
                                       .now = now};
  access_order.claims =
      parts.release.released(claims::ReleasePoint::access_token, {order.user, order.client, order.scope, {}});
  auto access_token = parts.access_tokens.mint(access_order, parts.keys, parts.random);
  if (!access_token) return fail(std::move(access_token).error());
  chain->command.tokens.push_back(access_token->record);

  Message answer;
  answer.set("access_token", access_token->value.reveal());
  answer.set("token_type", "Bearer");
  answer.set_number("expires_in", (access_token->record.expires_at - now).count());
  answer.set("scope", order.scope.text());
  if (order.scope.contains("openid")) {
    auto minted = id_token(parts, order, *chain, access_token->value.reveal(), now);
    if (!minted) return fail(std::move(minted).error());
    answer.set("id_token", *minted);
  }
  if (order.with_refresh_token) {
    if (!parts.usage.refresh_tokens)
      return fail(Errc::refused, "capabilities.grant_types_supported does not offer refresh tokens");
    auto refresh = token::mint_refresh_token({.grant = grant,
                                              .client = order.client,
                                              .scope = order.scope,
                                              .based_on = {},
                                              .authentication = model::auth_method_name(order.client),
                                              .now = now},
                                             parts.usage, parts.random);
    if (!refresh) return fail(std::move(refresh).error());
    refresh->record.based_on.reset();
    answer.set("refresh_token", refresh->value.reveal());
    chain->command.tokens.push_back(refresh->record);
  }
  return MintedOffline{std::move(answer), std::move(chain->session), std::move(chain->command)};
}

}  // namespace oidcop::provider
