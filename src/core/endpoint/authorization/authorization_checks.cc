#include "endpoint/authorization/authorization_checks.h"

#include "client/request_protection.h"
#include "endpoint/resource_indicators.h"
#include "session/sign_in_state.h"
#include "token/hint.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {
namespace {

struct CheckContext {
  const RequestScope& scope;
  const AuthorizationCheckParts& parts;
};

using Check = Verdict (*)(const Message& request, AuthorizationRequest& checked, const CheckContext& context);

struct Step {
  std::string_view name;
  Check check;
};

ProtocolError refused(std::string code, std::string description, std::string parameter) {
  ProtocolError error = invalid_request(std::move(description), std::move(parameter));
  error.code = std::move(code);
  return error;
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Ways to send a request that this provider does not serve: refused, never silently ignored, since what they
/// carry was meant to count (OpenID Connect Core 1.0, 3.1.2.6).
Verdict check_unsupported(const Message& request, AuthorizationRequest&, const CheckContext&) {
  constexpr std::array<std::pair<const char*, const char*>, 3> refusals{
      {{"request", "request_not_supported"},
       {"request_uri", "request_uri_not_supported"},
       {"registration", "registration_not_supported"}}};
  for (const auto& [parameter, code] : refusals) {
    if (request.has(parameter)) {
      return fail(refused(code, std::string("The parameter ") + parameter + " is not supported.", parameter));
    }
  }
  return {};
}

/// RFC 9101, 10.5 and RFC 9126, 5 and 6: where it is agreed that requests are signed or pushed, others are an
/// attacker's.
Verdict check_protection(const Message&, AuthorizationRequest& checked, const CheckContext& context) {
  const auto registered = client::request_protection(*checked.client);
  const auto& origin = context.scope.origin;
  if ((registered.must_be_signed || context.parts.require_signed_object) && !origin.is_signed) {
    return fail(invalid_request("The request must be a signed request object.", "request"));
  }
  const bool must_be_pushed = registered.must_be_pushed || context.parts.require_pushed;
  if (must_be_pushed && !origin.pushed && !context.parts.is_push) {
    return fail(invalid_request("The request must be pushed before (RFC 9126).", "request_uri"));
  }
  return {};
}

/// The grant types that go with it (OpenID Connect Dynamic Client Registration 1.0, 2), and an ID Token that
/// may travel through the browser at all.
bool may_use(const model::Client& client, model::ResponseType type) {
  using Part = model::ResponseType::Part;
  if (!model::has_response_type(client.response_types, type)) return false;
  if (type.has(Part::code) && !contains(client.grant_types, "authorization_code")) return false;
  if (type.has_tokens() && !contains(client.grant_types, "implicit")) return false;
  return !type.has(Part::id_token) || client.id_token_signed_response_alg != jose::Algorithm::none;
}

Verdict check_response_type(const Message& request, AuthorizationRequest& checked,
                            const CheckContext& context) {
  const auto text = request.text("response_type");
  if (!text) return fail(invalid_request("response_type is required.", "response_type"));
  const auto type = model::ResponseType::parse(*text);
  if (!type || !contains(context.parts.response_types, type->text())) {
    return fail(
        refused("unsupported_response_type", "This response_type is not supported.", "response_type"));
  }
  if (!may_use(*checked.client, *type)) {
    return fail(unauthorized_client("The client is not registered for this response_type."));
  }
  checked.response_type = *type;
  return {};
}

/// OAuth 2.0 Multiple Response Type Encoding Practices 1.0, 3: tokens never travel in a query, which ends up
/// in logs and histories.
Verdict check_response_mode(const Message& request, AuthorizationRequest& checked,
                            const CheckContext& context) {
  const bool has_tokens = checked.response_type.has_tokens();
  const auto mode = request.text("response_mode").value_or(has_tokens ? "fragment" : "query");
  if (!contains(context.parts.response_modes, mode)) {
    return fail(invalid_request("This response_mode is not supported.", "response_mode"));
  }
  if (has_tokens && mode == "query") {
    return fail(
        invalid_request("response_mode=query is not for a response_type with tokens.", "response_mode"));
  }
  return {};
}

/// OpenID Connect Core 1.0, 3.2.2.1 and 3.3.2.11: what keeps an ID Token that came through the browser from
/// being replayed into another session.
Verdict check_nonce(const Message& request, AuthorizationRequest& checked, const CheckContext&) {
  if (!checked.response_type.has(model::ResponseType::Part::id_token) || request.text("nonce")) return {};
  return fail(invalid_request("nonce is required for this response_type.", "nonce"));
}

Verdict check_prompt(const Message& request, AuthorizationRequest& checked, const CheckContext& context) {
  auto prompt = session::PromptSet::parse(request.words("prompt"));
  if (!prompt) return fail(std::move(prompt).error());
  if (prompt->has(session::Prompt::create) && !context.parts.prompt_create) {
    return fail(invalid_request("prompt has a value that is not supported.", "prompt"));
  }
  checked.prompt = *prompt;
  return {};
}

Verdict check_scope(const Message& request, AuthorizationRequest& checked, const CheckContext& context) {
  const auto text = request.text("scope");
  if (!text) return fail(invalid_scope("scope is required."));
  auto requested = model::ScopeSet::parse(*text);
  if (!requested) return fail(invalid_scope("scope is not well formed."));
  auto allowed = context.parts.scopes.filter(*requested, *checked.client);
  if (!allowed) return fail(std::move(allowed).error());
  using Part = model::ResponseType::Part;
  // Core, 11: offline access is what a refresh token is for, and that comes of a code.
  if (!checked.response_type.has(Part::code)) allowed->remove("offline_access");
  if (checked.response_type.has(Part::id_token) && !allowed->contains("openid")) {
    return fail(invalid_scope("scope must have openid for a response_type with id_token."));
  }
  if (allowed->empty()) return fail(invalid_scope("The client may have none of the requested scopes."));
  checked.scope = std::move(*allowed);
  return {};
}

Verdict check_max_age(const Message& request, AuthorizationRequest& checked, const CheckContext&) {
  std::optional<Seconds> requested;
  if (request.has("max_age")) {
    const auto seconds = request.number("max_age");
    if (!seconds)
      return fail(invalid_request("max_age must be a number of seconds, not negative.", "max_age"));
    requested = Seconds(*seconds);
  }
  checked.max_age = session::effective_max_age(requested, *checked.client);
  return {};
}

Verdict check_claims(const Message& request, AuthorizationRequest& checked, const CheckContext&) {
  auto claims = claims::ClaimsRequest::parse(request);
  if (!claims) return fail(std::move(claims).error());
  checked.claims = std::move(*claims);
  checked.requested_subject = checked.claims.requested_subject();
  return {};
}

Verdict check_acr(const Message& request, AuthorizationRequest& checked, const CheckContext& context) {
  auto acr = context.parts.acr.read(request, *checked.client);
  if (!acr) return fail(std::move(acr).error());
  checked.acr = std::move(*acr);
  return {};
}

/// OpenID Connect Core 1.0, 3.1.2.1: an expired hint is as good as a fresh one; a wrong one is refused.
Verdict check_id_token_hint(const Message& request, AuthorizationRequest& checked,
                            const CheckContext& context) {
  const auto text = request.text("id_token_hint");
  if (!text) return {};
  auto secret = client::signing_secret(context.parts.secrets, *checked.client, context.scope.now);
  if (!secret) return fail(from_error(secret.error()));
  token::HintPolicy policy;
  policy.issuer = context.parts.issuer;
  if (*secret) policy.client_secret = &**secret;
  auto hint =
      token::verify_id_token_hint(*text, *checked.client, context.parts.keys, policy, context.scope.now);
  if (!hint) {
    ProtocolError error = invalid_request(
        "id_token_hint is not an ID Token that this provider issued to the client.", "id_token_hint");
    error.detail = hint.error().detail;
    return fail(std::move(error));
  }
  if (checked.requested_subject && *checked.requested_subject != hint->subject) {
    return fail(
        invalid_request("id_token_hint and the claims parameter name different subjects.", "id_token_hint"));
  }
  checked.requested_subject = hint->subject;
  return {};
}

/// RFC 8707, 2.1. What was asked for stays in the request, and with it in the grant.
Verdict check_resource(const Message& request, AuthorizationRequest&, const CheckContext& context) {
  auto resources = requested_resources(request, context.parts.resources);
  if (!resources) return fail(std::move(resources).error());
  return {};
}

// The order is the security argument: client and redirect_uri were proven before (prove_return_route), so
// every refusal here may travel to the relying party.
constexpr std::array kSteps{
    Step{"unsupported", check_unsupported},
    Step{"protection", check_protection},
    Step{"response_type", check_response_type},
    Step{"response_mode", check_response_mode},
    Step{"nonce", check_nonce},
    Step{"prompt", check_prompt},
    Step{"scope", check_scope},
    Step{"resource", check_resource},
    Step{"max_age", check_max_age},
    Step{"claims", check_claims},
    Step{"acr", check_acr},
    Step{"id_token_hint", check_id_token_hint},
};

}  // namespace

Result<AuthorizationRequest, ProtocolError> check_authorization_request(
    const Message& request, const RequestScope& scope, const AuthorizationCheckParts& parts) {
  AuthorizationRequest checked;
  checked.client = scope.client;
  checked.parameters = request;
  // Not supported means not there, also for whoever reads the grant later: nobody was asked about it.
  if (!parts.claims_parameter) checked.parameters.remove("claims");
  const CheckContext context{scope, parts};
  for (const auto& step : kSteps) {
    if (auto verdict = step.check(checked.parameters, checked, context); !verdict)
      return fail(std::move(verdict).error());
  }
  checked.login_hint = request.text("login_hint").value_or("");
  checked.ui_locales = request.words("ui_locales");
  checked.received = scope.received;
  checked.origin = scope.origin;
  return checked;
}

}  // namespace oidcop::endpoint
