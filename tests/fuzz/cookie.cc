// Cookies: a browser understands what we set, and a request says no more than was sent.

#include "http/cookie.h"

#include "fuzz/input.h"
#include "fuzz/property.h"
#include "http/header_syntax.h"
#include "session/cookies.h"

#include <oidcop/http.h>

#include <charconv>
#include <vector>

namespace oidcop::fuzz {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> pieces(std::string_view text) {
  std::vector<std::string_view> found;
  for (auto end = text.find(';'); end != std::string_view::npos; end = text.find(';')) {
    found.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  found.push_back(trimmed(text));
  return found;
}

http::Request request_with(std::string header) {
  http::Request request;
  request.headers.push_back({"cookie", std::move(header)});
  return request;
}

void check_header(std::string_view name, std::string_view header) {
  if (name.find_first_of("=;") != std::string_view::npos || name != trimmed(name)) return;  // never asked for
  const auto prefix = std::string(name) + "=";
  std::vector<std::string_view> expected;
  for (const auto piece : pieces(header)) {
    if (piece.starts_with(prefix)) expected.push_back(piece.substr(prefix.size()));
  }
  const auto request = request_with(std::string(header));
  require(request.cookies(name) == expected, "each cookie of the name is found, whole, in its order");
  const auto more = request_with("a=1; " + std::string(header) + "; z=" + std::string(name));
  if (name != "a" && name != "z") require(more.cookies(name) == expected, "other cookies change nothing");
}

/// The one parser of our own cookies; `header` is sent behind the session cookie's name.
void check_session(std::string_view header) {
  const session::Cookies cookies({.issuer = "https://op.example"});
  const auto request = request_with(cookies.session_name() + "=" + std::string(header));
  const auto held = cookies.session(request);
  if (!held) return;
  require(request.cookies(cookies.session_name()) == std::vector{held->value.reveal()}, "one cookie is one");
  require(held->value.size() == 43 && !held->is_new, "a session cookie has the form that we make");
  require(!cookies.browser(request), "one cookie is not taken for the other");
  const auto twice = request_with(request.headers[0].value + "; " + cookies.session_name() + "=x");
  require(!cookies.session(twice), "a cookie that came twice is none");
}

/// What a browser does with it (RFC 6265, 5.2).
void check_set_cookie(const http::SetCookie& cookie) {
  const auto text = http::format_set_cookie(cookie);
  if (!text) return;
  require(http::is_header_value(*text) && text->size() <= 4096, "the header is one header");
  std::vector<std::string> expected = {cookie.name + "=" + cookie.value, "Path=" + cookie.path};
  if (cookie.max_age) expected.push_back("Max-Age=" + std::to_string(cookie.max_age->count()));
  expected.emplace_back("Secure");
  if (cookie.script_access == http::ScriptAccess::denied) expected.emplace_back("HttpOnly");
  constexpr std::string_view kSameSite[] = {"Strict", "Lax", "None"};
  expected.push_back("SameSite=" + std::string(kSameSite[static_cast<std::size_t>(cookie.same_site)]));
  const auto found = pieces(*text);
  require(std::vector<std::string>(found.begin(), found.end()) == expected, "a browser reads what was meant");
  const auto request = request_with(expected.front());
  require(request.cookies(cookie.name) == std::vector<std::string_view>{cookie.value},
          "it comes back as it went");
  const bool host_only = http::equals_ignoring_case(cookie.name.substr(0, 7), "__Host-");
  require(!host_only || cookie.path == "/", "__Host- cookies are those of the whole host");
}

void check_setting(Input& input) {
  http::SetCookie cookie;
  cookie.same_site = static_cast<http::SameSite>(input.choice(3));
  cookie.script_access = static_cast<http::ScriptAccess>(input.choice(2));
  cookie.name = input.line();
  cookie.value = input.line();
  cookie.path = input.line();
  const auto age = input.rest();
  std::int64_t seconds = 0;
  if (std::from_chars(age.data(), age.data() + age.size(), seconds).ec == std::errc()) {
    cookie.max_age = Seconds(seconds);
  }
  check_set_cookie(cookie);
  check_set_cookie(http::removal_of(cookie.name, cookie.path));
}

}  // namespace
}  // namespace oidcop::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oidcop::fuzz;  // NOLINT: a function without a namespace of its own
  Input input(data, size);
  switch (input.choice(3)) {
    case 0: {
      const auto name = input.line();
      check_header(name, input.rest());
      break;
    }
    case 1:
      check_session(input.rest());
      break;
    default:
      check_setting(input);
  }
  return 0;
}
