#include "endpoint/own_form.h"

#include "base/form.h"
#include "base/json.h"
#include "endpoint/resource_indicators.h"
#include "http/cookie.h"

#include <nlohmann/json.hpp>

namespace oidcop::endpoint {
namespace {

constexpr std::size_t kLongestUrl = 8000;  // what every server and browser takes

}  // namespace

bool comes_from_here(const http::Request& request, const session::Cookies& cookies) {
  const auto site = request.header("sec-fetch-site");
  return (!site || *site == "same-origin" || *site == "none") && cookies.may_set(request);
}

Result<Digest, ProtocolError> browser_to_seal_for(const session::Cookies& cookies, Random& random,
                                                  RequestScope& scope) {
  auto browser = cookies.browser_or_new(scope.http, random);
  if (!browser) return fail(from_error(browser.error()));
  if (browser->is_new && cookies.may_set(scope.http)) {
    auto cookie = http::format_set_cookie(cookies.set_browser(*browser));
    if (!cookie) return fail(from_error(cookie.error()));
    scope.cookies.push_back(std::move(*cookie));
  }
  return browser->digest;
}

std::string as_get(const std::string& url, const Message& request) {
  FormFields fields;
  for (const auto& name : request.names()) {
    const Json& value = *request.find(name);
    if (name == kResourceParameter && value.is_array()) {  // was repeated, and is again
      for (const auto& item : value) {
        if (item.is_string()) fields.emplace_back(name, item.get_ref<const std::string&>());
      }
      continue;
    }
    fields.emplace_back(name, value.is_string() ? value.get_ref<const std::string&>() : dump_json(value));
  }
  const std::string target = url + '?' + encode_form(fields);
  return target.size() <= kLongestUrl ? target : std::string();
}

}  // namespace oidcop::endpoint
