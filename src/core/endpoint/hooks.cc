#include <oidcop/hooks.h>

#include "config/nearest.h"
#include "model/client.h"

#include <algorithm>
#include <array>

namespace oidcop {
namespace {

/// What an endpoint has of the steps; a hook anywhere else would never run, and nobody would notice.
struct Steps {
  std::string_view endpoint;
  bool client_authentication = false;
  bool post_parse_request = true;
  bool response = true;
};
constexpr std::array<Steps, 19> kSteps{{{"provider_info"},
                                        {"jwks"},
                                        {"authorization"},
                                        {.endpoint = "login", .response = false},
                                        {.endpoint = "consent", .response = false},
                                        {.endpoint = "token", .client_authentication = true},
                                        {.endpoint = "refresh_token", .client_authentication = true},
                                        {"userinfo"},
                                        {.endpoint = "pushed_authorization", .client_authentication = true},
                                        {.endpoint = "device_authorization", .client_authentication = true},
                                        {.endpoint = "device", .response = false},
                                        {.endpoint = "revocation", .client_authentication = true},
                                        {.endpoint = "introspection", .client_authentication = true},
                                        {"end_session"},
                                        {"registration"},
                                        {"registration_api"},
                                        {"webfinger"},
                                        {.endpoint = "check_session", .response = false},
                                        {.endpoint = "logout", .response = false}}};

Result<void> expect_step(const std::string& endpoint, bool Steps::*step, std::string_view name) {
  std::vector<std::string> candidates;
  for (const auto& steps : kSteps) {
    if (!(steps.*step)) continue;
    if (steps.endpoint == endpoint) return {};
    candidates.emplace_back(steps.endpoint);
  }
  const auto meant = config::nearest(endpoint, candidates);
  return fail(Errc::not_found, "there is no step " + std::string(name) + " at \"" + endpoint + '"' +
                                   (meant.empty() ? "" : " (did you mean \"" + meant + "\"?)"));
}

template <class Owned, class Hook>
Result<void> expect_new(const std::vector<Owned>& list, const std::string& owner, const Hook& hook) {
  if (!hook) return fail(Errc::malformed, "the hook of " + owner + " is empty");
  for (const auto& known : list) {
    if (known.owner == owner) return fail(Errc::conflict, owner + " has a hook at this step already");
  }
  return {};
}

template <class Hook>
Result<void> add(std::vector<OwnedHook<Hook>>& list, std::string owner, Hook hook) {
  if (auto expected = expect_new(list, owner, hook); !expected) return expected;
  list.push_back({std::move(owner), std::move(hook)});
  return {};
}

Result<void> expect_own_method(const std::vector<OwnedClientAuthentication>& list, const std::string& owner,
                               const std::string& method) {
  const bool printable = !method.empty() && std::all_of(method.begin(), method.end(),
                                                        [](char c) { return c > ' ' && c <= '~'; });
  if (!printable) {
    return fail(Errc::malformed, "a method of " + owner + " is not printable ASCII without spaces");
  }
  if (method == model::name_of(model::ClientAuthMethod::extension) ||
      model::client_auth_method_named(method)) {
    return fail(Errc::refused, "the method " + method + " of " + owner + " is built in");
  }
  for (const auto& known : list) {
    if (std::find(known.methods.begin(), known.methods.end(), method) == known.methods.end()) continue;
    return fail(Errc::conflict, "the method " + method + " of " + owner + " is provided by " + known.owner);
  }
  return {};
}

}  // namespace

Result<void> Hooks::add_client_authentication(std::string endpoint, std::string owner,
                                              std::vector<std::string> methods,
                                              ClientAuthenticationHook hook) {
  auto expected = expect_step(endpoint, &Steps::client_authentication, "client_authentication");
  if (!expected) return expected;
  auto& list = by_endpoint_[std::move(endpoint)].client_authentication;
  if (expected = expect_new(list, owner, hook); !expected) return expected;
  if (methods.empty()) return fail(Errc::malformed, "the hook of " + owner + " names no method");
  for (const auto& method : methods) {
    if (expected = expect_own_method(list, owner, method); !expected) return expected;
  }
  list.push_back({std::move(owner), std::move(methods), std::move(hook)});
  return {};
}

Result<void> Hooks::add_post_parse_request(std::string endpoint, std::string owner,
                                           PostParseRequestHook hook) {
  auto expected = expect_step(endpoint, &Steps::post_parse_request, "post_parse_request");
  if (!expected) return expected;
  return add(by_endpoint_[std::move(endpoint)].post_parse_request, std::move(owner), std::move(hook));
}

Result<void> Hooks::add_pre_construct(std::string endpoint, std::string owner, PreConstructHook hook) {
  auto expected = expect_step(endpoint, &Steps::response, "pre_construct");
  if (!expected) return expected;
  return add(by_endpoint_[std::move(endpoint)].pre_construct, std::move(owner), std::move(hook));
}

Result<void> Hooks::add_post_construct(std::string endpoint, std::string owner, PostConstructHook hook) {
  auto expected = expect_step(endpoint, &Steps::response, "post_construct");
  if (!expected) return expected;
  return add(by_endpoint_[std::move(endpoint)].post_construct, std::move(owner), std::move(hook));
}

Result<void> Hooks::add_grant(std::string owner, std::string grant_type, GrantHook hook) {
  if (!hook) return fail(Errc::malformed, "the hook of " + owner + " is empty");
  // RFC 6749, 4.5: an absolute URI; names without a colon are the specifications' own.
  if (grant_type.find(':') == std::string::npos || grant_type.find_first_of(" \t") != std::string::npos)
    return fail(Errc::malformed, "the grant type of " + owner + " is no absolute URI");
  for (const auto& known : grants_) {
    if (known.grant_type != grant_type) continue;
    return fail(Errc::conflict, "the grant type " + grant_type + " is provided by " + known.owner);
  }
  grants_.push_back({std::move(owner), std::move(grant_type), std::move(hook)});
  return {};
}

const EndpointHooks& Hooks::of(std::string_view endpoint) const {
  static const EndpointHooks none;
  const auto found = by_endpoint_.find(endpoint);
  return found == by_endpoint_.end() ? none : found->second;
}

}  // namespace oidcop
