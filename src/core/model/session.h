#pragma once

#include "base/digest.h"
#include "model/id.h"
#include "model/scope.h"
#include "model/usage_rule.h"

#include <oidcop/message.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::model {

/// That a person proved who they are: when, how, and for which interaction.
struct AuthenticationEvent {
  TimePoint time{};
  std::string acr;
  std::vector<std::string> amr;  ///< RFC 8176
  InteractionId
      interaction;  ///< the interaction it was made for; prompt=login and max_age are met only by its own
};

/// First level: a user in a browser. Known to the browser by a cookie whose digest is kept.
struct UserSession {
  SessionId id;
  UserId user;
  Digest cookie;
  AuthenticationEvent authentication;
  TimePoint created_at{};
  TimePoint idle_expires_at{};  ///< moves with use
  TimePoint expires_at{};       ///< never moves
  std::optional<TimePoint> ended_at;

  bool is_active(TimePoint now) const { return !ended_at && now < idle_expires_at && now < expires_at; }
};

/// Second level: that session at one client. `sid` is what the client may know of it.
struct ClientSession {
  ClientSessionId id;
  SessionId user_session;
  ClientId client;
  std::string subject;  ///< sub as this client sees it
  std::string sid;      ///< random, of no other use (OpenID Connect Back-Channel Logout 1.0, 2.1)
  TimePoint created_at{};
  std::optional<TimePoint> ended_at;
};

/// Third level: what the user let the client have. One authorization, one grant; all tokens hang on it, and a
/// chain of refresh tokens never leaves it.
struct Grant {
  GrantId id;
  ClientSessionId client_session;
  ScopeSet scope;
  Message authorization_request;  ///< as it was granted, extension parameters included (claims, nonce, PKCE)
  AuthenticationEvent authentication;
  bool offline = false;  ///< offline_access was granted: it outlives the user session
  TimePoint created_at{};
  TimePoint expires_at{};
  std::optional<TimePoint> revoked_at;
};

/// Fourth level: a code or token, known by its digest alone.
struct TokenRecord {
  Digest digest;
  TokenClass token_class = TokenClass::access_token;
  GrantId grant;
  std::optional<Digest> based_on;  ///< the parent it was minted from
  ScopeSet scope;
  TimePoint issued_at{};
  TimePoint expires_at{};
  int max_usage = 0;  ///< 0: unlimited
  int used = 0;
  std::optional<TimePoint> used_at;  ///< first use
  std::optional<TimePoint> revoked_at;
  std::string authentication;  ///< refresh tokens: how the client authenticated when it got it (method name)
  /// Rotated refresh tokens: the scope of the access token that the first exchange yielded. What a sibling's
  /// exchange yields is never wider.
  std::optional<ScopeSet> exchanged_scope;
  /// Access tokens: the resources it was asked for (RFC 8707); empty: what the configuration says.
  std::vector<std::string> audience;
};

/// What a person allowed a client to have, remembered.
struct Consent {
  UserId user;
  ClientId client;
  ScopeSet scope;
  std::vector<std::string> claims;  ///< names that were shown because the claims parameter asked for them
  TimePoint granted_at{};
  TimePoint expires_at{};
};

}  // namespace oidcop::model
