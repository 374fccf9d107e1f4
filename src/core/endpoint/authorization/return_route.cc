#include "base/url.h"
#include "client/redirect_uri.h"
#include "endpoint/authorization/authorization_checks.h"
#include "model/response_type.h"

#include <algorithm>

namespace oidcop::endpoint {
namespace {

Verdict find_client(const Message& request, RequestScope& scope, const AuthorizationCheckParts& parts) {
  const auto id = request.text("client_id");
  if (!id) return fail(invalid_request("client_id is required.", "client_id"));
  auto client = parts.clients.find_client(model::ClientId(*id));
  if (!client && client.error().code != Errc::not_found) return fail(from_error(client.error()));
  if (!client || !(*client)->enabled) {
    ProtocolError error = invalid_request("There is no client with this client_id.", "client_id");
    error.code = "invalid_client";
    return fail(std::move(error));
  }
  scope.client_view = view_of(**client);
  scope.client = std::move(*client);
  return {};
}

/// What the log may tell of a redirect URI that anybody sent: where it points, cut. Queries and fragments are
/// where codes and tokens stand, and a text that is no URL may be anything, a password, too.
std::string told_of(const std::string& sent) {
  constexpr std::size_t kLongest = 200;
  const auto url = Url::parse(sent);
  if (!url) return "no absolute URL";
  auto told = (url->has_authority() ? url->origin() : url->scheme() + ':') + url->path();
  if (told.size() > kLongest) told = told.substr(0, kLongest) + "...";
  if (url->query()) told += " with a query";
  if (url->fragment()) told += " with a fragment";
  return told;
}

/// Says to the log, and to the log alone, what the administrator needs to mend it.
ProtocolError unregistered(const std::string& sent, const model::Client& client) {
  ProtocolError error =
      invalid_request("redirect_uri is not one of those that the client registered.", "redirect_uri");
  error.detail = "sent: " + told_of(sent) + "; registered:";
  for (const auto& uri : client.redirect_uris) error.detail += ' ' + uri;
  return error;
}

/// A request without redirect_uri is OAuth 2.0 only, and clear only when one is registered (RFC
/// 6749, 3.1.2.3); OpenID Connect requires the parameter.
Result<std::string, ProtocolError> proven_redirect_uri(const Message& request, const model::Client& client) {
  const auto sent = request.text("redirect_uri");
  if (sent) {
    if (!client::is_registered_redirect_uri(client, *sent)) return fail(unregistered(*sent, client));
    return *sent;
  }
  const model::ScopeSet scope(request.words("scope"));
  if (scope.contains("openid") || client.redirect_uris.size() != 1) {
    return fail(invalid_request("redirect_uri is required.", "redirect_uri"));
  }
  return client.redirect_uris.front();
}

/// How the answer travels, errors included (OAuth 2.0 Multiple Response Types, 2.1 and 5): as asked, where
/// that is possible; else the default way of the response type. What is not possible is refused later.
ResponseMode mode_of(const Message& request, const AuthorizationCheckParts& parts) {
  const auto& there = parts.response_modes;
  const auto type = model::ResponseType::parse(request.text("response_type").value_or(""));
  const bool has_tokens = type && type->has_tokens();
  const auto mode = request.text("response_mode").value_or("");
  if (std::find(there.begin(), there.end(), mode) != there.end()) {
    if (mode == "form_post") return ResponseMode::form_post;
    if (mode == "fragment") return ResponseMode::fragment;
  }
  return has_tokens ? ResponseMode::fragment : ResponseMode::query;
}

}  // namespace

Verdict prove_return_route(const Message& request, RequestScope& scope,
                           const AuthorizationCheckParts& parts) {
  if (auto found = find_client(request, scope, parts); !found) return found;
  auto redirect_uri = proven_redirect_uri(request, *scope.client);
  if (!redirect_uri) return fail(std::move(redirect_uri).error());
  ReturnRoute route;
  route.redirect_uri = std::move(*redirect_uri);
  route.response_mode = mode_of(request, parts);
  route.state = request.text("state");
  scope.return_route = std::move(route);
  return {};
}

}  // namespace oidcop::endpoint
