#include "endpoint/grant/extension_grant.h"

#include "base/system_random.h"
#include "endpoint/grant/client_credentials.h"
#include "endpoint/hook_runner.h"
#include "endpoint/resource_indicators.h"

#include <optional>

namespace oidcop::endpoint {
namespace {

ProtocolError no_such_person(std::string detail) {
  return invalid_grant("The grant is about nobody who may use this client.", std::move(detail));
}

/// The store's chain that a token about a person hangs on.
struct Chain {
  model::UserSession session;
  store::Authorize command;
};

class ExtensionRequest final : public GrantRequest {
 public:
  ExtensionRequest(const GrantServices& services, const ExtensionGrant::Parts& parts, std::string grant_type,
                   model::ScopeSet requested, std::optional<model::User> person)
      : services_(services),
        parts_(parts),
        grant_type_(std::move(grant_type)),
        requested_(std::move(requested)),
        person_(std::move(person)) {}

  Result<ResponseArgs, ProtocolError> process(RequestScope& scope) const override {
    if (!person_) return issue_to_client(services_, parts_.client_tokens, requested_, grant_type_, scope);
    return issue_about_person(scope);
  }

 private:
  Result<ResponseArgs, ProtocolError> issue_about_person(RequestScope& scope) const {
    auto granted = services_.release.scopes().filter(requested_, *scope.client);
    if (!granted) return fail(std::move(granted).error());
    auto resources = requested_resources(scope.request, services_.access_tokens.resources());
    if (!resources) return fail(std::move(resources).error());
    auto chain = new_chain(*granted, scope);
    if (!chain) return fail(from_error(chain.error()));
    auto minted = services_.access_tokens.mint({.grant = chain->command.grant,
                                                .client = *scope.client,
                                                .subject = chain->command.client_session.subject,
                                                .scope = *granted,
                                                .audience = *resources,
                                                .claims = claims_for(*granted, scope),
                                                .now = scope.now},
                                               services_.keys, services_.random);
    if (!minted && minted.error().code == Errc::conflict) return fail(formats_differ());
    if (!minted) return fail(from_error(minted.error()));
    chain->command.tokens.push_back(minted->record);
    auto recorded = parts_.sessions.record_minted(chain->session, chain->command);
    if (!recorded && recorded.error().code == Errc::conflict)
      return fail(no_such_person(recorded.error().detail));
    if (!recorded) return fail(from_error(recorded.error()));
    services_.log.info("token.issued", {{"grant_type", grant_type_},
                                        {"client_id", scope.client->id.text()},
                                        {"user", person_->username},
                                        {"request_id", scope.http.request_id}});
    ResponseArgs response;
    response.args.set("access_token", minted->value.reveal());
    response.args.set("token_type", "Bearer");
    response.args.set_number("expires_in", (minted->record.expires_at - scope.now).count());
    response.args.set("scope", minted->record.scope.text());
    return response;
  }

  Message claims_for(const model::ScopeSet& granted, const RequestScope& scope) const {
    return services_.release.released(claims::ReleasePoint::access_token,
                                      {*person_, *scope.client, granted, {}});
  }

  Result<Chain> new_chain(const model::ScopeSet& granted, const RequestScope& scope) const {
    auto ids = random_ids(services_.random, 4);
    if (!ids) return fail(std::move(ids).error());
    auto cookie = random_octets(services_.random, 32);  // nobody gets it: no browser can use this session
    if (!cookie) return fail(std::move(cookie).error());
    auto subject = parts_.subjects.subject_of(*person_, *scope.client);
    if (!subject) return fail(std::move(subject).error());
    const auto lifetime =
        token::resolve_rule(model::TokenClass::access_token, services_.usage, *scope.client).expires_in;
    Chain chain;
    auto& session = chain.session;
    session.id = model::SessionId(std::move(ids->at(0)));
    session.user = person_->id;
    session.cookie = sha256(*cookie);
    session.authentication.time = scope.now;
    session.created_at = scope.now;
    session.idle_expires_at = session.expires_at = scope.now + lifetime;
    auto& client_session = chain.command.client_session;
    client_session.id = model::ClientSessionId(std::move(ids->at(1)));
    client_session.user_session = session.id;
    client_session.client = scope.client->id;
    client_session.subject = std::move(*subject);
    client_session.sid = std::move(ids->at(2));
    client_session.created_at = scope.now;
    auto& grant = chain.command.grant;
    grant.id = model::GrantId(std::move(ids->at(3)));
    grant.client_session = client_session.id;
    grant.scope = granted;
    grant.authentication = session.authentication;
    grant.created_at = scope.now;
    grant.expires_at = session.expires_at;
    chain.command.user_session = session.id;
    chain.command.now = scope.now;
    chain.command.idle_expires_at = session.idle_expires_at;
    return chain;
  }

  const GrantServices& services_;
  const ExtensionGrant::Parts& parts_;
  std::string grant_type_;
  model::ScopeSet requested_;
  std::optional<model::User> person_;  ///< nothing: the client itself
};

}  // namespace

Verdict ExtensionGrant::look_up(const Message&, RequestScope&) const {
  return {};
}

Result<std::unique_ptr<const GrantRequest>, ProtocolError> ExtensionGrant::check(const Message& request,
                                                                                 RequestScope& scope) const {
  HookContext context;
  context.endpoint = "token";
  context.issuer = issuer_;
  context.request_id = scope.http.request_id;
  context.now = scope.now;
  context.client = scope.client_view ? &*scope.client_view : nullptr;
  auto decision = run_grant_hook(grant_, request, context, services_.log);
  if (!decision) return fail(std::move(decision).error());
  auto requested = model::ScopeSet::parse(decision->scope);
  if (!requested) return fail(server_error("the grant of " + grant_.owner + " gave a malformed scope"));
  std::optional<model::User> person;
  if (decision->username.empty()) {
    if (scope.client->is_public())
      return fail(unauthorized_client("A public client has no credentials to get a token with."));
  } else {
    auto found = parts_.users.find_user_by_name(decision->username);
    if (!found && found.error().code == Errc::not_found) return fail(no_such_person("unknown user"));
    if (!found) return fail(from_error(found.error()));
    if (!found->enabled || !model::may_use(*scope.client, found->groups))
      return fail(no_such_person("disabled, or of a group that may not"));
    person = std::move(*found);
  }
  return std::make_unique<const ExtensionRequest>(services_, parts_, grant_.grant_type, std::move(*requested),
                                                  std::move(person));
}

}  // namespace oidcop::endpoint
