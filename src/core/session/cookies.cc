#include "session/cookies.h"

#include "base/base64url.h"
#include "base/system_random.h"
#include "base/url.h"

#include <algorithm>

namespace oidcop::session {
namespace {

constexpr std::size_t kHandleLength = 43;  // random_handle
constexpr std::size_t kIssuerHashLength = 10;

/// Letters and digits only: base64url's '-' and '_' are legal in names but read badly in a browser's list.
std::string issuer_hash(const std::string& issuer) {
  return sha256(join_unambiguously({"cookie name", issuer})).hex().substr(0, kIssuerHashLength);
}

bool has_handle_form(std::string_view value) {
  return value.size() == kHandleLength && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_';
         });
}

/// A browser that tells where the request comes from is believed; one that does not is asked for its Origin.
bool is_from_another_site(const http::Request& request, const std::string& own_origin) {
  if (auto site = request.header("sec-fetch-site")) return *site == "cross-site";
  if (auto origin = request.header("origin")) return *origin != own_origin;
  return false;
}

bool is_framed(const http::Request& request) {
  auto destination = request.header("sec-fetch-dest");
  return destination && (*destination == "iframe" || *destination == "frame" || *destination == "embed" ||
                         *destination == "object" || *destination == "fencedframe");
}

}  // namespace

Cookies::Cookies(CookiePolicy policy) : policy_(std::move(policy)) {
  path_ = "/";
  if (auto url = Url::parse(policy_.issuer)) {
    origin_ = url->origin();
    if (policy_.path_scoped && !url->path().empty()) path_ = url->path();
  }
  auto prefix = (policy_.path_scoped ? "__Secure-" : "__Host-") + policy_.name_prefix;
  auto suffix = "_" + issuer_hash(policy_.issuer);
  session_name_ = prefix + "_session" + suffix;
  browser_name_ = prefix + "_browser" + suffix;
  state_name_ = prefix + "_state" + suffix;
}

std::optional<HeldCookie> Cookies::session(const http::Request& request) const {
  return read(request, session_name_);
}

std::optional<HeldCookie> Cookies::browser(const http::Request& request) const {
  return read(request, browser_name_);
}

std::optional<HeldCookie> Cookies::state(const http::Request& request) const {
  return read(request, state_name_);
}

Result<HeldCookie> Cookies::browser_or_new(const http::Request& request, Random& random) const {
  if (auto held = browser(request)) return *std::move(held);
  return make(random, browser_name_);
}

Result<HeldCookie> Cookies::new_session(Random& random) const {
  return make(random, session_name_);
}

Result<HeldCookie> Cookies::new_state(Random& random) const {
  return make(random, state_name_);
}

http::SetCookie Cookies::set_session(const HeldCookie& cookie) const {
  http::SetCookie set;
  set.name = session_name_;
  set.value = cookie.value.reveal();
  set.path = path_;
  set.same_site = policy_.same_site;
  return set;
}

http::SetCookie Cookies::set_browser(const HeldCookie& cookie) const {
  auto set = set_session(cookie);
  set.name = browser_name_;
  set.max_age = policy_.browser_lifetime;
  return set;
}

http::SetCookie Cookies::set_state(const HeldCookie& cookie) const {
  auto set = set_session(cookie);
  set.name = state_name_;
  set.same_site = http::SameSite::none;
  set.script_access = http::ScriptAccess::allowed;
  return set;
}

http::SetCookie Cookies::clear_session() const {
  return http::removal_of(session_name_, path_);
}

http::SetCookie Cookies::clear_browser() const {
  return http::removal_of(browser_name_, path_);
}

bool Cookies::may_set(const http::Request& request) const {
  if (is_framed(request)) return false;
  return request.method != "POST" || !is_from_another_site(request, origin_);
}

std::optional<HeldCookie> Cookies::read(const http::Request& request, std::string_view name) const {
  auto values = request.cookies(name);
  if (values.size() != 1 || !has_handle_form(values.front())) return std::nullopt;
  return HeldCookie{Secret(std::string(values.front())), digest_of(name, values.front()), false};
}

Result<HeldCookie> Cookies::make(Random& random, std::string_view name) const {
  auto value = random_handle(random);
  if (!value) return fail(std::move(value).error());
  auto digest = digest_of(name, *value);
  return HeldCookie{Secret(*std::move(value)), digest, true};
}

Digest Cookies::digest_of(std::string_view name, std::string_view value) const {
  return sha256(join_unambiguously({name, policy_.issuer, value}));
}

}  // namespace oidcop::session
