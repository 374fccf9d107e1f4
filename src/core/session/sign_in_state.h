#pragma once

#include "model/client.h"
#include "session/prompt.h"
#include "store/session_store.h"

#include <oidcop/protocol_error.h>
#include <oidcop/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::session {

/// Why a person must be asked to sign in, in the order in which a page would rather say it.
enum class SignInReason : std::uint8_t {
  no_session,      ///< this browser has none
  session_ended,   ///< it had one: logged out, idle for too long, or at its absolute end
  user_disabled,   ///< the account may no longer be used
  stale_event,     ///< the authentication is older than its method lets it count
  other_user,      ///< id_token_hint or a requested `sub` names somebody else
  prompt_login,    ///< prompt=login
  select_account,  ///< prompt=select_account
  max_age,         ///< the authentication is older than the client accepts
  acr,             ///< a stronger or other authentication is requested
  login_hint,      ///< login_hint names another account; only ever asked, never a reason to fail
};
std::string_view name_of(SignInReason reason);

/// What the request asks of the authentication, gathered by the endpoint.
struct SignInQuestion {
  const store::LiveSession* session = nullptr;  ///< borrowed; null: the browser has none
  std::string session_subject;                  ///< `sub` of the session's user as this client sees it
  model::InteractionId interaction;  ///< of the request being answered; empty: not yet an interaction
  PromptSet prompt;
  std::optional<Seconds> max_age;                ///< see effective_max_age; zero counts
  std::optional<std::string> requested_subject;  ///< of id_token_hint, or claims.id_token.sub.value
  std::string login_hint;                        ///< as sent; empty: none
  std::vector<std::string> acr_values;           ///< voluntary, in order of preference
  std::vector<std::string> essential_acrs;       ///< claims.id_token.acr, essential: one of these or nothing
  std::vector<std::string> supported_acrs;  ///< what the authentication methods of this provider can reach
  std::optional<Seconds> event_lifetime;    ///< how long an event of the session's method counts
};

/// Whether the session may answer the request as it is.
struct SignInState {
  std::vector<SignInReason> reasons;
  bool is_settled() const { return reasons.empty(); }
  bool has(SignInReason reason) const;
};

/// The decision, as a table of named checks; pure. prompt=login, select_account, max_age=0 and a login_hint
/// are met only by an authentication made for this very interaction: an older session, or one renewed in
/// another tab, does not do. Such an authentication also meets a max_age that has run out while the person
/// read the consent page.
SignInState sign_in_state(const SignInQuestion& question, TimePoint now);

/// `max_age` of the request, else the client's default_max_age (OpenID Connect Dynamic Client
/// Registration 1.0, 2).
std::optional<Seconds> effective_max_age(std::optional<Seconds> requested, const model::Client& client);

/// Refuses what no sign-in could mend: an essential acr that no method here reaches (OpenID Connect Core
/// Error Code unmet_authentication_requirements 1.0), a client that is disabled.
Verdict check_sign_in_possible(const SignInQuestion& question, const model::Client& client);

/// With prompt=none no page may be shown: the refusal that stands for the first reason (OpenID Connect
/// Core 1.0, 3.1.2.6); nothing when the state is settled but for a login_hint.
Verdict check_silent_sign_in(const SignInState& state);

}  // namespace oidcop::session
