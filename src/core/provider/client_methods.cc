#include "provider/client_methods.h"

#include "config/nearest.h"
#include "provider/policies.h"

#include <algorithm>

namespace oidcop::provider {
namespace {

constexpr const char* kClientEndpoints[] = {"token",         "refresh_token",        "revocation",
                                            "introspection", "pushed_authorization", "device_authorization"};

/// Names of the hooks' methods that the endpoint accepts; none when it is off.
std::vector<std::string> wanted_at(const config::Config& config, const char* endpoint) {
  const auto found = config.endpoint.find(endpoint);
  if (found == config.endpoint.end()) return {};
  return allowed_methods(found->second.client_authn_method).extensions;
}

std::vector<std::string> provided_at(const Hooks& hooks, const char* endpoint) {
  std::vector<std::string> names;
  for (const auto& owned : hooks.of(endpoint).client_authentication) {
    names.insert(names.end(), owned.methods.begin(), owned.methods.end());
  }
  return names;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "\"" : ", \"") + name + '"';
  return text;
}

std::string complaint(const char* endpoint, const std::string& name,
                      const std::vector<std::string>& provided) {
  std::string text = "endpoint." + std::string(endpoint) + ".client_authn_method: names \"" + name +
                     "\", which no hook of this program provides there";
  if (provided.empty()) return text + "; it has none for client authentication";
  auto known = provided;
  for (auto& built_in : config::default_endpoint("token").client_authn_method) {
    known.push_back(std::move(built_in));
  }
  const auto meant = config::nearest(name, known);
  if (!meant.empty()) return text + " (did you mean \"" + meant + "\"?)";
  return text + "; its hooks provide " + joined(provided);
}

}  // namespace

Result<void> check_client_methods(const config::Config& config, const Hooks& hooks) {
  std::string complaints;
  for (const auto* endpoint : kClientEndpoints) {
    const auto provided = provided_at(hooks, endpoint);
    for (const auto& name : wanted_at(config, endpoint)) {
      if (contains(provided, name)) continue;
      complaints += (complaints.empty() ? "" : "\n") + complaint(endpoint, name, provided);
    }
  }
  if (!complaints.empty()) return fail(Errc::refused, std::move(complaints));
  return {};
}

std::vector<IdleHook> idle_client_hooks(const config::Config& config, const Hooks& hooks) {
  std::vector<IdleHook> idle;
  for (const auto* endpoint : kClientEndpoints) {
    if (config.endpoint.count(endpoint) == 0) continue;
    const auto wanted = wanted_at(config, endpoint);
    for (const auto& owned : hooks.of(endpoint).client_authentication) {
      const auto is_wanted = [&](const std::string& method) { return contains(wanted, method); };
      if (std::any_of(owned.methods.begin(), owned.methods.end(), is_wanted)) continue;
      idle.push_back({endpoint, owned.owner,
                      "endpoint." + std::string(endpoint) + ".client_authn_method lists none of " +
                          joined(owned.methods)});
    }
  }
  return idle;
}

}  // namespace oidcop::provider
