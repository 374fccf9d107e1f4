#include "core/store/values.h"

namespace oidcop::testing {
namespace {

const model::ScopeSet& full_scope() {
  static const model::ScopeSet scope({"openid", "profile", "email"});
  return scope;
}

model::AuthenticationEvent an_event() {
  return {at(0), "urn:example:password", {"pwd"}, model::InteractionId("interaction")};
}

}  // namespace

model::User a_user(const std::string& name) {
  model::User user;
  user.id = model::UserId("id-of-" + name);
  user.username = name;
  user.password_hash = "$y$j9T$salt$hash";
  user.groups = {"staff"};
  user.claims.set("given_name", name);
  user.created_at = at(0);
  user.updated_at = at(0);
  return user;
}

model::Client a_client(const std::string& id) {
  model::Client client;
  client.id = model::ClientId(id);
  client.name = "The " + id;
  client.created_at = at(0);
  client.redirect_uris = {"https://rp.example/cb"};
  return client;
}

model::UserSession a_session(const std::string& name, const std::string& user) {
  model::UserSession session;
  session.id = model::SessionId(name);
  session.user = a_user(user).id;
  session.cookie = sha256("cookie of " + name);
  session.authentication = an_event();
  session.created_at = at(0);
  session.idle_expires_at = at(1800);
  session.expires_at = at(36000);
  return session;
}

model::ClientSession a_client_session(const std::string& name, const std::string& client) {
  model::ClientSession session;
  session.id = model::ClientSessionId(name);
  session.client = model::ClientId(client);
  session.subject = "sub-of-" + name;
  session.sid = "sid-of-" + name;
  session.created_at = at(1);
  return session;
}

model::Grant a_grant(const std::string& name) {
  model::Grant grant;
  grant.id = model::GrantId(name);
  grant.scope = full_scope();
  grant.authorization_request.set("nonce", "n-0S6_WzA2Mj");
  grant.authentication = an_event();
  grant.created_at = at(1);
  grant.expires_at = at(43200);
  return grant;
}

model::TokenRecord a_code(const std::string& name, const std::string& grant) {
  model::TokenRecord code;
  code.digest = sha256(name);
  code.token_class = model::TokenClass::authorization_code;
  code.grant = model::GrantId(grant);
  code.scope = full_scope();
  code.issued_at = at(1);
  code.expires_at = at(60);
  code.max_usage = 1;
  return code;
}

model::TokenRecord an_access_token(const std::string& name) {
  model::TokenRecord token;
  token.digest = sha256(name);
  token.token_class = model::TokenClass::access_token;
  token.scope = full_scope();
  token.issued_at = at(2);
  token.expires_at = at(3600);
  return token;
}

model::TokenRecord a_refresh_token(const std::string& name) {
  model::TokenRecord token;
  token.digest = sha256(name);
  token.token_class = model::TokenClass::refresh_token;
  token.scope = full_scope();
  token.issued_at = at(2);
  token.expires_at = at(40000);
  token.authentication = "client_secret_basic";
  return token;
}

store::Authorize an_authorization(const std::string& session, const std::string& grant,
                                  const std::string& code) {
  store::Authorize command;
  command.user_session = model::SessionId(session);
  command.client_session = a_client_session("client session of " + grant, "app");
  command.grant = a_grant(grant);
  command.tokens = {a_code(code, grant)};
  command.now = at(1);
  command.idle_expires_at = at(1801);
  return command;
}

store::CodeExchange a_code_exchange(const std::string& code) {
  store::CodeExchange command;
  command.code = sha256(code);
  command.client = model::ClientId("app");
  command.now = at(2);
  command.tokens = {an_access_token(code + "-at"), a_refresh_token(code + "-rt")};
  return command;
}

store::RefreshExchange a_refresh(const std::string& token, const std::string& next, std::int64_t after) {
  store::RefreshExchange command;
  command.refresh_token = sha256(token);
  command.client = model::ClientId("app");
  command.authentication = "client_secret_basic";
  command.now = at(after);
  command.tokens = {an_access_token(next + "-at"), a_refresh_token(next + "-rt")};
  return command;
}

}  // namespace oidcop::testing
