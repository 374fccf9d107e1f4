#pragma once

#include "authn/acr_broker.h"
#include "base/log.h"
#include "claims/release.h"
#include "claims/subject.h"
#include "endpoint/authorization/authorization_issuer.h"
#include "endpoint/authorization/authorization_request.h"
#include "endpoint/authorization/interaction.h"
#include "endpoint/authorization/password_sign_in.h"
#include "endpoint/authorization/presence.h"
#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"
#include "page/pages.h"
#include "session/consent_state.h"
#include "session/cookies.h"
#include "session/sign_in_state.h"
#include "store/session_store.h"

#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>
#include <string>

namespace oidcop::endpoint {

struct AuthorizationSettings {
  std::string issuer;
  std::string authorization_url, login_url, consent_url;
  Seconds session_idle_lifetime = std::chrono::hours(8);
  Seconds consent_lifetime = std::chrono::hours(24 * 365);
  bool session_management = false;  ///< relying parties are told a session_state
};

/// What the flow works with. References outlive it.
struct AuthorizationParts {
  store::SessionStore& sessions;
  const session::Cookies& cookies;
  const InteractionSeals& seals;
  const page::Pages& pages;
  const authn::AcrBroker& acr;
  const claims::ClaimRelease& release;
  const claims::Subjects& subjects;
  Random& random;
  Log& log;
};

/// The way of a checked authorization request to its answer (OpenID Connect Core 1.0, 3.1.2.3 to 3.1.2.6): a
/// login page, a consent page, a refusal, or what the response type asks for. All entrances (the request
/// itself, a posted login, a posted consent) come through here, so that none can skip a question.
/// Thread-safe.
class AuthorizationFlow {
 public:
  AuthorizationFlow(const AuthorizationParts& parts, const IssuerParts& issuer,
                    AuthorizationSettings settings)
      : parts_(parts), issuer_(issuer), settings_(std::move(settings)) {}

  /// The session of the request's cookie, if there is one. Errors: the store's.
  Result<Presence, ProtocolError> presence_of(const RequestScope& scope,
                                              model::InteractionId interaction) const;

  /// The next step for this request and this person.
  Result<ResponseArgs, ProtocolError> proceed(const AuthorizationRequest& request, const Presence& presence,
                                              RequestScope& scope, const LoginNotice& notice = {}) const;

  /// The login page again, for the same interaction.
  Result<ResponseArgs, ProtocolError> login_page(const AuthorizationRequest& request,
                                                 const Presence& presence, RequestScope& scope,
                                                 const LoginNotice& notice) const;

  /// After a login: relying parties see, where they watch the browser's state, that it is another one.
  Verdict renew_state(Presence& presence, RequestScope& scope) const;

  /// After a consent page was answered with yes: a code when nothing changed since the page was made, else
  /// the page again.
  Result<ResponseArgs, ProtocolError> consented(const AuthorizationRequest& request, const Presence& presence,
                                                const ShownConsent& shown, const model::ScopeSet& ticked,
                                                RequestScope& scope) const;

  /// After a consent page came back in a way that cannot count: a page in any case, also when the person
  /// could do without by now. What was answered was another question.
  Result<ResponseArgs, ProtocolError> ask_consent_again(const AuthorizationRequest& request,
                                                        const Presence& presence, RequestScope& scope) const;

 private:
  struct Situation;  // request, presence and what was decided about them
  Result<Situation, ProtocolError> assess(const AuthorizationRequest& request, const Presence& presence,
                                          const RequestScope& scope) const;
  Result<session::SignInState, ProtocolError> sign_in_state(const AuthorizationRequest& request,
                                                            const Presence& presence,
                                                            const RequestScope& scope) const;
  Result<ResponseArgs, ProtocolError> ask_to_sign_in(const AuthorizationRequest& request,
                                                     const Presence& presence,
                                                     const session::SignInState& state,
                                                     const LoginNotice& notice, RequestScope& scope) const;
  Result<ResponseArgs, ProtocolError> ask_for_consent(const AuthorizationRequest& request,
                                                      const Presence& presence, const Situation& situation,
                                                      RequestScope& scope) const;
  Result<ResponseArgs, ProtocolError> issue(const AuthorizationRequest& request, const Presence& presence,
                                            const model::ScopeSet& granted,
                                            std::optional<model::Consent> consent, RequestScope& scope) const;
  /// OpenID Connect Session Management 1.0, 2.
  Verdict tell_session_state(const AuthorizationRequest& request, const Presence& presence,
                             ResponseArgs& response, RequestScope& scope) const;
  Result<std::string, ProtocolError> sealed(InteractionStep step, const Interaction& interaction,
                                            RequestScope& scope) const;
  Result<model::InteractionId, ProtocolError> interaction_of(const Presence& presence) const;
  ShownConsent shown_now(const AuthorizationRequest& request, const Presence& presence,
                         const session::ConsentState& state) const;

  AuthorizationParts parts_;
  AuthorizationIssuer issuer_;
  AuthorizationSettings settings_;
};

}  // namespace oidcop::endpoint
