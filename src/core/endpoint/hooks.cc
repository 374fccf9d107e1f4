#include <oidcop/hooks.h>

namespace oidcop {
namespace {

template <class Hook>
Result<void> add(std::vector<OwnedHook<Hook>>& list, std::string owner, Hook hook) {
  if (!hook) return fail(Errc::malformed, "the hook of " + owner + " is empty");
  for (const auto& known : list) {
    if (known.owner == owner) return fail(Errc::conflict, owner + " has a hook at this step already");
  }
  list.push_back({std::move(owner), std::move(hook)});
  return {};
}

}  // namespace

Result<void> Hooks::add_client_authentication(std::string endpoint, std::string owner,
                                              ClientAuthenticationHook hook) {
  return add(by_endpoint_[std::move(endpoint)].client_authentication, std::move(owner), std::move(hook));
}

Result<void> Hooks::add_post_parse_request(std::string endpoint, std::string owner,
                                           PostParseRequestHook hook) {
  return add(by_endpoint_[std::move(endpoint)].post_parse_request, std::move(owner), std::move(hook));
}

Result<void> Hooks::add_pre_construct(std::string endpoint, std::string owner, PreConstructHook hook) {
  return add(by_endpoint_[std::move(endpoint)].pre_construct, std::move(owner), std::move(hook));
}

Result<void> Hooks::add_post_construct(std::string endpoint, std::string owner, PostConstructHook hook) {
  return add(by_endpoint_[std::move(endpoint)].post_construct, std::move(owner), std::move(hook));
}

const EndpointHooks& Hooks::of(std::string_view endpoint) const {
  static const EndpointHooks none;
  const auto found = by_endpoint_.find(endpoint);
  return found == by_endpoint_.end() ? none : found->second;
}

}  // namespace oidcop
