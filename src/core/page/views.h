#pragma once

#include "base/form.h"
#include "base/url.h"

#include <oidcop/protocol_error.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidcop::page {

// One struct of raw values per page. Nothing in here is escaped, translated or cut: Pages::render does all of
// that. Texts are chosen by the page's template and locale; the struct only says which state the page is in.

// Names of the form fields that the pages post; whoever reads the form uses these.
inline constexpr std::string_view kSealField = "seal";  ///< the sealed interaction; also the CSRF proof
inline constexpr std::string_view kUsernameField = "username";
inline constexpr std::string_view kPasswordField = "password";
inline constexpr std::string_view kDecisionField = "decision";  ///< which button: one of the values below
inline constexpr std::string_view kScopeField = "scope";        ///< repeated: optional scopes left ticked
inline constexpr std::string_view kUserCodeField = "user_code";
inline constexpr std::string_view kDecisionLogin = "login";
inline constexpr std::string_view kDecisionCancel = "cancel";
inline constexpr std::string_view kDecisionAllow = "allow";
inline constexpr std::string_view kDecisionDeny = "deny";
inline constexpr std::string_view kDecisionContinue = "continue";
inline constexpr std::string_view kDecisionLogout = "logout";

/// The relying party as a person sees it. Links and logo are shown only when they are https.
struct ClientView {
  std::string name;    ///< client_name, best in the page's language; the client_id when there is none
  std::string host;    ///< where the person will be sent back to: host of the redirect URI; may be empty
  bool vetted = true;  ///< false: registered itself and nobody here has checked it; the page says so
  std::optional<Url> logo, policy, tos;
};

enum class LoginError : std::uint8_t {
  none,
  wrong_credentials,  ///< one text for unknown user, wrong password and locked account alike
  missing_input,      ///< user name or password was empty
  too_many_attempts,  ///< the answer is a 429 with Retry-After
  restarted,          ///< the page was too old to be finished; this is a fresh one for the same request
};

/// Why a person is asked to sign in.
enum class LoginReason : std::uint8_t {
  sign_in,        ///< not signed in
  confirm,        ///< signed in as `account`, but prompt=login or max_age wants it again
  step_up,        ///< signed in as `account`, but acr_values or the claims request want more
  other_account,  ///< signed in as `account`, but the request is for another one
};

struct LoginPage {
  std::string action;  ///< where the form posts: a URL of ours, built from the issuer
  std::string seal;
  ClientView client;
  std::string
      username;  ///< prefilled (login_hint, last attempt); left out when it has odd or too many characters
  LoginError error = LoginError::none;
  std::chrono::seconds retry_after{0};  ///< with too_many_attempts
  LoginReason reason = LoginReason::sign_in;
  std::string account;  ///< the account the reason speaks of
  std::string request_id;
};

/// One thing that would be released: a claim, with its value where showing it helps to decide.
struct ReleasedClaim {
  std::string name;  ///< e.g. "email"; shown through the locale's claim_email, or as it is
  std::optional<std::string> value;
};

/// One line of a consent page: a scope with the claims it stands for, or, when `scope` is empty, claims that
/// were requested one by one.
struct RequestedItem {
  std::string scope;  ///< shown through the locale's scope_<name> and scope_<name>_detail
  std::vector<ReleasedClaim> claims;
  bool optional = false;  ///< the person may untick it; kScopeField carries the name when ticked
};

enum class ConsentMemory : std::uint8_t { asked_again, remembered };

struct ConsentPage {
  std::string action;
  std::string seal;
  ClientView client;
  std::string account;  ///< who is signed in
  std::vector<RequestedItem> items;
  ConsentMemory memory = ConsentMemory::asked_again;
  std::string request_id;
};

/// Whose turn it is when something cannot go on; decides the words for the person.
enum class ErrorCause : std::uint8_t {
  application,  ///< the relying party sent something wrong
  lost,         ///< the sign-in was begun elsewhere, is too old, or cookies are missing: begin again
  busy,         ///< try again later
  ours,         ///< a defect or fault on this side
  not_found,    ///< there is no such page
  not_allowed,  ///< the person may not use the application
  logout,       ///< the relying party sent something wrong to sign out with
};

/// The cause that an OAuth error code stands for; unknown codes are the application's.
ErrorCause cause_of(std::string_view code);

struct ErrorPage {
  int status = 400;
  std::string code;         ///< e.g. "invalid_request"
  std::string parameter;    ///< offending parameter's name, a known one; may be empty
  std::string description;  ///< for the client's developer
  ErrorCause cause = ErrorCause::application;
  std::string client;  ///< name of the relying party, when it is known for sure; may be empty
  std::chrono::seconds retry_after{0};
  std::string request_id;
  std::optional<ClientView> way_back = {};  ///< an unvetted relying party, to which nobody is sent unasked
  std::string way_back_url = {};            ///< with the error in it; a proven redirect URI's
};

/// The page for a refusal that must not be redirected.
ErrorPage error_page(const ProtocolError& error, std::string request_id);

/// Where the answer to a page's form may lead. Browsers apply form-action to every redirect after the post.
enum class FormEnd : std::uint8_t { relying_party, here };

/// A same-site step: a button that posts a sealed request again, so that the browser sends its cookies.
struct ContinuePage {
  std::string action;
  std::string seal;
  ClientView client;
  FormEnd end = FormEnd::relying_party;
  std::string request_id;
};

/// The way back for response mode form_post: a form with the response's members that posts itself to the
/// relying party, or by its button where there is no JavaScript (OAuth 2.0 Form Post Response Mode 1.0, 2).
struct FormPostPage {
  Url action;         ///< the proven redirect URI
  FormFields fields;  ///< raw; sent exactly as they are
  ClientView client;
  std::string request_id;
};

/// Signed in, with nowhere to go.
struct LoggedInPage {
  std::string account;
  std::string request_id;
};

/// Asks a person whether they want to sign out (OpenID Connect RP-Initiated Logout 1.0, 2).
struct LogoutPage {
  std::string action;
  std::string seal;
  std::optional<ClientView> client;  ///< who sent them; nothing when the request names nobody
  std::string account;
  std::string request_id;
};

enum class DeviceCodeError : std::uint8_t {
  none,
  unknown,            ///< one text for unknown, expired and already answered codes alike
  too_many_attempts,  ///< the answer is a 429 with Retry-After
  restarted,          ///< the page was too old or of another browser; this is a fresh one
};

/// Asks which device a person means (RFC 8628, 3.3).
struct DeviceCodePage {
  std::string action;
  std::string seal;
  std::string user_code;  ///< prefilled, as it is shown; may be empty
  DeviceCodeError error = DeviceCodeError::none;
  std::chrono::seconds retry_after{0};  ///< with too_many_attempts
  std::string request_id;
};

/// Asks whether the device may have what it wants (RFC 8628, 3.3 and 5.4). The answer is never remembered.
struct DeviceConfirmPage {
  std::string action;
  std::string seal;
  ClientView client;
  std::string account;    ///< who is signed in
  std::string user_code;  ///< to be compared with what the device shows
  std::vector<RequestedItem> items;
  std::string request_id;
};

enum class DeviceEnd : std::uint8_t { allowed, denied };

/// What a person said is done; the device goes on by itself.
struct DeviceDonePage {
  DeviceEnd end = DeviceEnd::allowed;
  std::string client;  ///< its name
  std::string request_id;
};

/// Signed out. Tells relying parties in frames (OpenID Connect Front-Channel Logout 1.0, 3), and then goes on
/// to where the person came from, if that is known.
struct LoggedOutPage {
  std::string request_id;
  std::vector<Url> frames = {};
  std::string next = {};  ///< where to go on; empty: nowhere
};

/// Not for people: the document in a relying party's frame that watches the state of the session (OpenID
/// Connect Session Management 1.0, 3.2).
struct CheckSessionPage {
  std::string cookie;  ///< name of the state cookie
};

}  // namespace oidcop::page
