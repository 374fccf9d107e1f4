#pragma once

#include "endpoint/request_origin.h"
#include "model/client.h"
#include "model/client_token.h"
#include "model/presented_token.h"
#include "store/token_store.h"

#include <oidcop/endpoint_response.h>
#include <oidcop/hooks.h>
#include <oidcop/http.h>
#include <oidcop/message.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

/// The proven way back to a relying party (RFC 6749, 4.1.2).
struct ReturnRoute {
  std::string redirect_uri;
  ResponseMode response_mode = ResponseMode::query;
  std::optional<std::string> state;
};

/// What one request proves on its way through the pipeline. Made by whoever starts the pipeline, used by one
/// thread, gone with the answer. A step sets members that later steps read; none is set twice.
struct RequestScope {
  RequestScope(const http::Request& http_request, TimePoint time) : http(http_request), now(time) {}

  const http::Request& http;
  TimePoint now;  ///< one moment for the whole request

  Message sent;      ///< as decoded; only where the parameters may come in another shape (see origin)
  Message received;  ///< before any hook; empty when it could not be decoded
  Message request;   ///< after post_parse_request

  model::SharedClient client;  ///< known, and where the endpoint asks for it, authenticated
  std::optional<ClientView> client_view;
  std::string client_auth_method;  ///< registered name of the method it authenticated with; empty: it did not
  /// A client assertion's jti that no write has taken yet. Whoever takes it moves it out.
  std::optional<store::UsedJti> pending_jti;

  RequestOrigin origin;  ///< of an authorization request's parameters

  /// Where an authorization response may go, once client and redirect URI are proven.
  std::optional<ReturnRoute> return_route;

  /// The person answered a page of ours in this very request: what follows does not come out of nothing.
  bool person_answered = false;

  /// Values of Set-Cookie headers that go with the answer, whatever that is.
  std::vector<std::string> cookies;

  /// The code or token that was presented, once found to belong to the client.
  std::optional<model::PresentedToken> presented;
  std::optional<model::ClientToken> presented_client_token;  ///< the same, of a token without a person
};

/// The view of a client that hooks get.
ClientView view_of(const model::Client& client);

}  // namespace oidcop::endpoint
