#include "endpoint/logout/logout_checks.h"

#include "client/redirect_uri.h"
#include "jose/jws.h"

#include <array>
#include <string_view>
#include <vector>

namespace oidcop::endpoint {
namespace {

struct CheckContext {
  const RequestScope& scope;
  const LogoutCheckParts& parts;
};

using Check = Verdict (*)(const Message& request, LogoutRequest& checked, const CheckContext& context);

/// For whom the token says it was issued: azp, or the only audience (OpenID Connect Core 1.0, 2). Proven only
/// by the signature, which is checked with this client's keys in mind.
std::string named_client(const std::string& hint) {
  const auto claims = jose::peek_unverified_claims(hint);
  if (!claims) return {};
  if (auto azp = claims->text("azp")) return *azp;
  const auto audiences = claims->words("aud");
  if (const auto aud = claims->text("aud")) return *aud;
  return audiences.size() == 1 ? audiences.front() : std::string();
}

ProtocolError bad_hint(std::string detail) {
  ProtocolError error = invalid_request(
      "id_token_hint is not an ID Token that this provider issued to the client.", "id_token_hint");
  error.detail = std::move(detail);
  return error;
}

/// OpenID Connect RP-Initiated Logout 1.0, 2: an expired ID Token is as good as a fresh one; one that was
/// issued to another client than client_id names is refused.
Verdict check_id_token_hint(const Message& request, LogoutRequest& checked, const CheckContext& context) {
  const auto text = request.text("id_token_hint");
  if (!text) return {};
  if (!checked.client) return fail(bad_hint("it names no client"));
  std::vector<Secret> secrets;
  token::HintPolicy policy;
  policy.issuer = context.parts.issuer;
  if (client::needs_plain_secret(*checked.client)) {
    auto plain = context.parts.secrets.plain_secrets(*checked.client, context.scope.now);
    if (!plain) return fail(from_error(plain.error()));
    secrets = std::move(*plain);
    if (!secrets.empty()) policy.client_secret = &secrets.front();
  }
  auto hint =
      token::verify_id_token_hint(*text, *checked.client, context.parts.keys, policy, context.scope.now);
  if (!hint) return fail(bad_hint(hint.error().detail));
  checked.hint = std::move(*hint);
  return {};
}

/// OpenID Connect RP-Initiated Logout 1.0, 3: exactly as registered. Without a client nothing says whose the
/// target would be, so that nobody is sent there.
Verdict check_post_logout_redirect_uri(const Message& request, LogoutRequest& checked, const CheckContext&) {
  const auto uri = request.text("post_logout_redirect_uri");
  if (!uri || !checked.client) return {};
  if (!client::is_registered_post_logout_redirect_uri(*checked.client, *uri)) {
    ProtocolError error =
        invalid_request("post_logout_redirect_uri is not one of those that the client registered.",
                        "post_logout_redirect_uri");
    error.detail = "registered:";
    for (const auto& registered : checked.client->post_logout_redirect_uris) error.detail += ' ' + registered;
    return fail(std::move(error));
  }
  checked.post_logout_redirect_uri = *uri;
  checked.state = request.text("state");
  return {};
}

constexpr std::array<Check, 2> kChecks{check_id_token_hint, check_post_logout_redirect_uri};

}  // namespace

Verdict find_logout_client(const Message& request, RequestScope& scope, const LogoutCheckParts& parts) {
  const auto client_id = request.text("client_id");
  const auto hint = request.text("id_token_hint");
  if (!client_id && !hint) return {};
  const auto id = client_id ? *client_id : named_client(*hint);
  auto client = parts.clients.find_client(model::ClientId(id));
  if (!client && client.error().code != Errc::not_found) return fail(from_error(client.error()));
  if (!client || !(*client)->enabled) {
    if (!client_id) return fail(bad_hint("its client is not there"));
    ProtocolError error = invalid_request("There is no client with this client_id.", "client_id");
    error.code = "invalid_client";
    return fail(std::move(error));
  }
  scope.client_view = view_of(**client);
  scope.client = std::move(*client);
  return {};
}

Result<LogoutRequest, ProtocolError> check_logout_request(const Message& request, const RequestScope& scope,
                                                          const LogoutCheckParts& parts) {
  LogoutRequest checked;
  checked.client = scope.client;
  const CheckContext context{scope, parts};
  for (const auto check : kChecks) {
    if (auto verdict = check(request, checked, context); !verdict) return fail(std::move(verdict).error());
  }
  checked.ui_locales = request.words("ui_locales");
  checked.received = scope.received;
  return checked;
}

}  // namespace oidcop::endpoint
