#pragma once

#include "base/log.h"
#include "claims/subject.h"
#include "endpoint/logout/logout_request.h"
#include "endpoint/request_scope.h"
#include "endpoint/response_args.h"
#include "logout/logout_question.h"
#include "logout/logout_seals.h"
#include "page/pages.h"
#include "session/cookies.h"
#include "store/client_store.h"
#include "store/session_store.h"

#include <oidcop/protocol_error.h>
#include <oidcop/random.h>

#include <optional>
#include <string>
#include <vector>

namespace oidcop::endpoint {

struct LogoutSettings {
  std::string issuer;
  std::string logout_url;  ///< where the confirmation page posts
  logout::Confirmation confirmation = logout::Confirmation::always;
  bool front_channel = true;        ///< relying parties are told in frames
  bool session_management = false;  ///< they may watch the browser's state
};

/// What the flow works with. References outlive it.
struct LogoutParts {
  store::SessionStore& sessions;
  store::ClientStore& clients;
  const session::Cookies& cookies;
  const logout::LogoutSeals& seals;
  const page::Pages& pages;
  const claims::Subjects& subjects;
  Random& random;
  Log& log;
};

/// The way of a checked request to sign out to its answer (OpenID Connect RP-Initiated Logout 1.0, 2 and 3):
/// a question, a page that says it is done, or the way back to the relying party. Which session ends is
/// decided by the browser's cookie alone; the hint only says who asks. Thread-safe.
class LogoutFlow {
 public:
  LogoutFlow(const LogoutParts& parts, LogoutSettings settings)
      : parts_(parts), settings_(std::move(settings)) {}

  /// The next step: where there is no session any more, the end of the way.
  Result<ResponseArgs, ProtocolError> proceed(const LogoutRequest& request, RequestScope& scope) const;

  /// After the person said yes: the session ends if the question still is the one that was asked, else it is
  /// asked again.
  Result<ResponseArgs, ProtocolError> confirmed(const LogoutRequest& request,
                                                const logout::ShownLogout& shown, RequestScope& scope) const;

  /// The question, in any case.
  Result<ResponseArgs, ProtocolError> ask_again(const LogoutRequest& request, RequestScope& scope) const;

  /// After the person said no: nothing has changed, and a page says so.
  Result<ResponseArgs, ProtocolError> declined(const LogoutRequest& request, RequestScope& scope) const;

 private:
  /// The browser's session while it is active, under the cookie that names it.
  struct Present {
    store::LiveSession session;
    session::HeldCookie cookie;
  };
  Result<std::optional<Present>, ProtocolError> present_of(const RequestScope& scope) const;
  Result<bool, ProtocolError> must_ask(const LogoutRequest& request, const Present& present) const;
  Result<ResponseArgs, ProtocolError> ask(const LogoutRequest& request, const Present& present,
                                          RequestScope& scope) const;
  Result<ResponseArgs, ProtocolError> end(const LogoutRequest& request, const Present& present,
                                          RequestScope& scope) const;
  Result<std::vector<Url>, ProtocolError> frames_of(const Present& present) const;
  Result<ResponseArgs, ProtocolError> finish(const LogoutRequest& request, RequestScope& scope,
                                             std::vector<Url> frames = {}) const;
  Verdict forget_session(RequestScope& scope) const;
  Result<std::string, ProtocolError> sealed(const LogoutRequest& request, const Present& present,
                                            RequestScope& scope) const;
  static logout::ShownLogout shown_now(const LogoutRequest& request, const Present& present);

  LogoutParts parts_;
  LogoutSettings settings_;
};

}  // namespace oidcop::endpoint
