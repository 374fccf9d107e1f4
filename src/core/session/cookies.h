#pragma once

#include "base/digest.h"
#include "base/secret.h"
#include "http/cookie.h"

#include <oidcop/http.h>
#include <oidcop/random.h>
#include <oidcop/result.h>
#include <oidcop/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace oidcop::session {

struct CookiePolicy {
  std::string issuer;
  std::string name_prefix = "oidcop";
  http::SameSite same_site = http::SameSite::lax;  ///< lax, or none for silent requests in frames
  /// false: `__Host-` and Path=/, which no neighbouring host or path can forge. true: `__Secure-` and the
  /// issuer's path, for several issuers below one host name.
  bool path_scoped = false;
  Seconds browser_lifetime = std::chrono::hours(24 * 180);  ///< of the browser cookie; the session's has none
};

/// A cookie that the browser holds or is to hold.
struct HeldCookie {
  Secret value;
  Digest digest;        ///< what the store and the seals know of it; tied to the issuer
  bool is_new = false;  ///< true: it has to be set with the answer
};

/// The cookies of an issuer. The *session* cookie names a user session and ends with the browser; the
/// *browser* cookie names the device for a long time, proves nothing about a person, and is what sealed pages
/// and the throttle are bound to. The *state* cookie is for relying parties to see, through our frame, that a
/// session began or ended (OpenID Connect Session Management 1.0): its own random value, readable by scripts,
/// sent in frames, and worth nothing here. Names end in a hash of the issuer: cookies do not respect ports,
/// and
/// `__Host-` leaves no path to keep two issuers apart. Thread-safe for const use.
class Cookies {
 public:
  explicit Cookies(CookiePolicy policy);

  const std::string& session_name() const { return session_name_; }
  const std::string& browser_name() const { return browser_name_; }
  const std::string& state_name() const { return state_name_; }

  /// What the request brought. Nothing when the cookie is absent, is not of the form that we make, or came
  /// more than once: of several with one name at most one is ours, and nobody can tell which (RFC 6265, 8.6).
  std::optional<HeldCookie> session(const http::Request& request) const;
  std::optional<HeldCookie> browser(const http::Request& request) const;

  std::optional<HeldCookie> state(const http::Request& request) const;

  /// The browser's cookie, or a new one. Errors: unavailable (no randomness).
  Result<HeldCookie> browser_or_new(const http::Request& request, Random& random) const;
  /// A new session cookie; a session gets one at every login. Errors: as above.
  Result<HeldCookie> new_session(Random& random) const;

  /// A new state; there is one at every login and logout. Errors: as above.
  Result<HeldCookie> new_state(Random& random) const;

  http::SetCookie set_session(const HeldCookie& cookie) const;
  http::SetCookie set_browser(const HeldCookie& cookie) const;
  http::SetCookie set_state(const HeldCookie& cookie) const;
  http::SetCookie clear_session() const;
  http::SetCookie clear_browser() const;

  /// Whether the answer to this request may set or replace our cookies: not for a POST that another site
  /// made, not inside a frame. Such a request does not carry Lax cookies, so that "none was sent" says
  /// nothing about the browser, and another site could swap a person's session that way.
  bool may_set(const http::Request& request) const;

 private:
  std::optional<HeldCookie> read(const http::Request& request, std::string_view name) const;
  Result<HeldCookie> make(Random& random, std::string_view name) const;
  Digest digest_of(std::string_view name, std::string_view value) const;

  CookiePolicy policy_;
  std::string origin_, path_, session_name_, browser_name_, state_name_;
};

}  // namespace oidcop::session
